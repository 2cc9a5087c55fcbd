/**
 * What a conditional jump says of its operands: whether it is taken for certain, and what they are on
 * either way.
 *
 * Source: kernel/bpf/verifier.c (is_branch_taken, regs_refine_cond_op), 6.16.
 */
import type { JumpRow } from "../isa/jump.ts";
import {
  constant,
  cut32,
  extend,
  isConstant,
  meet,
  type Scalar,
  U32_MAX,
  UNKNOWN,
  without,
} from "./scalar.ts";
import { tnum, U64_MAX } from "./tnum.ts";

/** Both operands, on one way out of a jump. */
export type Pair = readonly [Scalar, Scalar];

type Refine = (a: Scalar, b: Scalar) => Pair | undefined;

const pair = (a: Scalar | undefined, b: Scalar | undefined): Pair | undefined =>
  a === undefined || b === undefined ? undefined : [a, b];

const bounded = (a: Scalar, bound: Partial<Scalar>): Scalar | undefined =>
  meet(a, { ...UNKNOWN, ...bound });

const equal: Refine = (a, b) => pair(meet(a, b), meet(b, a));

/** A constant at the edge of a range is cut off it. */
function except(a: Scalar, b: Scalar): Scalar | undefined {
  if (!isConstant(b)) return a;
  const { umin, smin } = b;
  return bounded(a, {
    umin: a.umin === umin ? umin + 1n : a.umin,
    umax: a.umax === umin ? umin - 1n : a.umax,
    smin: a.smin === smin ? smin + 1n : a.smin,
    smax: a.smax === smin ? smin - 1n : a.smax,
  });
}
const different: Refine = (a, b) => pair(except(a, b), except(b, a));

/** a < b, or a <= b where `by` is 0. */
const below =
  (by: bigint): Refine =>
  (a, b) =>
    pair(bounded(a, { umax: b.umax - by }), bounded(b, { umin: a.umin + by }));

const less =
  (by: bigint): Refine =>
  (a, b) =>
    pair(bounded(a, { smax: b.smax - by }), bounded(b, { smin: a.smin + by }));

const swapped =
  (refine: Refine): Refine =>
  (a, b) => {
    const found = refine(b, a);
    return found && [found[1], found[0]];
  };

const someBit: Refine = (a, b) => {
  const mask = b.bits.value;
  const isOne = isConstant(b) && mask !== 0n && (mask & (mask - 1n)) === 0n;
  if (isConstant(b) && ((a.bits.value | a.bits.mask) & mask) === 0n) return undefined;
  return isOne ? pair(bounded(a, { bits: tnum(mask, U64_MAX & ~mask) }), b) : [a, b];
};
const noBit: Refine = (a, b) => (isConstant(b) ? pair(without(a, b.bits.value), b) : [a, b]);

/** For each jump: what holds where it is taken, and where it is not. */
const WAYS: Readonly<Record<string, { readonly taken: Refine; readonly passed: Refine }>> = {
  jeq: { taken: equal, passed: different },
  jne: { taken: different, passed: equal },
  jset: { taken: someBit, passed: noBit },
  jlt: { taken: below(1n), passed: swapped(below(0n)) },
  jle: { taken: below(0n), passed: swapped(below(1n)) },
  jgt: { taken: swapped(below(1n)), passed: below(0n) },
  jge: { taken: swapped(below(0n)), passed: below(1n) },
  jslt: { taken: less(1n), passed: swapped(less(0n)) },
  jsle: { taken: less(0n), passed: swapped(less(1n)) },
  jsgt: { taken: swapped(less(1n)), passed: less(0n) },
  jsge: { taken: swapped(less(0n)), passed: less(1n) },
};

/** Undefined: that way is never gone. */
export interface Ways {
  readonly taken: Pair | undefined;
  readonly passed: Pair | undefined;
}

export function refine(row: JumpRow, is64: boolean, a: Scalar, b: Scalar): Ways {
  const ways = WAYS[row.name];
  if (ways === undefined) return { taken: [a, b], passed: [a, b] };
  if (is64) return { taken: ways.taken(a, b), passed: ways.passed(a, b) };
  // The comparison is of the lower halves. What it says of those is said of the whole register only
  // where the upper half is zero.
  const isSigned = row.symbol.startsWith("s");
  const [low, other] = isSigned
    ? [extend(cut32(a), 32), extend(cut32(b), 32)]
    : [cut32(a), cut32(b)];
  const back = (found: Pair | undefined): Pair | undefined =>
    found && [restore(a, low, found[0]), restore(b, other, found[1])];
  return { taken: back(ways.taken(low, other)), passed: back(ways.passed(low, other)) };
}

/** The register again, of which `seen` was looked at and found to be `found`. */
function restore(whole: Scalar, seen: Scalar, found: Scalar): Scalar {
  if (whole.umax > U32_MAX) return whole;
  // Read with a sign, a word with its upper bit set is another number than the register holds.
  const isSame = seen.smin >= 0n;
  const plain = isSame ? found : found.smin >= 0n ? found : whole;
  return meet(whole, plain) ?? whole;
}

/** An immediate as the machine sees it: sign-extended. */
export const immediate = (imm: number): Scalar => constant(BigInt(imm));
