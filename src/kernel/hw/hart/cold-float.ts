/**
 * Floating-point instructions, exactly: any rounding mode, all flags, boxed singles.
 *
 * Source: RISC-V unprivileged ISA, chapters "F" and "D". A single that is not boxed reads as the
 * canonical NaN. A reserved rounding mode is an illegal instruction.
 */
import { COLD_DONE, EXIT_ILLEGAL } from "./codes.ts";
import type { Hart } from "./hart.ts";
import { OPERANDS as O } from "./isa/row.ts";
import {
  BINARY32,
  BINARY64,
  type FloatEnv,
  type FloatFormat,
  floatAdd,
  floatClass,
  floatConvert,
  floatDiv,
  floatEq,
  floatFma,
  floatLe,
  floatLt,
  floatMax,
  floatMin,
  floatMul,
  floatSqrt,
  floatSub,
  floatToInt,
  intToFloat,
} from "./soft-float.ts";

type Instruction = (hart: Hart, word: number) => number;

const NAN_32 = 0x7fc00000n;
const SIGN_32 = 1n << 31n;
const SIGN_64 = 1n << 63n;

/** The rounding mode of a word: its own, or the register's when it says so. */
const roundingOf = (hart: Hart, word: number): number => {
  const rm = O.rm(word);
  return rm === 7 ? hart.fp.fcsr >> 5 : rm;
};

function readFloat(hart: Hart, format: FloatFormat, register: number): bigint {
  const { bits } = hart.fp;
  const low = BigInt((bits[register * 2] as number) >>> 0);
  const high = bits[register * 2 + 1] as number;
  if (format === BINARY64) return (BigInt(high >>> 0) << 32n) | low;
  return high === -1 ? low : NAN_32;
}

function writeFloat(hart: Hart, format: FloatFormat, register: number, value: bigint): void {
  const { bits } = hart.fp;
  bits[register * 2] = Number(BigInt.asIntN(32, value));
  bits[register * 2 + 1] = format === BINARY64 ? Number(BigInt.asIntN(32, value >> 32n)) : -1;
}

function writeInteger(hart: Hart, register: number, value: bigint): void {
  if (register === 0) return;
  hart.x[register * 2] = Number(BigInt.asIntN(32, value));
  hart.x[register * 2 + 1] = Number(BigInt.asIntN(32, value >> 32n));
}

const readInteger = (hart: Hart, register: number): bigint =>
  (BigInt(hart.x[register * 2 + 1] as number) << 32n) |
  BigInt((hart.x[register * 2] as number) >>> 0);

/** Runs `compute` in the word's rounding mode and accrues its flags. */
const rounded =
  (compute: (hart: Hart, word: number, env: FloatEnv) => void): Instruction =>
  (hart, word) => {
    const rm = roundingOf(hart, word);
    if (rm > 4) return EXIT_ILLEGAL;
    const env = { rm, flags: 0 };
    compute(hart, word, env);
    hart.fp.fcsr |= env.flags;
    return COLD_DONE;
  };

/** The same where the field that would be the rounding mode means something else. */
const unrounded =
  (compute: (hart: Hart, word: number, env: FloatEnv) => void): Instruction =>
  (hart, word) => {
    const env = { rm: 0, flags: 0 };
    compute(hart, word, env);
    hart.fp.fcsr |= env.flags;
    return COLD_DONE;
  };

type Binary = (env: FloatEnv, format: FloatFormat, a: bigint, b: bigint) => bigint;

const binary =
  (format: FloatFormat, operation: Binary) =>
  (hart: Hart, word: number, env: FloatEnv): void => {
    const a = readFloat(hart, format, O.fs1(word));
    const b = readFloat(hart, format, O.fs2(word));
    writeFloat(hart, format, O.fd(word), operation(env, format, a, b));
  };

type Comparison = (env: FloatEnv, format: FloatFormat, a: bigint, b: bigint) => boolean;

const comparison =
  (format: FloatFormat, operation: Comparison) =>
  (hart: Hart, word: number, env: FloatEnv): void => {
    const a = readFloat(hart, format, O.fs1(word));
    const b = readFloat(hart, format, O.fs2(word));
    writeInteger(hart, O.rd(word), operation(env, format, a, b) ? 1n : 0n);
  };

