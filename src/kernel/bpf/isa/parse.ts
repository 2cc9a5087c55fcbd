/**
 * The other way: one line of assembly into one instruction. Everything is matched against the rows,
 * so that what the printer writes is what this reads.
 *
 * Names (a map, a label, a helper, a member) are handed to `resolve`, which answers a number.
 */
import {
  BPF_ALU,
  BPF_ALU64,
  BPF_ATOMIC,
  BPF_JMP,
  BPF_JMP32,
  BPF_K,
  BPF_LDX,
  BPF_MEM,
  BPF_MEMSX,
  BPF_ST,
  BPF_STX,
  BPF_X,
} from "../../abi/bpf.ts";
import { ARITHMETIC_ROWS } from "./arithmetic.ts";
import { BYTE_SWAP_ROWS } from "./byte-swap.ts";
import { type Instruction, LDDW } from "./instruction.ts";
import { CALL, EXIT, JUMP_ALWAYS, JUMP_ROWS } from "./jump.ts";
import { ATOMIC_ROWS, SIZE_ROWS } from "./memory.ts";

/** What a name may stand for. */
export type NameUse = "offset" | "value" | "target" | "helper" | "map";

/** The number for a name in this place; undefined if it means nothing there. */
export type ResolveName = (name: string, use: NameUse) => number | undefined;

/** A line that is no instruction. */
export class AssemblyProblem extends Error {}

const complain = (what: string): never => {
  throw new AssemblyProblem(what);
};

const REGISTER = "([rw])(10|[0-9])";
const NUMBER = /^[+-]?(0x[0-9a-f]+|\d+)$/i;

class Line {
  readonly #resolve: ResolveName;

  constructor(resolve: ResolveName) {
    this.#resolve = resolve;
  }

  number(text: string, use: NameUse): number {
    const value = NUMBER.test(text) ? Number(text.replace(/^\+/, "")) : this.#resolve(text, use);
    return (
      value ?? (text.startsWith("-0x") ? -Number(text.slice(1)) : complain(`unknown name ${text}`))
    );
  }

  imm(text: string, use: NameUse = "value"): number {
    const value = this.number(text, use);
    if (value < -0x80000000 || value > 0xffffffff) complain(`${text} does not fit 32 bits`);
    return value | 0;
  }

  off(text: string, use: NameUse): number {
    const value = this.number(text.replace(/\s/g, ""), use);
    if (value < -0x8000 || value > 0x7fff) complain(`${text} does not fit 16 bits`);
    return value;
  }

  /** `r1 + 4`, `r1 - 4`, `r1`, `r1 + task_struct.pid`. */
  address(text: string): { readonly register: number; readonly off: number } {
    const [, register, sign, rest] =
      /^r(10|\d)\s*(?:([+-])\s*([\w.:]+))?$/.exec(text.trim()) ?? complain(`no address: ${text}`);
    const off = rest === undefined ? 0 : this.off(sign === "-" ? `-${rest}` : rest, "offset");
    return { register: Number(register), off };
  }

  /** Second operand: a register of the same width, or a number. */
  operand(text: string, letter: string): { from: number; src: number; imm: number } {
    const register = new RegExp(`^${REGISTER}$`).exec(text);
    if (register === null) return { from: BPF_K, src: 0, imm: this.imm(text) };
    if (register[1] !== letter) complain(`${text} is not as wide as its destination`);
    return { from: BPF_X, src: Number(register[2]), imm: 0 };
  }
}

type Parse = (line: Line, match: readonly string[]) => readonly Instruction[] | undefined;

const one = (insn: Partial<Instruction>): readonly Instruction[] => [
  { code: 0, dst: 0, src: 0, off: 0, imm: 0, ...insn },
];

const sizeOf = (type: string | undefined): (typeof SIZE_ROWS)[number] =>
  SIZE_ROWS.find((row) => row.type === type?.replace("s", "u")) ?? complain(`no type ${type}`);

const classFor = (letter: string | undefined): number => (letter === "r" ? BPF_ALU64 : BPF_ALU);

const load: Parse = (line, [, , dst, type, where]) => {
  const { register, off } = line.address(where as string);
  const size = sizeOf(type);
  const mode = type?.startsWith("s") === true ? BPF_MEMSX : BPF_MEM;
  return one({ code: BPF_LDX | mode | size.code, dst: Number(dst), src: register, off });
};

const store: Parse = (line, [, type, where, value]) => {
  const { register: dst, off } = line.address(where as string);
  const size = sizeOf(type);
  const register = new RegExp(`^${REGISTER}$`).exec(value as string);
  return register === null
    ? one({ code: BPF_ST | BPF_MEM | size.code, dst, off, imm: line.imm(value as string) })
    : one({ code: BPF_STX | BPF_MEM | size.code, dst, off, src: Number(register[2]) });
};

function atomicInsn(
  line: Line,
  imm: number,
  bytes: string,
  where: string,
  src: string,
): readonly Instruction[] {
  const { register: dst, off } = line.address(where);
  const code = BPF_STX | BPF_ATOMIC | sizeOf(bytes).code;
  return one({ code, dst, off, src: Number(src), imm });
}

const lock: Parse = (line, [, type, where, symbol, , src]) => {
  const row = ATOMIC_ROWS.find((each) => each.symbol === symbol);
  return row && atomicInsn(line, row.imm, type as string, where as string, src as string);
};

const fetch: Parse = (line, [, , , call, type, where, , src]) => {
  const row = ATOMIC_ROWS.find((each) => each.call === call);
  return row && atomicInsn(line, row.imm, type as string, where as string, src as string);
};

