/**
 * C's binary and unary operators on lowered values: usual conversions, 32-bit wrap-around in
 * JavaScript's bit operators, 64-bit ones through the loader's intrinsics, pointer arithmetic by the
 * size of what is pointed at.
 *
 * Source: C11 6.5.3-6.5.14. Constants are folded, as a compiler must for initialisers and labels.
 */
import type { CType } from "#kernel";
import {
  cText,
  isError,
  isInteger,
  LONG,
  pointerTo,
  promote,
  sameType,
  usualType,
} from "./ctype.ts";
import type { MessageKey } from "./messages.ts";
import {
  constantValue,
  convert,
  ERROR_VALUE,
  isNullConstant,
  LEVEL,
  logicalValue,
  operand,
  truth,
  type Value,
  wrapNumber,
  wrapped,
  wrapTo,
} from "./value.ts";

export interface OperatorContext {
  readonly refuse: (key: MessageKey, ...args: readonly string[]) => void;
  /** Bytes that a pointer to this type moves by one. */
  readonly strideOf: (type: CType) => number;
}

type Fold = (a: bigint, b: bigint) => bigint | undefined;

interface Operator {
  readonly fold: Fold;
  /** JavaScript's operator for 32-bit operands, its level, and whether the result can leave 32 bits. */
  readonly small: string;
  readonly level: number;
  readonly overflows?: boolean;
  /** The intrinsic for 64-bit operands, or for all if `small` is empty. */
  readonly intrinsic?: string;
}

const OPERATORS: Readonly<Record<string, Operator>> = {
  "+": { fold: (a, b) => a + b, small: "+", level: LEVEL.sum, overflows: true },
  "-": { fold: (a, b) => a - b, small: "-", level: LEVEL.sum, overflows: true },
  "*": { fold: (a, b) => a * b, small: "", level: LEVEL.product, intrinsic: "$mul" },
  "/": { fold: (a, b) => (b === 0n ? undefined : a / b), small: "", level: 0, intrinsic: "$div" },
  "%": { fold: (a, b) => (b === 0n ? undefined : a % b), small: "", level: 0, intrinsic: "$mod" },
  "&": { fold: (a, b) => a & b, small: "&", level: LEVEL.bitAnd, intrinsic: "$and" },
  "|": { fold: (a, b) => a | b, small: "|", level: LEVEL.bitOr, intrinsic: "$or" },
  "^": { fold: (a, b) => a ^ b, small: "^", level: LEVEL.bitXor, intrinsic: "$xor" },
  "<<": { fold: (a, b) => a << (b & 63n), small: "<<", level: LEVEL.shift, intrinsic: "$shl" },
  ">>": { fold: (a, b) => a >> (b & 63n), small: ">>", level: LEVEL.shift, intrinsic: "$shr" },
};

const isWide = (type: CType): boolean => type.kind === "int" && type.size === 8;

function foldNumbers(type: CType, fold: Fold, a: number, b: number): number | undefined {
  const result = fold(BigInt(a), BigInt(b));
  if (result === undefined) return undefined;
  const folded = wrapNumber(type, Number(BigInt.asIntN(64, result)));
  return Number.isSafeInteger(folded) ? folded : undefined;
}

function joinNotes(a: Value, op: string, b: Value): string | undefined {
  if (a.note === undefined && b.note === undefined) return undefined;
  return `${a.note ?? a.constant} ${op} ${b.note ?? b.constant}`;
}

/** Both operands 32-bit patterns that an unsigned result would not make negative. */
const isSmallMask = (value: Value): boolean =>
  value.constant !== undefined && value.constant >= 0 && value.constant < 2 ** 31;

function joined(type: CType, a: Value, b: Value, symbol: string, level: number): Value {
  return { type, code: `${wrapped(a, level)} ${symbol} ${wrapped(b, level + 1)}`, level };
}

const called = (type: CType, name: string, a: Value, b: Value): Value => ({
  type,
  code: `${name}(${a.code}, ${b.code})`,
  level: LEVEL.primary,
});

