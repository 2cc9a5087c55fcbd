/**
 * The structs and enums that a bytecode source describes, as the object's own BTF:
 *
 *     struct task_struct { pid: int; comm: char[16]; real_parent: task_struct * }
 *     enum pid_type { PIDTYPE_PID, PIDTYPE_TGID = 1 }
 *
 * A description may go over several lines. Members lie one behind the other as in C; where they
 * really are, the kernel's own types say at loading.
 */
import { BtfBuilder } from "#kernel";
import { CORE_RELO } from "./btf-ext.ts";

interface SourceLine {
  readonly number: number;
  readonly text: string;
}

interface Member {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly offset: number;
}

/** What a name leads to: its type and access string for a relocation, its value here. */
export interface Found {
  readonly type: number;
  readonly access: string;
  readonly value: number;
}

/** Name, bytes, is it signed? */
const INTEGERS: Readonly<Record<string, readonly [string, number, boolean]>> = {
  char: ["char", 1, false],
  u8: ["unsigned char", 1, false],
  u16: ["unsigned short", 2, false],
  int: ["int", 4, true],
  unsigned_int: ["unsigned int", 4, false],
  u32: ["unsigned int", 4, false],
  bool: ["_Bool", 1, false],
  long: ["long int", 8, true],
  unsigned_long: ["long unsigned int", 8, false],
  u64: ["long long unsigned int", 8, false],
};

const POINTER_SIZE_BYTES = 8;
const roundUp = (n: number, to: number): number => Math.ceil(n / to) * to;

export class LocalTypes {
  readonly #builder = new BtfBuilder();
  readonly #structs = new Map<
    string,
    { readonly id: number; members: readonly Member[]; size: number }
  >();
  readonly #enums = new Map<string, { readonly id: number; readonly names: readonly string[] }>();
  readonly #bodies: { name: string; body: string; line: number }[] = [];

  /** Takes the descriptions out of a source; answers the other lines. */
  take(
    lines: readonly SourceLine[],
    complain: (line: number, message: string) => void,
  ): readonly SourceLine[] {
    const others: SourceLine[] = [];
    for (let at = 0; at < lines.length; at++) {
      const first = lines[at] as SourceLine;
      if (!/^(struct|enum) /.test(first.text)) {
        others.push(first);
        continue;
      }
      const parts = [first.text];
      while (!parts.at(-1)?.includes("}") && at + 1 < lines.length)
        parts.push(lines[++at]?.text ?? "");
      // A line of its own ends a member as `;` does.
      const text = parts.join(";").replace("{;", "{").replace(";}", "}");
      const [, kind, name = "", body = ""] = /^(struct|enum) (\w+) \{(.*)\}$/.exec(text) ?? [];
      if (kind === "enum") this.#enum(name, body);
      else if (kind === "struct") this.#bodies.push({ name, body, line: first.number });
      else complain(first.number, `no description of a type: ${first.text}`);
    }
    for (const { name } of this.#bodies)
      this.#structs.set(name, { id: this.#builder.reserve(name, 0), members: [], size: 0 });
    for (const each of this.#bodies) this.#struct(each, complain);
    return others;
  }

  string(text: string): number {
    return this.#builder.strings.add(text);
  }

  bytes(): Uint8Array {
    return this.#builder.bytes();
  }

  /** `task_struct.pid`, `task_struct`, or `pid_type.PIDTYPE_PID`, as the kind of relocation has it. */
  find(what: string, kind: number): Found | undefined {
    const [type = "", ...path] = what.split(".");
    if (kind === CORE_RELO.enumvalValue || kind === CORE_RELO.enumvalExists) {
      const found = this.#enums.get(type);
      const index = found?.names.indexOf(path[0] ?? "") ?? -1;
      return found === undefined || index < 0
        ? undefined
        : { type: found.id, access: String(index), value: index };
    }
    const struct = this.#structs.get(type);
    if (struct === undefined) return undefined;
    if (path.length === 0) return { type: struct.id, access: "0", value: struct.size };
    const [name] = path;
    const index = struct.members.findIndex((member) => member.name === name);
    const member = struct.members[index];
    if (member === undefined || path.length > 1) return undefined;
    const value =
      kind === CORE_RELO.fieldByteOffset
        ? member.offset
        : kind === CORE_RELO.fieldByteSize
          ? member.size
          : 1;
    return { type: struct.id, access: `0:${index}`, value };
  }

  #enum(name: string, body: string): void {
    let next = 0;
    const values = body
      .split(/[,;]/)
      .map((each) => each.trim())
      .filter((each) => each !== "")
      .map((each) => {
        const [label = "", value] = each.split("=").map((part) => part.trim());
        next = value === undefined ? next : Number(value);
        return { name: label, value: next++ };
      });
    const id = this.#builder.add({ kind: "enum", name, size: 4, values });
    this.#enums.set(name, { id, names: values.map((value) => value.name) });
  }

  #struct(
    { name, body, line }: { name: string; body: string; line: number },
    complain: (line: number, message: string) => void,
  ): void {
    const struct = this.#structs.get(name);
    if (struct === undefined) return;
    const members: Member[] = [];
    let end = 0;
    for (const each of body.split(";").map((part) => part.trim())) {
      if (each === "") continue;
      const [, member = "", spelled = ""] = /^(\w+): (.+)$/.exec(each) ?? [];
      const type = this.#type(spelled);
      if (type === undefined) {
        complain(line, `no member: ${each}`);
        continue;
      }
      const offset = roundUp(end, type.align);
      members.push({ name: member, type: type.id, size: type.size, offset });
      end = offset + type.size;
    }
    struct.members = members;
    struct.size = end;
    this.#builder.complete(
      struct.id,
      members.map((member) => ({
        name: member.name,
        type: member.type,
        bitOffset: 8 * member.offset,
      })),
      end,
    );
  }

  #type(spelled: string): { id: number; size: number; align: number } | undefined {
    const [, array, length] = /^(.+)\[(\d+)\]$/.exec(spelled) ?? [];
    if (array !== undefined) {
      const each = this.#type(array);
      if (each === undefined) return undefined;
      const id = this.#builder.array(each.id, Number(length));
      return { id, size: each.size * Number(length), align: each.align };
    }
    if (spelled.endsWith("*")) {
      const target = this.#structs.get(spelled.slice(0, -1).trim())?.id ?? 0;
      return { id: this.#builder.ptr(target), size: POINTER_SIZE_BYTES, align: POINTER_SIZE_BYTES };
    }
    const [name, size, isSigned] = INTEGERS[spelled] ?? [];
    if (name === undefined || size === undefined) return undefined;
    return { id: this.#builder.int(name, size, isSigned === true ? 1 : 0), size, align: size };
  }
}