const exchange: Parse = (line, [, letter, , call, where, , src]) => {
  const row = ATOMIC_ROWS.find((each) => each.call === call);
  return (
    row && atomicInsn(line, row.imm, letter === "r" ? "u64" : "u32", where as string, src as string)
  );
};

const wide: Parse = (line, [, , dst, value]) => {
  const isNumber = NUMBER.test(value as string);
  const word = isNumber ? BigInt((value as string).replace(/^[+-]/, "")) : 0n;
  const bits = (value as string).startsWith("-") ? -word : word;
  const low = isNumber ? Number(BigInt.asIntN(32, bits)) : line.imm(value as string, "map");
  const high = isNumber ? Number(BigInt.asIntN(32, bits >> 32n)) : 0;
  return [
    ...one({ code: LDDW, dst: Number(dst), src: isNumber ? 0 : 1, imm: low }),
    ...one({ imm: high }),
  ];
};

const swap: Parse = (_, [, , dst, name, bits, , src]) => {
  const row = BYTE_SWAP_ROWS.find((each) => each.name === name);
  return row && dst === src
    ? one({ code: row.code, dst: Number(dst), imm: Number(bits) })
    : undefined;
};

const negate: Parse = (_, [, letter, dst, , src]) => {
  const row = ARITHMETIC_ROWS.find((each) => each.unary === true);
  return row && dst === src
    ? one({ code: classFor(letter) | row.code, dst: Number(dst) })
    : undefined;
};

const extend: Parse = (_, [, letter, dst, cast, , src]) => {
  const row = ARITHMETIC_ROWS.find((each) => each.symbol === `= (${cast})`);
  return (
    row &&
    one({
      code: classFor(letter) | BPF_X | row.code,
      dst: Number(dst),
      src: Number(src),
      off: row.off,
    })
  );
};

const arithmetic: Parse = (line, [, letter, dst, symbol, operand]) => {
  const row = ARITHMETIC_ROWS.find((each) => each.symbol === symbol && each.unary !== true);
  if (row === undefined) return undefined;
  const { from, src, imm } = line.operand(operand as string, letter as string);
  return one({
    code: classFor(letter) | from | row.code,
    dst: Number(dst),
    src,
    imm,
    off: row.off,
  });
};

const jump: Parse = (line, [, letter, dst, symbol, operand, target]) => {
  const row = JUMP_ROWS.find((each) => each.symbol === symbol);
  if (row === undefined) return undefined;
  const { from, src, imm } = line.operand(operand as string, letter as string);
  const code = (letter === "r" ? BPF_JMP : BPF_JMP32) | from | row.code;
  return one({ code, dst: Number(dst), src, imm, off: line.off(target as string, "target") });
};

/** Each form of a line; the first that fits and finds its row is it. */
const FORMS: readonly (readonly [RegExp, Parse])[] = [
  [/^exit$/, () => one({ code: BPF_JMP | EXIT })],
  [
    /^call (\S+)$/,
    (line, [, name]) => one({ code: BPF_JMP | CALL, imm: line.imm(name as string, "helper") }),
  ],
  [
    /^goto (\S+)$/,
    (line, [, to]) => one({ code: BPF_JMP | JUMP_ALWAYS, off: line.off(to as string, "target") }),
  ],
  [
    /^gotol (\S+)$/,
    (line, [, to]) => one({ code: BPF_JMP32 | JUMP_ALWAYS, imm: line.imm(to as string, "target") }),
  ],
  [new RegExp(`^if ${REGISTER} (\\S+) (\\S+) goto (\\S+)$`), jump],
  [new RegExp(`^lock \\*\\((u\\d+) \\*\\)\\(([^)]+)\\) (\\S+) ${REGISTER}$`), lock],
  [
    new RegExp(`^${REGISTER} = (atomic_\\w+)\\(\\((u\\d+) \\*\\)\\(([^)]+)\\), ${REGISTER}\\)$`),
    fetch,
  ],
  [
    new RegExp(`^${REGISTER} = (xchg|cmpxchg)(?:_64|32_32)\\(([^,]+), (?:[rw]0, )?${REGISTER}\\)$`),
    exchange,
  ],
  [new RegExp(`^${REGISTER} = \\*\\(([us]\\d+) \\*\\)\\(([^)]+)\\)$`), load],
  [/^\*\((u\d+) \*\)\(([^)]+)\) = (\S+)$/, store],
  [new RegExp(`^${REGISTER} = (\\S+) ll$`), wide],
  [new RegExp(`^${REGISTER} = ([a-z]+)(16|32|64) ${REGISTER}$`), swap],
  [new RegExp(`^${REGISTER} = -${REGISTER}$`), negate],
  [new RegExp(`^${REGISTER} = \\((s\\d+)\\)${REGISTER}$`), extend],
  [new RegExp(`^${REGISTER} (\\S+) (\\S+)$`), arithmetic],
];

/** The instruction on a line: two slots for a wide load. Throws `AssemblyProblem`. */
export function parseInstruction(text: string, resolve: ResolveName): readonly Instruction[] {
  const trimmed = text.trim().replace(/\s+/g, " ");
  const line = new Line(resolve);
  for (const [form, parse] of FORMS) {
    const match = form.exec(trimmed);
    const insns = match === null ? undefined : parse(line, match as readonly string[]);
    if (insns !== undefined) return insns;
  }
  return complain(`no instruction: ${trimmed}`);
}
