/**
 * Arithmetic on values: on numbers by `scalar.ts`, and the little that pointers allow.
 *
 * Source: kernel/bpf/verifier.c (check_alu_op, adjust_ptr_min_max_vals), 6.16. Left out: alignment of
 * variable offsets.
 */
import type { Instruction } from "../isa/instruction.ts";
import type { Operation } from "../isa/table.ts";
import { Refusal } from "./refusal.ts";
import { constant, isConstant, ofSize, operate, type Scalar, UNKNOWN } from "./scalar.ts";
import { isPointer, number, type State, type Value } from "./state.ts";

type Arithmetic = Extract<Operation, { readonly kind: "arithmetic" }>;

/** Linux: BPF_MAX_VAR_OFF. */
const OFFSET_MAX = 1n << 29n;

export function checkArithmetic(
  state: State,
  slot: number,
  insn: Instruction,
  op: Arithmetic,
): void {
  const { dst, src, imm } = insn;
  const { row, is64, from } = op;
  if (dst === 10) throw new Refusal("EACCES", slot, "frame pointer is read only");
  const operand: Value =
    from === "imm" ? number(constant(BigInt(imm))) : readable(state, slot, src);
  const isMove = row.symbol.startsWith("=");
  if (isMove && !isPointer(operand)) {
    state.set(dst, number(result(op, UNKNOWN, operand)));
    return;
  }
  if (isMove) {
    // A plain 64-bit move copies a pointer; any other makes a number of it.
    const isCopy = is64 && row.off === 0;
    if (row.off !== 0) throw new Refusal("EACCES", slot, `R${src} sign-extension part of pointer`);
    if (!isCopy) throw new Refusal("EACCES", slot, `R${src} partial copy of pointer`);
    state.set(dst, operand);
    return;
  }
  const left = readable(state, slot, dst);
  if (!isPointer(left) && !isPointer(operand)) {
    state.set(dst, number(result(op, scalarOf(left), operand)));
    return;
  }
  state.set(dst, pointerArithmetic(slot, insn, op, left, operand));
}

/** The number in a value; a pointer used as one may be any. */
export const scalarOf = (value: Value): Scalar =>
  value.kind === "scalar" ? value.number : UNKNOWN;

const result = ({ row, is64 }: Arithmetic, a: Scalar, b: Value): Scalar =>
  operate(row.name, is64, a, scalarOf(b));

/** What is in a register that has been written. */
export function readable(state: State, slot: number, register: number): Value {
  const value = state.get(register);
  if (value.kind === "none") throw new Refusal("EACCES", slot, `R${register} !read_ok`);
  return value;
}

function pointerArithmetic(
  slot: number,
  { dst, src }: Instruction,
  { row, is64 }: Arithmetic,
  left: Value,
  operand: Value,
): Value {
  if (isPointer(left) && isPointer(operand)) {
    if (is64 && row.name === "sub" && left.kind === operand.kind) return number(UNKNOWN);
    throw new Refusal("EACCES", slot, `R${dst} pointer ${row.symbol} pointer prohibited`);
  }
  const which = isPointer(left) ? dst : src;
  const pointer = isPointer(left) ? left : operand;
  const by = scalarOf(isPointer(left) ? operand : left);
  if (!is64) throw new Refusal("EACCES", slot, `R${which} 32-bit pointer arithmetic prohibited`);
  if (row.name !== "add" && row.name !== "sub")
    throw new Refusal(
      "EACCES",
      slot,
      `R${which} pointer arithmetic with ${row.symbol} operator prohibited`,
    );
  if (row.name === "sub" && !isPointer(left))
    throw new Refusal("EACCES", slot, `R${dst} tried to subtract pointer from scalar`);
  return moved(slot, which, pointer, row.name === "add" ? by : operate("neg", true, by, by));
}

/** The pointer, `by` further on. */
function moved(slot: number, register: number, pointer: Value, by: Scalar): Value {
  if (isConstant(by) && (by.smin >= OFFSET_MAX || by.smin <= -OFFSET_MAX))
    throw new Refusal(
      "EACCES",
      slot,
      `math between ${pointer.kind} pointer and ${by.smin} is not allowed`,
    );
  switch (pointer.kind) {
    case "value":
      if (pointer.orNull)
        throw new Refusal(
          "EACCES",
          slot,
          `R${register} pointer arithmetic on map_value_or_null prohibited, null-check it first`,
        );
      return isConstant(by)
        ? { ...pointer, off: checkedOffset(slot, pointer.off + Number(by.smin)) }
        : { ...pointer, vary: operate("add", true, pointer.vary, by) };
    case "stack":
    case "ctx":
    case "object":
      if (isConstant(by))
        return { ...pointer, off: checkedOffset(slot, pointer.off + Number(by.smin)) };
      throw new Refusal(
        "EACCES",
        slot,
        pointer.kind === "stack"
          ? `R${register} variable stack access prohibited`
          : `R${register} variable offset of ${pointer.kind} pointer prohibited`,
      );
    default:
      throw new Refusal("EACCES", slot, `R${register} pointer arithmetic on map_ptr prohibited`);
  }
}

function checkedOffset(slot: number, off: number): number {
  if (Math.abs(off) < Number(OFFSET_MAX)) return off;
  throw new Refusal("EACCES", slot, `value ${off} makes pointer be out of bounds`);
}

/** A byte swap leaves a number of at most that many bits. */
export function checkSwap(state: State, slot: number, register: number, bits: number): void {
  if (register === 10) throw new Refusal("EACCES", slot, "frame pointer is read only");
  if (isPointer(readable(state, slot, register)))
    throw new Refusal("EACCES", slot, `R${register} byteswap on pointer prohibited`);
  state.set(register, number(ofSize(bits / 8)));
}
