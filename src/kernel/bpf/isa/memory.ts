/**
 * Loads, stores and atomic operations.
 *
 * Source: RFC 9669, section 5.
 */
import { BPF_B, BPF_DW, BPF_FETCH, BPF_H, BPF_W } from "../../abi/bpf.ts";

export interface SizeRow {
  readonly code: number;
  readonly bytes: 1 | 2 | 4 | 8;
  /** As assembly writes it: `*(u32 *)(r1 + 4)`. */
  readonly type: string;
  /** The halves of what a load answers, and of one that extends the sign: lines of the executor. */
  readonly load: string;
  readonly loadSigned: string | undefined;
  readonly store: string;
}

const signed = (value: string): string => `const low = ${value}; x[d] = low; x[d + 1] = low >> 31;`;

export const SIZE_ROWS: readonly SizeRow[] = [
  {
    code: BPF_B,
    bytes: 1,
    type: "u8",
    load: "x[d] = memory.u8(at); x[d + 1] = 0;",
    loadSigned: signed("(memory.u8(at) << 24) >> 24"),
    store: "memory.store8(at, x[s] & 0xff);",
  },
  {
    code: BPF_H,
    bytes: 2,
    type: "u16",
    load: "x[d] = memory.u16(at); x[d + 1] = 0;",
    loadSigned: signed("(memory.u16(at) << 16) >> 16"),
    store: "memory.store16(at, x[s] & 0xffff);",
  },
  {
    code: BPF_W,
    bytes: 4,
    type: "u32",
    load: "x[d] = memory.i32(at); x[d + 1] = 0;",
    loadSigned: signed("memory.i32(at)"),
    store: "memory.store32(at, x[s]);",
  },
  {
    code: BPF_DW,
    bytes: 8,
    type: "u64",
    load: "const low = memory.i32(at); x[d + 1] = memory.i32(at + 4); x[d] = low;",
    loadSigned: undefined,
    store: "memory.store32(at, x[s]); memory.store32(at + 4, x[s + 1]);",
  },
];

export interface AtomicRow {
  readonly name: string;
  /** The immediate. */
  readonly imm: number;
  /** The arithmetic row that computes what is written, from the old value and the operand. */
  readonly operation: "add" | "or" | "and" | "xor" | "mov";
  /** Between the memory operand and the register, where nothing is fetched. */
  readonly symbol?: string;
  /** The function's name, where the old value is. */
  readonly call?: string;
}

const pair = (operation: AtomicRow["operation"], imm: number, symbol: string): AtomicRow[] => [
  { name: operation, imm, operation, symbol },
  {
    name: `fetch_${operation}`,
    imm: imm | BPF_FETCH,
    operation,
    call: `atomic_fetch_${operation}`,
  },
];

export const CMPXCHG: number = 0xf0 | BPF_FETCH;

export const ATOMIC_ROWS: readonly AtomicRow[] = [
  ...pair("add", 0x00, "+="),
  ...pair("or", 0x40, "|="),
  ...pair("and", 0x50, "&="),
  ...pair("xor", 0xa0, "^="),
  { name: "xchg", imm: 0xe0 | BPF_FETCH, operation: "mov", call: "xchg" },
  // Compares with r0 and writes if equal; the old value goes to r0.
  { name: "cmpxchg", imm: CMPXCHG, operation: "mov", call: "cmpxchg" },
];
