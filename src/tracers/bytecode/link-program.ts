/**
 * A program of an object fitted to a kernel's types: relocated, and with the number of what it hangs
 * on where that is typed. What the loader does before it makes a call, and a prediction without one.
 */
import { Btf, type Instruction, readBtf, readInstructions, stringAt, stringsOf } from "#kernel";
import { type AttachPoint, attachPoint } from "./attach-points.ts";
import { type LineRecord, readBtfExt } from "./btf-ext.ts";
import { relocate } from "./core-relocate.ts";
import type { BpfObject, ObjectProgram } from "./object.ts";

export interface LinkedProgram {
  readonly point: AttachPoint;
  /** Type number of what it hangs on, 0 where that has no type. */
  readonly attachId: number;
  readonly insns: readonly Instruction[];
  readonly lines: readonly LineRecord[];
  /** Relocations that came to nothing. */
  readonly failures: readonly string[];
}

/** The program, or what is missing. */
export function linkProgram(
  object: BpfObject,
  program: ObjectProgram,
  kernel: Btf,
): LinkedProgram | string {
  const { section } = program;
  const point = attachPoint(section);
  if (point === undefined) return `no section ${section}`;
  const type = `btf_trace_${point.target}`;
  const attachId = point.kind === "typed" ? kernel.find("typedef", type) : 0;
  if (point.kind === "typed" && attachId === 0)
    return `failed to find kernel BTF type ID of '${type}'`;
  const strings = stringsOf(object.btf);
  const local = readBtf(object.btf);
  if (!(local instanceof Btf)) return local;
  const ext = readBtfExt(object.btfExt).find((each) => stringAt(strings, each.name) === section);
  const { insns, failures } = relocate(
    readInstructions(program.code),
    ext?.relocations ?? [],
    local,
    kernel,
    (offset) => stringAt(strings, offset),
  );
  return { point, attachId, insns, lines: ext?.lines ?? [], failures };
}
