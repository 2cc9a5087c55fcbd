import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ARITHMETIC_ROWS } from "../../../../src/kernel/bpf/isa/arithmetic.ts";
import { JUMP_ROWS } from "../../../../src/kernel/bpf/isa/jump.ts";
import { refine } from "../../../../src/kernel/bpf/verifier/branch.ts";
import {
  between,
  constant,
  operate,
  type Scalar,
  scalar,
} from "../../../../src/kernel/bpf/verifier/scalar.ts";
import { tnum } from "../../../../src/kernel/bpf/verifier/tnum.ts";
import { assembleLines, runBare } from "../../../support/bpf-program.ts";

const U64 = (1n << 64n) - 1n;

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: U64 }),
  fc.bigInt({ min: 0n, max: 70n }),
  fc.bigInt({ min: -70n, max: 70n }).map((n) => BigInt.asUintN(64, n)),
  fc.bigInt({ min: (1n << 32n) - 70n, max: (1n << 32n) + 70n }),
  fc.bigInt({ min: (1n << 31n) - 70n, max: (1n << 31n) + 70n }),
  fc.bigInt({ min: (1n << 63n) - 70n, max: (1n << 63n) + 70n }),
);

/** A number, and something that is known of it. */
const known: fc.Arbitrary<readonly [bigint, Scalar]> = fc
  .tuple(word, word, word, word, fc.integer({ min: 0, max: 3 }))
  .map(([n, mask, below, above, how]) => {
    const bits = scalar({ bits: tnum(n & ~mask & U64, mask) });
    const [umin, umax] = [n - (below % (n + 1n)), n + (above % (U64 - n + 1n))];
    const s = BigInt.asIntN(64, n);
    const [smin, smax] = [s - (below >> 8n), s + (above >> 8n)];
    const inside = (v: bigint): bigint => (BigInt.asIntN(64, v) === v ? v : s);
    const all = [
      constant(n),
      bits,
      between(umin, umax),
      scalar({ smin: inside(smin), smax: inside(smax) }),
    ];
    return [n, all[how] as Scalar] as const;
  });

const holds = (a: Scalar, n: bigint): boolean => {
  const s = BigInt.asIntN(64, n);
  return (
    a.umin <= n &&
    n <= a.umax &&
    a.smin <= s &&
    s <= a.smax &&
    (n & ~a.bits.mask & U64) === a.bits.value
  );
};

const OPERATIONS = ARITHMETIC_ROWS.flatMap((row) =>
  [true, false].filter((is64) => is64 || row.run32 !== undefined).map((is64) => ({ row, is64 })),
);

describe("what the verifier knows after an operation holds of what the machine computes", () => {
  test.each(OPERATIONS)("$row.name, 64 bits: $is64", ({ row, is64 }) => {
    const letter = is64 ? "r" : "w";
    const operand = row.unary === true ? `${letter}1` : `${letter}2`;
    const blank = row.symbol.endsWith(")") || row.unary === true ? "" : " ";
    const symbol = row.unary === true ? `= ${row.symbol}` : row.symbol;
    const insns = assembleLines(`r1 = r3\n${letter}1 ${symbol}${blank}${operand}\nexit`);
    fc.assert(
      fc.property(known, known, ([a, knownA], [b, knownB]) => {
        const got = runBare(insns, [0n, 0n, b, a]).registers[1] as bigint;
        expect(holds(operate(row.name, is64, knownA, knownB), got)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test.each(JUMP_ROWS)("a jump on $symbol", (row) => {
    for (const letter of ["r", "w"]) {
      const insns = assembleLines(
        `r0 = 1\nif ${letter}3 ${row.symbol} ${letter}2 goto +1\nr0 = 0\nexit`,
      );
      fc.assert(
        fc.property(known, known, ([a, knownA], [b, knownB]) => {
          const taken = runBare(insns, [0n, 0n, b, a]).registers[0] === 1n;
          const ways = refine(row, letter === "r", knownA, knownB);
          const way = taken ? ways.taken : ways.passed;
          expect(way !== undefined && holds(way[0], a) && holds(way[1], b)).toBe(true);
        }),
        { numRuns: 300 },
      );
    }
  });
});
