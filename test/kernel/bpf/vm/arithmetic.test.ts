import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assembleLines, runBare } from "../../../support/bpf-program.ts";

/** RFC 9669 in words of mathematics: `n` bits, unsigned operands. */
type Oracle = (a: bigint, b: bigint, n: number) => bigint;

const s = (n: number, value: bigint): bigint => BigInt.asIntN(n, value);
const shift = (b: bigint, n: number): bigint => b & BigInt(n - 1);

const ARITHMETIC: Readonly<Record<string, Oracle>> = {
  "+=": (a, b) => a + b,
  "-=": (a, b) => a - b,
  "*=": (a, b) => a * b,
  "/=": (a, b) => (b === 0n ? 0n : a / b),
  "%=": (a, b) => (b === 0n ? a : a % b),
  "s/=": (a, b, n) => (b === 0n ? 0n : s(n, a) / s(n, b)),
  "s%=": (a, b, n) => (b === 0n ? a : s(n, a) % s(n, b)),
  "|=": (a, b) => a | b,
  "&=": (a, b) => a & b,
  "^=": (a, b) => a ^ b,
  "<<=": (a, b, n) => a << shift(b, n),
  ">>=": (a, b, n) => a >> shift(b, n),
  "s>>=": (a, b, n) => s(n, a) >> shift(b, n),
  "=": (_, b) => b,
};

const TESTS: Readonly<Record<string, (a: bigint, b: bigint, n: number) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "&": (a, b) => (a & b) !== 0n,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "s<": (a, b, n) => s(n, a) < s(n, b),
  "s<=": (a, b, n) => s(n, a) <= s(n, b),
  "s>": (a, b, n) => s(n, a) > s(n, b),
  "s>=": (a, b, n) => s(n, a) >= s(n, b),
};

const CORNERS = [0n, 1n, 2n, 31n, 32n, 63n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 32n];
const word = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
  fc.constantFrom(...CORNERS, ...CORNERS.map((each) => BigInt.asUintN(64, -each)), 1n << 63n),
);
const imm = fc.oneof(fc.integer({ min: -0x80000000, max: 0x7fffffff }), fc.constantFrom(0, 1, -1));

const WIDTHS = [
  ["r", 64],
  ["w", 32],
] as const;
const cut = (n: number, value: bigint): bigint => BigInt.asUintN(n, value);

