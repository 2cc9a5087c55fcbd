/**
 * Instructions as text, in LLVM's assembly for BPF: `r1 += r2`, `w0 = *(u32 *)(r1 + 4)`,
 * `if r1 s> 5 goto +3`.
 *
 * Source: LLVM 19's BPFInstPrinter. Left out: labels; a jump says how far.
 */
import { BPF_PSEUDO_MAP_FD } from "../../abi/bpf.ts";
import type { Instruction } from "./instruction.ts";
import { CMPXCHG } from "./memory.ts";
import { decode, type Operation } from "./table.ts";

/** How many slots from here on, as assembly has it. */
const signed = (n: number): string => (n < 0 ? `${n}` : `+${n}`);

const place = (type: string, register: number, off: number): string =>
  `*(${type} *)${address(register, off)}`;

const address = (register: number, off: number): string =>
  `(r${register} ${off < 0 ? "-" : "+"} ${Math.abs(off)})`;

type OperationOf<K extends Operation["kind"]> = Extract<Operation, { readonly kind: K }>;

function arithmetic(insn: Instruction, { row, is64, from }: OperationOf<"arithmetic">): string {
  const letter = is64 ? "r" : "w";
  const dst = `${letter}${insn.dst}`;
  if (row.unary === true) return `${dst} = ${row.symbol}${dst}`;
  const operand = from === "imm" ? String(insn.imm) : `${letter}${insn.src}`;
  // The cast of a sign-extending move stands before its operand without a blank.
  return `${dst} ${row.symbol}${row.symbol.endsWith(")") ? "" : " "}${operand}`;
}

function atomic(insn: Instruction, { row, size }: OperationOf<"atomic">): string {
  const { dst, src, off } = insn;
  const letter = size.bytes === 8 ? "r" : "w";
  if (row.symbol !== undefined)
    return `lock ${place(size.type, dst, off)} ${row.symbol} ${letter}${src}`;
  const value = `${letter}${src}`;
  const inside = address(dst, off).slice(1, -1);
  const suffix = size.bytes === 8 ? "_64" : "32_32";
  if (row.imm === CMPXCHG) return `${letter}0 = cmpxchg${suffix}(${inside}, ${letter}0, ${value})`;
  if (row.name === "xchg") return `${value} = xchg${suffix}(${inside}, ${value})`;
  return `${value} = ${row.call}((${size.type} *)${address(dst, off)}, ${value})`;
}

function wide(insn: Instruction, next: Instruction | undefined): string {
  if (insn.src === BPF_PSEUDO_MAP_FD) return `r${insn.dst} = map[fd:${insn.imm}] ll`;
  const value = (BigInt(next?.imm ?? 0) << 32n) | BigInt(insn.imm >>> 0);
  return `r${insn.dst} = ${value} ll`;
}

/** One instruction; `next` is the slot behind it, which a wide load needs. */
export function printInstruction(insn: Instruction, next?: Instruction): string {
  const operation = decode(insn);
  if (typeof operation === "string") return `<${operation}>`;
  const { dst, src, off, imm } = insn;
  switch (operation.kind) {
    case "arithmetic":
      return arithmetic(insn, operation);
    case "swap":
      return `r${dst} = ${operation.row.name}${operation.bits} r${dst}`;
    case "wide":
      return wide(insn, next);
    case "load": {
      const { type } = operation.size;
      return `r${dst} = ${place(operation.signed ? type.replace("u", "s") : type, src, off)}`;
    }
    case "store":
      return `${place(operation.size.type, dst, off)} = ${operation.from === "imm" ? imm : `r${src}`}`;
    case "atomic":
      return atomic(insn, operation);
    case "jump": {
      const letter = operation.is64 ? "r" : "w";
      const operand = operation.from === "imm" ? String(imm) : `${letter}${src}`;
      return `if ${letter}${dst} ${operation.row.symbol} ${operand} goto ${signed(off)}`;
    }
    case "goto":
      return operation.isLong ? `gotol ${signed(imm)}` : `goto ${signed(off)}`;
    case "call":
      return `call ${imm}`;
    case "exit":
      return "exit";
  }
}