function wideText(type: CType, op: string, operator: Operator, a: Value, b: Value): Value {
  if (op === "*") return joined(type, a, b, "*", LEVEL.product);
  if (op === "&" && (isSmallMask(a) || isSmallMask(b)))
    return joined(type, a, b, "&", LEVEL.bitAnd);
  if (operator.intrinsic === undefined) return joined(type, a, b, op, operator.level);
  return called(type, operator.intrinsic, a, b);
}

function smallText(type: CType, op: string, operator: Operator, a: Value, b: Value): Value {
  const signed = type.kind === "int" && type.signed;
  if (operator.small === "") {
    const call = called(type, operator.intrinsic ?? "", a, b);
    return signed || op !== "*" ? call : wrapTo(type, call);
  }
  const symbol = op === ">>" && !signed ? ">>>" : operator.small;
  const plain = joined(type, a, b, symbol, operator.level);
  if (operator.overflows === true) return wrapTo(type, plain);
  const staysPositive = op === ">>" || (op === "&" && (isSmallMask(a) || isSmallMask(b)));
  return signed || staysPositive ? plain : wrapTo(type, plain);
}

function integerOperation(op: string, left: Value, right: Value): Value {
  const operator = OPERATORS[op];
  if (operator === undefined) return ERROR_VALUE;
  // 6.5.7: a shift has the type of its promoted left operand.
  const isShift = op === "<<" || op === ">>";
  const type = isShift ? promote(left.type) : usualType(left.type, right.type);
  const a = convert(left, type);
  const b = isShift ? operand(right) : convert(right, type);
  if (a.constant !== undefined && b.constant !== undefined) {
    const folded = foldNumbers(type, operator.fold, a.constant, b.constant);
    if (folded !== undefined) return constantValue(type, folded, joinNotes(left, op, right));
  }
  return isWide(type) ? wideText(type, op, operator, a, b) : smallText(type, op, operator, a, b);
}

function scaled(value: Value, stride: number): Value {
  if (value.constant !== undefined) return constantValue(LONG, value.constant * stride, value.note);
  if (stride === 1) return value;
  return { type: LONG, code: `${wrapped(value, LEVEL.product)} * ${stride}`, level: LEVEL.product };
}

function pointerSum(context: OperatorContext, op: string, pointer: Value, index: Value): Value {
  const type = pointer.type;
  if (type.kind !== "ptr") return ERROR_VALUE;
  const offset = scaled(operand(index), context.strideOf(type.to));
  return joined(type, pointer, offset, op, LEVEL.sum);
}

function pointerDifference(context: OperatorContext, a: Value, b: Value): Value {
  const stride = a.type.kind === "ptr" ? context.strideOf(a.type.to) : 1;
  const bytes = joined(LONG, a, b, "-", LEVEL.sum);
  if (stride === 1) return bytes;
  return { type: LONG, code: `$div(${bytes.code}, ${stride})`, level: LEVEL.primary };
}

/** `left op right` for arithmetic, bit and shift operators. */
export function binaryOperation(
  context: OperatorContext,
  op: string,
  leftValue: Value,
  rightValue: Value,
): Value {
  const left = operand(leftValue);
  const right = operand(rightValue);
  if (isError(left.type) || isError(right.type)) return ERROR_VALUE;
  if (isInteger(left.type) && isInteger(right.type)) return integerOperation(op, left, right);
  const [leftPointer, rightPointer] = [left.type.kind === "ptr", right.type.kind === "ptr"];
  if (op === "+" && leftPointer && isInteger(right.type))
    return pointerSum(context, op, left, right);
  if (op === "+" && rightPointer && isInteger(left.type))
    return pointerSum(context, op, right, left);
  if (op === "-" && leftPointer && isInteger(right.type))
    return pointerSum(context, op, left, right);
  if (op === "-" && leftPointer && rightPointer && sameType(left.type, right.type))
    return pointerDifference(context, left, right);
  context.refuse("invalidOperands", op, cText(leftValue.type), cText(rightValue.type));
  return ERROR_VALUE;
}

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function comparisonType(context: OperatorContext, left: Value, right: Value): CType | undefined {
  const [a, b] = [left.type, right.type];
  if (isInteger(a) && isInteger(b)) return usualType(a, b);
  if (a.kind === "ptr" && b.kind === "ptr") {
    const distinct = a.to.kind !== "void" && b.to.kind !== "void" && !sameType(a.to, b.to);
    if (distinct) context.refuse("distinctPointers", cText(a), cText(b));
    return a;
  }
  if (a.kind === "ptr" && isNullConstant(right)) return a;
  if (b.kind === "ptr" && isNullConstant(left)) return b;
  const mixed = (a.kind === "ptr" && isInteger(b)) || (b.kind === "ptr" && isInteger(a));
  context.refuse(
    mixed ? "pointerAndInteger" : "invalidOperands",
    ...(mixed ? [] : ["=="]),
    cText(a),
    cText(b),
  );
  return undefined;
}