/** a * b + c with the signs of product and addend flipped as the four instructions say. */
const fused = (format: FloatFormat, negateProduct: boolean, negateAddend: boolean): Instruction => {
  const sign = format === BINARY64 ? SIGN_64 : SIGN_32;
  return rounded((hart, word, env) => {
    const a = readFloat(hart, format, O.fs1(word)) ^ (negateProduct ? sign : 0n);
    const b = readFloat(hart, format, O.fs2(word));
    const c = readFloat(hart, format, O.fs3(word)) ^ (negateAddend ? sign : 0n);
    writeFloat(hart, format, O.fd(word), floatFma(env, format, a, b, c));
  });
};

/** fsgnj and its kin: the first operand with a sign made of both. */
const signed = (format: FloatFormat, pick: (a: bigint, b: bigint) => bigint): Instruction => {
  const sign = format === BINARY64 ? SIGN_64 : SIGN_32;
  return unrounded(
    binary(format, (_env, _format, a, b) => (a & ~sign & (sign * 2n - 1n)) | (pick(a, b) & sign)),
  );
};

const INTEGERS = [
  ["w", 32, true],
  ["wu", 32, false],
  ["l", 64, true],
  ["lu", 64, false],
] as const;

function conversions(format: FloatFormat, suffix: string): [string, Instruction][] {
  return INTEGERS.flatMap(([name, width, isSigned]): [string, Instruction][] => [
    [
      `fcvt.${name}.${suffix}`,
      rounded((hart, word, env) => {
        const value = floatToInt(
          env,
          format,
          readFloat(hart, format, O.fs1(word)),
          width,
          isSigned,
        );
        // Even an unsigned word is sign-extended into its register.
        writeInteger(hart, O.rd(word), BigInt.asIntN(width, value));
      }),
    ],
    [
      `fcvt.${suffix}.${name}`,
      rounded((hart, word, env) => {
        const register = readInteger(hart, O.rs1(word));
        const value = isSigned ? BigInt.asIntN(width, register) : BigInt.asUintN(width, register);
        writeFloat(hart, format, O.fd(word), intToFloat(env, format, value));
      }),
    ],
  ]);
}

function instructionsOf(format: FloatFormat, suffix: string): [string, Instruction][] {
  const named = (name: string, run: Instruction): [string, Instruction] => [
    `${name}.${suffix}`,
    run,
  ];
  return [
    named("fadd", rounded(binary(format, floatAdd))),
    named("fsub", rounded(binary(format, floatSub))),
    named("fmul", rounded(binary(format, floatMul))),
    named("fdiv", rounded(binary(format, floatDiv))),
    named(
      "fsqrt",
      rounded((hart, word, env) => {
        const a = readFloat(hart, format, O.fs1(word));
        writeFloat(hart, format, O.fd(word), floatSqrt(env, format, a));
      }),
    ),
    named("fmadd", fused(format, false, false)),
    named("fmsub", fused(format, false, true)),
    named("fnmsub", fused(format, true, false)),
    named("fnmadd", fused(format, true, true)),
    named("fmin", unrounded(binary(format, floatMin))),
    named("fmax", unrounded(binary(format, floatMax))),
    named("feq", unrounded(comparison(format, floatEq))),
    named("flt", unrounded(comparison(format, floatLt))),
    named("fle", unrounded(comparison(format, floatLe))),
    named(
      "fsgnj",
      signed(format, (_a, b) => b),
    ),
    named(
      "fsgnjn",
      signed(format, (_a, b) => ~b),
    ),
    named(
      "fsgnjx",
      signed(format, (a, b) => a ^ b),
    ),
    named(
      "fclass",
      unrounded((hart, word) => {
        const value = readFloat(hart, format, O.fs1(word));
        writeInteger(hart, O.rd(word), BigInt(floatClass(format, value)));
      }),
    ),
    ...conversions(format, suffix),
  ];
}

const convert = (from: FloatFormat, to: FloatFormat): Instruction =>
  rounded((hart, word, env) => {
    const value = readFloat(hart, from, O.fs1(word));
    writeFloat(hart, to, O.fd(word), floatConvert(env, from, to, value));
  });

/** By name, those that need no memory and no control register. */
export const FLOAT_INSTRUCTIONS: Readonly<Record<string, Instruction>> = {
  ...Object.fromEntries(instructionsOf(BINARY32, "s")),
  ...Object.fromEntries(instructionsOf(BINARY64, "d")),
  "fcvt.s.d": convert(BINARY64, BINARY32),
  "fcvt.d.s": convert(BINARY32, BINARY64),
};