describe.each(WIDTHS)("arithmetic on %s registers, %i bits", (letter, n) => {
  test.each(Object.keys(ARITHMETIC))("%s is what RFC 9669 says", (symbol) => {
    const oracle = ARITHMETIC[symbol] as Oracle;
    fc.assert(
      fc.property(word, word, imm, (a, b, k) => {
        const want = cut(n, oracle(cut(n, a), cut(n, b), n));
        const insns = assembleLines(`r1 = r3\n${letter}1 ${symbol} ${letter}2\nexit`);
        expect(runBare(insns, [0n, 0n, b, a]).registers[1]).toBe(want);
        const byImm = assembleLines(`r1 = r3\n${letter}1 ${symbol} ${k}\nexit`);
        expect(runBare(byImm, [0n, 0n, b, a]).registers[1]).toBe(
          cut(n, oracle(cut(n, a), cut(n, BigInt(k)), n)),
        );
        const same = assembleLines(`r1 = r3\n${letter}1 ${symbol} ${letter}1\nexit`);
        expect(runBare(same, [0n, 0n, b, a]).registers[1]).toBe(
          cut(n, oracle(cut(n, a), cut(n, a), n)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test.each(Object.keys(TESTS))("a jump on %s is taken when it should be", (symbol) => {
    const oracle = TESTS[symbol] as (a: bigint, b: bigint, n: number) => boolean;
    const lines = (operand: string): string =>
      `r0 = 1\nif ${letter}3 ${symbol} ${operand} goto +1\nr0 = 0\nexit`;
    const byRegister = assembleLines(lines(`${letter}2`));
    fc.assert(
      fc.property(word, fc.option(word), imm, (a, other, k) => {
        const b = other ?? a;
        const taken = (insns: typeof byRegister): bigint | undefined =>
          runBare(insns, [0n, 0n, b, a]).registers[0];
        expect(taken(byRegister)).toBe(oracle(cut(n, a), cut(n, b), n) ? 1n : 0n);
        const want = oracle(cut(n, a), cut(n, BigInt(k)), n) ? 1n : 0n;
        expect(taken(assembleLines(lines(String(k))))).toBe(want);
      }),
      { numRuns: 60 },
    );
  });
});

const reversed = (value: bigint, bytes: number): bigint => {
  let out = 0n;
  for (let i = 0; i < bytes; i++) out = (out << 8n) | ((value >> BigInt(8 * i)) & 255n);
  return out;
};

describe("moves and byte swaps", () => {
  test.each([
    ["r1 = -r1", (a: bigint) => cut(64, -a)],
    ["w1 = -w1", (a: bigint) => cut(32, -a)],
    ["r1 = (s8)r1", (a: bigint) => cut(64, s(8, a))],
    ["r1 = (s16)r1", (a: bigint) => cut(64, s(16, a))],
    ["r1 = (s32)r1", (a: bigint) => cut(64, s(32, a))],
    ["w1 = (s8)w1", (a: bigint) => cut(32, s(8, a))],
    ["w1 = (s16)w1", (a: bigint) => cut(32, s(16, a))],
    ["r1 = le16 r1", (a: bigint) => cut(16, a)],
    ["r1 = le32 r1", (a: bigint) => cut(32, a)],
    ["r1 = le64 r1", (a: bigint) => a],
    ["r1 = be16 r1", (a: bigint) => reversed(a, 2)],
    ["r1 = be32 r1", (a: bigint) => reversed(a, 4)],
    ["r1 = be64 r1", (a: bigint) => reversed(a, 8)],
    ["r1 = bswap16 r1", (a: bigint) => reversed(a, 2)],
    ["r1 = bswap32 r1", (a: bigint) => reversed(a, 4)],
    ["r1 = bswap64 r1", (a: bigint) => reversed(a, 8)],
  ])("%s", (line, oracle) => {
    const insns = assembleLines(`r1 = r3\n${line}\nexit`);
    fc.assert(
      fc.property(word, (a) => {
        expect(runBare(insns, [0n, 0n, 0n, a]).registers[1]).toBe(oracle(a));
      }),
    );
  });

  test("a wide load brings all 64 bits", () => {
    fc.assert(
      fc.property(word, (a) => {
        expect(runBare(assembleLines(`r1 = ${a} ll\nexit`)).registers[1]).toBe(a);
      }),
    );
  });
});

describe("memory", () => {
  const SIZES = [8, 16, 32, 64] as const;

  test.each(SIZES)("u%i and s%i go to the stack and come back", (bits) => {
    const signed = bits === 64 ? "r2 = r1" : `r2 = *(s${bits} *)(r10 - 24)`;
    const lines = `*(u${bits} *)(r10 - 24) = r3\nr1 = *(u${bits} *)(r10 - 24)\n${signed}\nexit`;
    fc.assert(
      fc.property(word, (a) => {
        const { registers, stack } = runBare(assembleLines(lines), [0n, 0n, 0n, a]);
        expect(registers[1]).toBe(cut(bits, a));
        expect(registers[2]).toBe(cut(64, s(bits, a)) | (bits === 64 ? a : 0n));
        expect(stack[488]).toBe(Number(a & 255n));
        expect([stack[487], stack[488 + bits / 8]]).toEqual([0, 0]);
      }),
    );
  });

  test.each([
    ["lock *(u64 *)(r10 - 8) += r2", 64, (a: bigint, b: bigint) => a + b, "none"],
    ["lock *(u32 *)(r10 - 8) |= w2", 32, (a: bigint, b: bigint) => a | b, "none"],
    ["r2 = atomic_fetch_and((u64 *)(r10 - 8), r2)", 64, (a: bigint, b: bigint) => a & b, "src"],
    ["w2 = atomic_fetch_xor((u32 *)(r10 - 8), w2)", 32, (a: bigint, b: bigint) => a ^ b, "src"],
    ["w2 = atomic_fetch_add((u32 *)(r10 - 8), w2)", 32, (a: bigint, b: bigint) => a + b, "src"],
    ["r2 = xchg_64(r10 - 8, r2)", 64, (_: bigint, b: bigint) => b, "src"],
    ["w2 = xchg32_32(r10 - 8, w2)", 32, (_: bigint, b: bigint) => b, "src"],
  ] as const)("%s", (line, bits, oracle, fetched) => {
    const insns = assembleLines(`*(u64 *)(r10 - 8) = r3\n${line}\nr4 = *(u64 *)(r10 - 8)\nexit`);
    fc.assert(
      fc.property(word, word, (a, b) => {
        const { registers } = runBare(insns, [0n, 0n, b, a]);
        const low = cut(bits, oracle(cut(bits, a), cut(bits, b)));
        expect(registers[4]).toBe(bits === 64 ? low : ((a >> 32n) << 32n) | low);
        expect(registers[2]).toBe(fetched === "src" ? cut(bits, a) : b);
      }),
    );
  });

  test("a compare-and-exchange writes only what it expected, and always tells what was there", () => {
    const lines = (insn: string): string =>
      `r0 = r5\n*(u64 *)(r10 - 8) = r3\n${insn}\nr4 = *(u64 *)(r10 - 8)\nexit`;
    const wide = assembleLines(lines("r0 = cmpxchg_64(r10 - 8, r0, r2)"));
    const narrow = assembleLines(lines("w0 = cmpxchg32_32(r10 - 8, w0, w2)"));
    fc.assert(
      fc.property(word, word, fc.option(word), (a, b, other) => {
        const expected = other ?? a;
        const { registers } = runBare(wide, [0n, 0n, b, a, 0n, expected]);
        expect([registers[0], registers[4]]).toEqual([a, expected === a ? b : a]);
        const short = runBare(narrow, [0n, 0n, b, a, 0n, expected]).registers;
        expect(short[0]).toBe(cut(32, a));
        const isSame = cut(32, expected) === cut(32, a);
        expect(short[4]).toBe(isSame ? ((a >> 32n) << 32n) | cut(32, b) : a);
      }),
    );
  });
});
