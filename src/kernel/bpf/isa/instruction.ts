/**
 * One eBPF instruction: eight bytes. `code` says the class and what to do, `dst` and `src` are
 * registers, `off` a signed 16-bit offset, `imm` a signed 32-bit immediate, all little-endian. A
 * 64-bit immediate load takes two slots; the second holds only the upper half in its `imm`.
 *
 * Source: RFC 9669, section 3.
 */
import { BPF_DW, BPF_IMM, BPF_INSN_SIZE_BYTES, BPF_LD } from "../../abi/bpf.ts";

export interface Instruction {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}

export const LDDW: number = BPF_LD | BPF_IMM | BPF_DW;

/** Is it the first slot of two? */
export const isWide = (insn: Instruction): boolean => insn.code === LDDW;

export const classOf = (code: number): number => code & 0x07;

/** The slots of a program, two for each wide load. */
export function readInstructions(bytes: Uint8Array): Instruction[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / BPF_INSN_SIZE_BYTES);
  return Array.from({ length: count }, (_, i) => {
    const at = i * BPF_INSN_SIZE_BYTES;
    const registers = view.getUint8(at + 1);
    return {
      code: view.getUint8(at),
      dst: registers & 0x0f,
      src: registers >> 4,
      off: view.getInt16(at + 2, true),
      imm: view.getInt32(at + 4, true),
    };
  });
}

export function writeInstructions(insns: readonly Instruction[]): Uint8Array {
  const bytes = new Uint8Array(insns.length * BPF_INSN_SIZE_BYTES);
  const view = new DataView(bytes.buffer);
  insns.forEach(({ code, dst, src, off, imm }, i) => {
    const at = i * BPF_INSN_SIZE_BYTES;
    view.setUint8(at, code);
    view.setUint8(at + 1, dst | (src << 4));
    view.setInt16(at + 2, off, true);
    view.setInt32(at + 4, imm, true);
  });
  return bytes;
}
