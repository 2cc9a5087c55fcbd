/**
 * Byte swap rows: to little-endian (which here only cuts), to big-endian, and always. The immediate
 * is the width in bits.
 *
 * Source: RFC 9669, section 4.2.
 */
import { BPF_ALU, BPF_ALU64, BPF_K, BPF_X } from "../../abi/bpf.ts";

export interface ByteSwapRow {
  /** As assembly writes it, the width following: `r1 = be16 r1`. */
  readonly name: string;
  /** The whole opcode. */
  readonly code: number;
  /** What it does, for each width: a line of the executor. */
  readonly run: Readonly<Record<16 | 32 | 64, string>>;
}

const END = 0xd0;

const SWAP: ByteSwapRow["run"] = {
  16: "x[d] = swapWord(x[d]) >>> 16; x[d + 1] = 0;",
  32: "x[d] = swapWord(x[d]); x[d + 1] = 0;",
  64: "const low = swapWord(x[d + 1]); x[d + 1] = swapWord(x[d]); x[d] = low;",
};

const CUT: ByteSwapRow["run"] = {
  16: "x[d] &= 0xffff; x[d + 1] = 0;",
  32: "x[d + 1] = 0;",
  64: "",
};

export const BYTE_SWAP_ROWS: readonly ByteSwapRow[] = [
  { name: "le", code: BPF_ALU | BPF_K | END, run: CUT },
  { name: "be", code: BPF_ALU | BPF_X | END, run: SWAP },
  { name: "bswap", code: BPF_ALU64 | BPF_K | END, run: SWAP },
];
