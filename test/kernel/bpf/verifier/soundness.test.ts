import fc from "fast-check";
import { expect, test } from "vitest";
import type { Instruction } from "../../../../src/kernel/bpf/isa/instruction.ts";
import { parseInstruction } from "../../../../src/kernel/bpf/isa/parse.ts";
import {
  assembleProgram,
  COMPLEXITY_MAX,
  CONTEXT_SIZE,
  runVerified,
  verifyPlain,
} from "../../../support/bpf-verifier.ts";

const register = fc.constantFrom("0", "2", "3", "4", "6", "7", "8");
const any = fc.constantFrom("0", "1", "2", "3", "4", "6", "7", "8", "10");
const small = fc.oneof(
  fc.integer({ min: -16, max: 64 }),
  fc.constantFrom(-1, 255, 0x7fffffff, -0x80000000, 56),
);
const operator = fc.constantFrom(
  "+=",
  "-=",
  "*=",
  "&=",
  "|=",
  "^=",
  "<<=",
  ">>=",
  "s>>=",
  "/=",
  "%=",
);
const relation = fc.constantFrom("==", "!=", ">", "<", ">=", "<=", "s>", "s<", "s<=", "&");
const letter = fc.constantFrom("r", "r", "r", "w");
const type = fc.constantFrom("u8", "u16", "u32", "u64");
const offset = fc.constantFrom(-16, -8, -4, 0, 4, 8, 12, 16, 56);
const at = (off: number): string => (off < 0 ? `- ${-off}` : `+ ${off}`);

/** A map value in r0, for those who care to compare it. */
const lookup = fc
  .tuple(fc.constantFrom("hash", "array"), fc.integer({ min: 0, max: 5 }), fc.boolean())
  .map(([map, key, checked]) =>
    [
      `*(u32 *)(r10 - 4) = ${key}`,
      "r2 = r10",
      "r2 += -4",
      `r1 = ${map} ll`,
      "call bpf_map_lookup_elem",
      ...(checked ? ["if r0 != 0 goto +2", "r0 = 0", "exit"] : []),
    ].join("\n"),
  );

const probe = fc
  .tuple(fc.constantFrom(-32, -16, -8), fc.constantFrom("r2 = 8", "r2 &= 15", "w2 = w7"))
  .map(([off, size]) => `r1 = r10\nr1 += ${off}\n${size}\nr3 = r7\ncall bpf_probe_read_kernel`);

const piece = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(letter, register, operator, small)
      .map(([l, d, o, k]) => `${l}${d} ${o} ${k}`),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(letter, register, operator, any)
      .map(([l, d, o, s]) => `${l}${d} ${o} ${l}${s}`),
  },
  { weight: 2, arbitrary: fc.tuple(register, any).map(([d, s]) => `r${d} = r${s}`) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(letter, register, relation, small, fc.integer({ min: -6, max: 6 }))
      .map(([l, d, o, k, to]) => `if ${l}${d} ${o} ${k} goto ${to < 0 ? to : `+${to}`}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(letter, register, relation, register, fc.integer({ min: -4, max: 6 }))
      .map(([l, d, o, s, to]) => `if ${l}${d} ${o} ${l}${s} goto ${to < 0 ? to : `+${to}`}`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(register, type, any, offset)
      .map(([d, t, s, o]) => `r${d} = *(${t} *)(r${s} ${at(o)})`),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(type, any, offset, register)
      .map(([t, d, o, s]) => `*(${t} *)(r${d} ${at(o)}) = r${s}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(any, offset, register)
      .map(([d, o, s]) => `lock *(u64 *)(r${d} ${at(o)}) += r${s}`),
  },
  { weight: 3, arbitrary: lookup },
  { weight: 1, arbitrary: probe },
);

/** Registers to begin with: numbers of every kind of bound, and slots of stack that are written. */
const HEAD = `r9 = r1
r0 = 0
r2 = *(u8 *)(r1 + 0)
r3 = *(u64 *)(r1 + 8)
r4 = 5
r6 = *(u16 *)(r1 + 16)
r6 &= 63
r7 = *(u32 *)(r1 + 24)
r8 = r10
r8 += -8
*(u64 *)(r10 - 8) = r3
*(u64 *)(r10 - 16) = r1`;

const program = fc.array(piece, { minLength: 1, maxLength: 14 }).map((pieces) => {
  const body = pieces.join("\n").replaceAll("(r1 ", "(r9 ");
  return `${HEAD}\n${body}\nr0 = 0\nexit`;
});

const context = fc.uint8Array({ minLength: CONTEXT_SIZE, maxLength: CONTEXT_SIZE });

function isAssembled(text: string): Instruction[] | undefined {
  try {
    return assembleProgram(text);
  } catch {
    return undefined;
  }
}

test("a program that the verifier accepts runs to its end without a fault", () => {
  let accepted = 0;
  fc.assert(
    fc.property(program, fc.array(context, { minLength: 1, maxLength: 3 }), (text, contexts) => {
      const insns = isAssembled(text);
      const verified = insns && verifyPlain(insns);
      if (insns === undefined || verified?.ok !== true) return;
      accepted++;
      // What was never walked may not be reached: there it would end early, with what nobody saw.
      for (const bytes of contexts) runVerified(insns, bytes, COMPLEXITY_MAX, verified.walked);
    }),
    { numRuns: Number(process.env["QUICKSAND_FUZZ_RUNS"] ?? 800) },
  );
  expect(accepted).toBeGreaterThan(50);
});

test("a program of any bytes is accepted or refused, and no more", () => {
  const field = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
  const insn = fc.record({
    code: field(0, 255),
    dst: field(0, 11),
    src: field(0, 11),
    off: fc.oneof(fc.constant(0), field(-4, 4)),
    imm: fc.oneof(fc.constant(0), field(-40, 40)),
  });
  const end = [...parseInstruction("r0 = 0", () => 0), ...parseInstruction("exit", () => 0)];
  fc.assert(
    fc.property(fc.array(insn, { maxLength: 12 }), context, (insns, bytes) => {
      const all = [...insns, ...end];
      const verified = verifyPlain(all, 50);
      if (verified.ok) runVerified(all, bytes, COMPLEXITY_MAX, verified.walked);
      else expect(verified.message).not.toBe("");
    }),
    { numRuns: 500 },
  );
});
