import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readInstructions, writeInstructions } from "../../../../src/kernel/bpf/isa/instruction.ts";
import { parseInstruction } from "../../../../src/kernel/bpf/isa/parse.ts";
import { printInstruction } from "../../../../src/kernel/bpf/isa/print.ts";
import { decode } from "../../../../src/kernel/bpf/isa/table.ts";

/** Fields that an instruction does not use must be zero: often they are. */
const orZero = (field: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: field });

const instruction = fc.record({
  code: fc.integer({ min: 0, max: 255 }),
  dst: fc.integer({ min: 0, max: 10 }),
  src: orZero(fc.integer({ min: 0, max: 10 })),
  off: orZero(fc.oneof(fc.constantFrom(1, 8, 16, 32), fc.integer({ min: -0x8000, max: 0x7fff }))),
  imm: fc.oneof(
    fc.constant(0),
    fc.constantFrom(0, 1, 0x10, 16, 32, 64, 0x40, 0x50, 0xa0, 0xe1, 0xf1),
    fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  ),
});

const none = (): undefined => undefined;

test("every instruction that decodes prints as text that assembles to it", () => {
  let seen = 0;
  fc.assert(
    fc.property(instruction, (insn) => {
      if (typeof decode(insn) === "string" || insn.code === 0x18) return;
      seen++;
      expect(parseInstruction(printInstruction(insn), none)).toEqual([insn]);
    }),
    { numRuns: 3000 },
  );
  expect(seen).toBeGreaterThan(300);
});

test("bytes and fields are two forms of one thing", () => {
  fc.assert(
    fc.property(fc.array(instruction), (insns) => {
      expect(readInstructions(writeInstructions(insns))).toEqual(insns);
    }),
  );
});

test.each([
  ["r0 = *(u32 *)(r1 + 70000)", /does not fit 16 bits/],
  ["call bpf_no_such_helper", /unknown name/],
  ["r1 = w2", /not as wide/],
  ["r11 = 5", /no instruction/],
  ["r1 ?= 5", /no instruction/],
])("%s is no instruction", (line, message) => {
  expect(() => parseInstruction(line, none)).toThrow(message);
});

/** What LLVM 16 knows too: RFC 9669 without sign extension, signed division and long jumps. */
const LINES = [
  ...["+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "s>>=", "="].flatMap(
    (symbol) => [`r1 ${symbol} r2`, `w3 ${symbol} w4`, `r5 ${symbol} -7`, `w6 ${symbol} 9`],
  ),
  ...["==", "!=", "<", "<=", ">", ">=", "s<", "s<=", "s>", "s>="].flatMap((symbol) => [
    `if r1 ${symbol} r2 goto +3`,
    `if w3 ${symbol} 44 goto -2`,
  ]),
  ...["8", "16", "32", "64"].flatMap((bits) => [
    `r1 = *(u${bits} *)(r2 + 4)`,
    `*(u${bits} *)(r10 - 16) = r3`,
  ]),
  ...["+=", "|=", "&=", "^="].map((symbol) => `lock *(u64 *)(r10 - 8) ${symbol} r1`),
  "r1 = -r1",
  "w1 = -w1",
  "r1 = be16 r1",
  "r1 = be64 r1",
  "r1 = le32 r1",
  "r1 = 81985529216486895 ll",
  "goto +1",
  "call 14",
  "exit",
];

function clang(source: string): Buffer {
  const dir = mkdtempSync(join(tmpdir(), "quicksand-bpf-"));
  try {
    const object = join(dir, "out.o");
    const options = ["-target", "bpf", "-mcpu=v3", "-c", "-x", "assembler", "-o", object, "-"];
    execFileSync("clang-16", options, { input: source });
    return readFileSync(object);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function hasClang(): boolean {
  try {
    return execFileSync("clang-16", ["--version"]).length > 0;
  } catch {
    return false;
  }
}

describe("LLVM's assembler", () => {
  test.skipIf(!hasClang())("makes the same bytes of every line (needs clang-16)", () => {
    const object = clang(`.text\n${LINES.join("\n")}\n`);
    const ours = Buffer.from(
      writeInstructions(LINES.flatMap((line) => [...parseInstruction(line, none)])),
    );
    expect(object.indexOf(ours)).toBeGreaterThan(0);
  });
});
