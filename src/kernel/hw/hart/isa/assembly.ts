/**
 * Instructions as text and back, read from the table's rows: psABI register names, offsets of jumps
 * as the addresses they lead to. What the disassembler writes the assembler takes.
 *
 * Source: RISC-V Assembly Programmer's Manual; the spelling is objdump's with `-M no-aliases`. Left
 * out: pseudo-instructions, labels, and the names of compressed encodings, which read as what they
 * stand for.
 */
import { REGISTER_NAMES } from "../../registers.ts";
import { ENCODERS, type IsaRow, OPERANDS, type OperandKind } from "./row.ts";
import { expandCompressed, findRow, ISA } from "./table.ts";

export const FLOAT_REGISTER_NAMES: readonly string[] = Array.from({ length: 32 }, (_, i) => {
  if (i < 8) return `ft${i}`;
  if (i < 10) return `fs${i - 8}`;
  if (i < 18) return `fa${i - 10}`;
  return i < 28 ? `fs${i - 16}` : `ft${i - 20}`;
});

const ROUNDING_MODES = ["rne", "rtz", "rdn", "rup", "rmm"];
/** The mode in frm decides: what assembly leaves out. */
const DYNAMIC = 7;

const CSR_NAMES: ReadonlyMap<number, string> = new Map([
  [0x001, "fflags"],
  [0x002, "frm"],
  [0x003, "fcsr"],
  [0xc00, "cycle"],
  [0xc01, "time"],
  [0xc02, "instret"],
]);

const isFloat = (kind: OperandKind): boolean => kind.startsWith("f");
const isRegister = (kind: OperandKind): boolean => /^(rd|rs[12]|f(d|s[123]))$/.test(kind);
const isTarget = (kind: OperandKind): boolean => kind === "boff" || kind === "joff";
const hex = (value: number): string => `0x${value.toString(16)}`;

/** The operands of a row in their order, and what stands between them. */
const operandsOf = (row: IsaRow): readonly OperandKind[] =>
  (row.syntax.match(/[a-z]+[0-9]?/g) ?? []) as OperandKind[];

function operandText(kind: OperandKind, value: number, pc: number): string {
  if (isRegister(kind))
    return (isFloat(kind) ? FLOAT_REGISTER_NAMES : REGISTER_NAMES)[value] as string;
  if (isTarget(kind)) return hex(pc + value);
  switch (kind) {
    case "upper":
      return hex(value >>> 12);
    case "shamt":
    case "shamtw":
      return hex(value);
    case "csr":
      return CSR_NAMES.get(value) ?? hex(value);
    case "rm":
      return ROUNDING_MODES[value] ?? (value === DYNAMIC ? "" : "unknown");
    default:
      return String(value);
  }
}

/** Text of the 32-bit instruction `word` at `pc`; undefined for an illegal one. */
export function disassembleWord(word: number, pc: number): string | undefined {
  const row = findRow(word);
  if (row === undefined) return undefined;
  const operands = row.syntax.replace(/[a-z]+[0-9]?/g, (name) => {
    const kind = name as OperandKind;
    return operandText(kind, OPERANDS[kind](word), pc);
  });
  return `${row.name} ${operands.replace(/,$/, "")}`.trimEnd();
}

/** One instruction as text, and its size in bytes. */
export interface Disassembled {
  readonly text: string;
  readonly size: 2 | 4;
}

/** The instruction that begins with the low halfword of `word`. */
export function disassemble(word: number, pc: number): Disassembled {
  const isShort = (word & 3) !== 3;
  const full = isShort ? expandCompressed(word & 0xffff) : word;
  const text = disassembleWord(full, pc);
  const raw = isShort ? `.half ${hex(word & 0xffff)}` : `.word ${hex(word >>> 0)}`;
  return { text: text ?? raw, size: isShort ? 2 : 4 };
}

function operandValue(kind: OperandKind, text: string, pc: number): number {
  if (isRegister(kind)) {
    const names: readonly string[] = isFloat(kind) ? FLOAT_REGISTER_NAMES : REGISTER_NAMES;
    const index = names.indexOf(text);
    if (index < 0) throw new Error(`${text} is no register`);
    return index;
  }
  if (kind === "rm") return text === "" ? DYNAMIC : ROUNDING_MODES.indexOf(text);
  const named = [...CSR_NAMES].find(([, name]) => name === text);
  if (kind === "csr" && named !== undefined) return named[0];
  const value = Number(text);
  if (text === "" || !Number.isInteger(value)) throw new Error(`"${text}" is no number`);
  if (isTarget(kind)) return value - pc;
  return kind === "upper" ? (value << 12) | 0 : value;
}

/** The word of one instruction at `pc`. Throws for what the table does not have or that does not fit. */
export function assemble(text: string, pc = 0): number {
  const [name = "", rest = ""] = text.trim().split(/\s+(.*)/s);
  const row = ISA.find((each) => each.name === name);
  if (row === undefined) throw new Error(`no instruction ${name}`);
  const given = rest.split(/[,()]/).map((part) => part.trim());
  // `(rs1)` alone leaves an empty part before it.
  const parts = row.syntax.includes(",(") ? given.filter((part) => part !== "") : given;
  let word = row.match;
  for (const [i, kind] of operandsOf(row).entries()) {
    const value = operandValue(kind, parts[i] ?? "", pc);
    const bits = ENCODERS[kind](value);
    if (OPERANDS[kind](bits) !== value) throw new Error(`${parts[i]} does not fit in ${text}`);
    word |= bits;
  }
  return word | 0;
}
