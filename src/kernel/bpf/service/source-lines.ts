/**
 * Line information of a program: which source line an instruction came from. The records are those of
 * .BTF.ext, their text is in the program's own BTF.
 *
 * Source: struct bpf_line_info of include/uapi/linux/bpf.h; check_btf_line of kernel/bpf/verifier.c.
 */
import { stringAt, stringsOf } from "../btf/read.ts";
import type { SourceLine } from "../verifier/log.ts";

const RECORD_SIZE_BYTES = 16;

/** Lines by the slot where they begin. */
export function readSourceLines(
  records: Uint8Array,
  recordSize: number,
  btf: Uint8Array,
): ReadonlyMap<number, SourceLine> {
  const lines = new Map<number, SourceLine>();
  if (recordSize < RECORD_SIZE_BYTES) return lines;
  const strings = stringsOf(btf);
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  for (let at = 0; at + recordSize <= records.length; at += recordSize) {
    lines.set(view.getUint32(at, true), {
      file: stringAt(strings, view.getUint32(at + 4, true)),
      text: stringAt(strings, view.getUint32(at + 8, true)).trim(),
      line: view.getUint32(at + 12, true) >>> 10,
    });
  }
  return lines;
}
