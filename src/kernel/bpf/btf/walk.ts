/**
 * What lies at an offset of a struct: where a load through a typed pointer leads.
 *
 * Source: kernel/bpf/btf.c (btf_struct_walk), 6.16. Left out: flexible arrays, unions' other members.
 */
import type { Btf } from "./btf.ts";

export type Walked =
  | { readonly kind: "scalar" }
  /** A pointer to that struct. */
  | { readonly kind: "pointer"; readonly type: number }
  | { readonly kind: "problem"; readonly text: string };

const problem = (text: string): Walked => ({ kind: "problem", text });

/** A load of `size` bytes at `offset` of the struct `id`. */
export function walkStruct(btf: Btf, id: number, offset: number, size: number): Walked {
  const struct = btf.composite(id);
  if (struct === undefined) return problem(`Type '${btf.type(id).name}' is not a struct`);
  if (offset < 0 || offset + size > struct.size)
    return problem(`access beyond struct ${struct.name} at off ${offset} size ${size}`);
  for (const { name, type, bitOffset } of struct.members) {
    const start = bitOffset >> 3;
    const end = start + btf.sizeOf(type);
    if (offset >= end) continue;
    if (offset < start) break;
    if (offset + size > end)
      return problem(
        `access beyond the end of member ${name} (mend:${end}) in struct ${struct.name} with off ${offset} size ${size}`,
      );
    return walkMember(btf, type, offset - start, size, name);
  }
  return problem(`struct ${struct.name} doesn't have field at offset ${offset}`);
}

function walkMember(btf: Btf, id: number, offset: number, size: number, name: string): Walked {
  const type = btf.stripped(id);
  switch (type.kind) {
    case "array": {
      const each = btf.sizeOf(type.element);
      return each === 0
        ? problem(`cannot access member ${name}`)
        : walkMember(btf, type.element, offset % each, size, name);
    }
    case "struct":
    case "union":
      return walkStruct(btf, btf.strip(id), offset, size);
    case "ptr": {
      const target = btf.strip(type.type);
      if (btf.composite(target) === undefined || size !== 8) return { kind: "scalar" };
      return { kind: "pointer", type: target };
    }
    default:
      return { kind: "scalar" };
  }
}