/** `left op right` for the six comparisons. */
export function comparison(
  context: OperatorContext,
  op: string,
  leftValue: Value,
  rightValue: Value,
): Value {
  const left = operand(leftValue);
  const right = operand(rightValue);
  if (isError(left.type) || isError(right.type)) return ERROR_VALUE;
  const type = comparisonType(context, left, right);
  if (type === undefined) return ERROR_VALUE;
  const [a, b] = type.kind === "int" ? [convert(left, type), convert(right, type)] : [left, right];
  const compare = COMPARE[op];
  if (a.constant !== undefined && b.constant !== undefined && compare !== undefined)
    return truth(compare(a.constant, b.constant));
  const isEquality = op === "==" || op === "!=";
  const level = isEquality ? LEVEL.equality : LEVEL.relation;
  const symbol = isEquality ? `${op}=` : op;
  return logicalValue(joined(type, a, b, symbol, level).code, level);
}

const UNARY: Readonly<Record<string, (value: bigint) => bigint>> = {
  "+": (value) => value,
  "-": (value) => -value,
  "~": (value) => ~value,
};

function unaryText(op: string, value: Value): Value {
  const { type } = value;
  if (op === "+") return value;
  if (op === "-") return wrapTo(type, joined(type, constantValue(type, 0), value, "-", LEVEL.sum));
  if (isWide(type)) return { type, code: `$not(${value.code})`, level: LEVEL.primary };
  const plain: Value = { type, code: `~${wrapped(value, LEVEL.unary)}`, level: LEVEL.unary };
  return type.kind === "int" && type.signed ? plain : wrapTo(type, plain);
}

/** `+x`, `-x`, `~x`. */
export function unaryOperation(context: OperatorContext, op: string, source: Value): Value {
  const value = operand(source);
  if (isError(value.type)) return ERROR_VALUE;
  if (!isInteger(value.type)) {
    context.refuse("invalidOperand", op, cText(source.type));
    return ERROR_VALUE;
  }
  const fold = UNARY[op];
  if (value.constant !== undefined && fold !== undefined) {
    const folded = wrapNumber(value.type, Number(fold(BigInt(value.constant))));
    const note = value.note === undefined ? undefined : `${op}${value.note}`;
    return constantValue(value.type, folded, note);
  }
  return unaryText(op, value);
}

/** C11 6.5.15: the type of `c ? a : b`. */
export function conditionalType(context: OperatorContext, left: Value, right: Value): CType {
  const [a, b] = [operand(left), operand(right)];
  if (isError(a.type) || isError(b.type)) return ERROR_VALUE.type;
  if (isInteger(a.type) && isInteger(b.type)) return usualType(a.type, b.type);
  if (a.type.kind === "ptr" && isNullConstant(b)) return a.type;
  if (b.type.kind === "ptr" && isNullConstant(a)) return b.type;
  if (a.type.kind === "ptr" && b.type.kind === "ptr") {
    const isConst = a.type.isConst === true || b.type.isConst === true;
    if (a.type.to.kind === "void" || b.type.to.kind === "void")
      return pointerTo({ kind: "void" }, isConst);
    if (sameType(a.type.to, b.type.to)) return pointerTo(a.type.to, isConst);
  }
  if (a.type.kind === "void" && b.type.kind === "void") return a.type;
  context.refuse("conditionalMismatch", cText(a.type), cText(b.type));
  return ERROR_VALUE.type;
}
