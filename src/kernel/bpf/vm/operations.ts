/**
 * The executor's operations: every instruction that the rows make up, as one case of its switch. A
 * prepared instruction's code is an index into this list.
 *
 * An arithmetic operation is the same for an immediate and for a register, and so has one case.
 */
import { ARITHMETIC_ROWS } from "../isa/arithmetic.ts";
import { BYTE_SWAP_ROWS } from "../isa/byte-swap.ts";
import { JUMP_ROWS } from "../isa/jump.ts";
import { ATOMIC_ROWS, type AtomicRow, CMPXCHG, SIZE_ROWS, type SizeRow } from "../isa/memory.ts";
import type { Operation } from "../isa/table.ts";

/** One case. `run` is over `x`, `d`, `s` and `to`, the fourth word; see scripts/build-bpf.ts. */
export interface Case {
  readonly name: string;
  readonly run: string;
}

/** The address in the register at `r`, plus the offset. */
const at = (r: string): string => `const at = address(x, ${r}) + to;`;

const jumpIf = (test: string): string => `if (${test}) ip = to;`;

function atomicRun(row: AtomicRow, size: SizeRow): string {
  const arithmetic = ARITHMETIC_ROWS.find(({ name }) => name === row.operation);
  const isWide = size.bytes === 8;
  // The old value lies in the slot t; the same line that adds registers adds to it.
  const compute = (isWide ? arithmetic?.run64 : arithmetic?.run32)?.replace(/\bd\b/g, "t") ?? "";
  const store = size.store.replace(/\bs\b/g, "t");
  const fetch = size.load.replace(/\bd\b/g, "t");
  const isEqual = `x[0] === x[t]${isWide ? " && x[1] === x[t + 1]" : ""}`;
  const update = `{ ${compute} ${store} }`;
  const head = `${at("d")} ${fetch} const old = x[t], oldHigh = x[t + 1];`;
  if (row.imm === CMPXCHG) return `${head} if (${isEqual}) ${update} x[0] = old; x[1] = oldHigh;`;
  return `${head} ${update}${row.call === undefined ? "" : " x[s] = old; x[s + 1] = oldHigh;"}`;
}

export const CASES: readonly Case[] = [
  ...ARITHMETIC_ROWS.flatMap((row) => [
    { name: `${row.name}64`, run: row.run64 },
    ...(row.run32 === undefined ? [] : [{ name: `${row.name}32`, run: row.run32 }]),
  ]),
  ...BYTE_SWAP_ROWS.flatMap(({ name, run }) =>
    ([16, 32, 64] as const).map((bits) => ({ name: `${name}${bits}`, run: run[bits] })),
  ),
  ...JUMP_ROWS.flatMap(({ name, test64, test32 }) => [
    { name: `${name}64`, run: jumpIf(test64) },
    { name: `${name}32`, run: jumpIf(test32) },
  ]),
  ...SIZE_ROWS.flatMap(({ type, load, loadSigned, store }) => [
    { name: `load ${type}`, run: `${at("s")} ${load}` },
    ...(loadSigned === undefined
      ? []
      : [{ name: `load signed ${type}`, run: `${at("s")} ${loadSigned}` }]),
    { name: `store ${type}`, run: `${at("d")} ${store}` },
  ]),
  ...ATOMIC_ROWS.flatMap((row) =>
    SIZE_ROWS.filter(({ bytes }) => bytes >= 4).map((size) => ({
      name: `atomic ${row.name} ${size.type}`,
      run: atomicRun(row, size),
    })),
  ),
  { name: "wide", run: "x[d + 1] = x[s + 1]; x[d] = x[s]; ip = to;" },
  { name: "goto", run: "ip = to;" },
  { name: "call", run: "helpers[to](x);" },
  { name: "probe", run: "probe(x, d, s, to);" },
  { name: "exit", run: "vm.executed = executed; return x[0];" },
];

const CODES: ReadonlyMap<string, number> = new Map(CASES.map(({ name }, code) => [name, code]));

/** The code of the case called `name`. */
export const codeNamed = (name: string): number => CODES.get(name) ?? -1;

/** Which case runs an operation. */
export function caseOf(operation: Operation): number {
  switch (operation.kind) {
    case "arithmetic":
    case "jump":
      return codeNamed(`${operation.row.name}${operation.is64 ? 64 : 32}`);
    case "swap":
      return codeNamed(`${operation.row.name}${operation.bits}`);
    case "load":
      return codeNamed(`load ${operation.signed ? "signed " : ""}${operation.size.type}`);
    case "store":
      return codeNamed(`store ${operation.size.type}`);
    case "atomic":
      return codeNamed(`atomic ${operation.row.name} ${operation.size.type}`);
    default:
      return codeNamed(operation.kind);
  }
}
