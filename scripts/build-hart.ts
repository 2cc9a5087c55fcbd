/**
 * Writes the executor, src/kernel/hw/hart/execute.generated.ts, from the instruction table: one
 * function, one switch, every hot instruction in line. A test says when the file is stale.
 *
 * Why generated: the measured way to be quick on V8 is one flat switch without calls, and nobody
 * should have to read or keep the carry of a 64-bit sum in forty places. The words that the rows'
 * text may use are the keys of MACROS.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HOT } from "../src/kernel/hw/hart/operations.ts";

const TARGET = fileURLToPath(
  new URL("../src/kernel/hw/hart/execute.generated.ts", import.meta.url),
);

/** rs1 plus the immediate as `lo` and `hi`, and the entry `e` of the TLB that could know it. */
const ADDRESS = `const lo = (x[a] + i) | 0;
const hi = (x[a + 1] + (i >> 31) + (lo >>> 0 < i >>> 0 ? 1 : 0)) | 0;
const page = (hi << 20) | (lo >>> 12), e = (page & TLB_MASK) << 2;`;
const reaches = (column: number, size: number): string =>
  `((tlb[e + ${column}] ^ page) | (hi >>> 6)) === 0${size === 1 ? "" : ` && (lo & 4095) <= ${4096 - size}`}`;
const AT = "const at = tlb[e + 3] + (lo & 4095);";
const FAULT = "{ exit = EXIT_FAULT; break enter; }";

/** A load: the page is known and the access stays in it, or the slow way. */
const load = (call: string, size: string, rest: string, run: string): string => `${ADDRESS}
if (${reaches(0, Number(size))}) { ${AT} ${run} }
else { if (!hart.${call}(lo, hi, ${size}${rest}, d)) ${FAULT} view = hart.memory.view; }`;

/** A store. The slow way may find that it changed code: then the rest of the block is stale. */
const store = (call: string, size: string, run: string): string => `${ADDRESS}
if (${reaches(1, Number(size))}) { ${AT} ${run} }
else {
  const done = hart.${call}(lo, hi, ${size}, b);
  if (done === STORE_FAULT) ${FAULT}
  view = hart.memory.view;
  if (done === STORE_CODE) {
    budget += n - ((ip - start) >> 2) - 1;
    offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
    table = 0; slot = 0;
    continue enter;
  }
}`;

/** The page base plus an offset of at most 32 bits, into register d. */
const PC_PLUS = `const low = (pageLo + i) | 0;
x[d + 1] = pageHi + (i >> 31) + (low >>> 0 < i >>> 0 ? 1 : 0); x[d] = low;`;

/** Follows a link of this block, or finds out where it leads. */
const FOLLOW = `const to = ops[s];
if (to !== 0 && budget >= ops[to - 1]) { n = ops[to - 1]; budget -= n; start = to; ip = to; continue; }
slot = s; offset = ops[s + 2];
continue enter;`;

const COLD = `{ const status = hart.cold(ip, budget + n - ((ip - start) >> 2));
  view = hart.memory.view;
  if (status !== COLD_DONE) {
    if (status === COLD_CODE) {
      budget += n - ((ip - start) >> 2) - 1;
      offset = (offs[ip >> 2] & 0xffff) + ((offs[ip >> 2] >> 16) & 15);
      table = 0; slot = 0;
      continue enter;
    }
    exit = status; break enter;
  } }`;

const double = (
  value: string,
): string => `const p = ff[a >> 1], q = ff[b >> 1], r = ${value}, m = Math.abs(r);
if ((fp.fcsr & 0xe1) === 1 && m >= 1e-300 && m <= 1.7e308) ff[d >> 1] = r; else ${COLD}`;
const single = (
  value: string,
): string => `const p = fs[a], q = fs[b], r = Math.fround(${value}), m = Math.abs(r);
if ((fp.fcsr & 0xe1) === 1 && fw[a + 1] === -1 && fw[b + 1] === -1 && m >= 1e-37 && m <= 3.4e38) { fs[d] = r; fw[d + 1] = -1; } else ${COLD}`;

/** The words of the table's text, as patterns and what they become. */
const MACROS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^LOAD\((\d), (\w+)\) \{ (.*) \}$/s, (size, sign, run) => load("load", size, `, ${sign}`, run)],
  [/^LOAD_FLOAT\((\d)\) \{ (.*) \}$/s, (size, run) => load("loadFloat", size, "", run)],
  [/^STORE\((\d)\) \{ (.*) \}$/s, (size, run) => store("store", size, run)],
  [/^STORE_FLOAT\((\d)\) \{ (.*) \}$/s, (size, run) => store("storeFloat", size, run)],
  [/^BRANCH\((.*)\)$/s, (condition) => `const s = ip + (${condition} ? 4 : 5);\n${FOLLOW}`],
  [/^PC_PLUS\(i\)$/, () => PC_PLUS],
  [/^PC_PLUS\(i\) JUMP$/, () => `${PC_PLUS}\nconst s = ip + 4;\n${FOLLOW}`],
  [/^FALL$/, () => `const s = ip + 4;\n${FOLLOW}`],
  [
    /^JUMP_REGISTER$/,
    () => `const target = (x[a] + i) | 0;
const targetHi = (x[a + 1] + (i >> 31) + (target >>> 0 < i >>> 0 ? 1 : 0)) | 0;
const back = ops[ip + 4], low = (pageLo + back) | 0;
x[d + 1] = pageHi + (low >>> 0 < back ? 1 : 0); x[d] = low;
if ((target & -4096) !== pageLo || targetHi !== pageHi) { pageLo = target & -4096; pageHi = targetHi; table = 0; }
offset = target & 4094; slot = 0;
continue enter;`,
  ],
  [
    /^STRADDLE$/,
    () => `const half = hart.fetchHalf(pageLo, pageHi);
if (half < 0) { exit = EXIT_FAULT; break enter; }
start += 4;
if (half !== ops[ip + 1]) { hart.forget(table, 0xffe); budget += n; offset = 0xffe; slot = 0; continue enter; }`,
  ],
  [/^ENVIRONMENT_CALL$/, () => "exit = EXIT_ECALL; budget -= 1; break enter;"],
  [/^BREAKPOINT$/, () => "exit = EXIT_BREAKPOINT; break enter;"],
  [/^ILLEGAL$/, () => "exit = EXIT_ILLEGAL; break enter;"],
  [/^COLD$/, () => COLD],
  [/^FLOAT_DOUBLE\((.*)\)$/, double],
  [/^FLOAT_SINGLE\((.*)\)$/, single],
  [/^FLOAT_ROOT_DOUBLE$/, () => double("Math.sqrt(p)").replace(", q = ff[b >> 1]", "")],
  [
    /^FLOAT_ROOT_SINGLE$/,
    () => single("Math.sqrt(p)").replace(", q = fs[b]", "").replace(" && fw[b + 1] === -1", ""),
  ],
  [
    /^COMPARE_DOUBLE\((.*)\)$/,
    (operator) => `const p = ff[a >> 1], q = ff[b >> 1];
if (p === p && q === q) { x[d] = p ${operator} q ? 1 : 0; x[d + 1] = 0; } else ${COLD}`,
  ],
  [
    /^COMPARE_SINGLE\((.*)\)$/,
    (operator) => `const p = fs[a], q = fs[b];
if (fw[a + 1] === -1 && fw[b + 1] === -1 && p === p && q === q) { x[d] = p ${operator} q ? 1 : 0; x[d + 1] = 0; } else ${COLD}`,
  ],
];

function expand(run: string): string {
  for (const [pattern, become] of MACROS) {
    const found = pattern.exec(run);
    if (found !== null) return become(...found.slice(1));
  }
  return run;
}

/** Where the operands lie in an operation's words; a store has its value where others have rd. */
function operands(text: string, isStore: boolean): string {
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const places: [string, number][] = isStore
    ? [
        ["b", 1],
        ["a", 2],
        ["i", 3],
      ]
    : [
        ["d", 1],
        ["a", 2],
        ["b", 3],
        ["i", 3],
      ];
  const used = places.filter(([name]) => uses(name));
  if (used.length === 0) return "";
  return `const ${used.map(([name, at]) => `${name} = ops[ip + ${at}]`).join(", ")};\n`;
}

const indent = (text: string, by: number): string => text.replace(/^(?=.)/gm, " ".repeat(by));

/** Does control leave at the end of the text, whatever happens? Then there is no next operation. */
const leaves = (text: string): boolean => /(continue enter|break enter);$/.test(text.trimEnd());

function caseOf(code: number): string {
  const { name, run, isStore } = HOT[code] as (typeof HOT)[number];
  const text = expand(run);
  const body = `${operands(text, isStore)}${text}${leaves(text) ? "" : "\nip += 4;\ncontinue;"}`;
  return `case ${code}: { // ${name}\n${indent(body.trim(), 2)}\n}`;
}

const HEAD = `/**
 * Generated from the instruction table by \`npm run hart\`; do not edit. Types are not checked here:
 * every access to a typed array is in range by construction, and an assertion on each would hide
 * the code.
 */
// @ts-nocheck
import { divide, divideUnsigned, multiplyHigh, remainder, remainderUnsigned } from "./arithmetic.ts";
import {
  COLD_CODE,
  COLD_DONE,
  EXIT_BREAKPOINT,
  EXIT_BUDGET,
  EXIT_ECALL,
  EXIT_FAULT,
  EXIT_ILLEGAL,
  STORE_CODE,
  STORE_FAULT,
  TLB_MASK,
} from "./codes.ts";
import type { Hart } from "./hart.ts";

/** Runs until the budget is used up or something needs the kernel; answers which, as EXIT_*. */
export function execute(hart: Hart): number {
  const x = hart.x, fp = hart.fp, fw = fp.bits, ff = fp.values, fs = fp.singles;
  let { ops, offs, entries, tables, tlb, budget } = hart;
  let view = hart.memory.view;
  let pageLo = x[64] & -4096, pageHi = x[65], offset = x[64] & 4095;
  let table = 0, slot = 0, ip = 0, start = 0, n = 0, exit = EXIT_BUDGET;
  enter: for (;;) {
    // Where to: \`offset\` from the page, perhaps outside it. Only links within a page are kept.
    if (budget <= 0) { ip = 0; break; }
    if (offset >>> 12 !== 0 || table === 0) {
      const lo = (pageLo + offset) | 0;
      pageHi = (pageHi + (offset >> 31) + (lo >>> 0 < offset >>> 0 ? 1 : 0)) | 0;
      pageLo = lo & -4096;
      offset = lo & 4095;
      slot = 0;
      const page = (pageHi << 20) | (pageLo >>> 12), e = (page & TLB_MASK) << 2;
      table = ((tlb[e + 2] ^ page) | (pageHi >>> 6)) === 0 ? tables[tlb[e + 3] >>> 12] : 0;
      if (table === 0) {
        table = hart.fetchPage(pageLo, pageHi);
        ({ ops, offs, entries, tables } = hart);
        view = hart.memory.view;
        if (table === 0) { ip = 0; exit = EXIT_FAULT; break; }
      }
    }
    ip = entries[table + (offset >> 1)];
    if (ip === 0) {
      ip = hart.decode(table, pageLo, pageHi, offset);
      ({ ops, offs, entries, tables } = hart);
      if (ip === 0) { table = 0; continue; }
    }
    if (slot !== 0) { ops[slot] = ip; slot = 0; }
    n = ops[ip - 1];
    if (budget < n) { ip = hart.decodePart(table, pageLo, pageHi, offset, budget); n = ops[ip - 1]; }
    budget -= n;
    start = ip;
    for (;;) {
      switch (ops[ip]) {
`;

const TAIL = `      }
    }
  }
  if (ip !== 0) {
    // In the middle of a block: what did not retire is given back.
    budget += n - ((ip - start) >> 2);
    offset = offs[ip >> 2] & 0xffff;
  }
  hart.budget = budget;
  const lo = (pageLo + offset) | 0;
  x[65] = pageHi + (offset >> 31) + (lo >>> 0 < offset >>> 0 ? 1 : 0);
  x[64] = lo;
  return exit;
}
`;

export const generate = (): string =>
  `${HEAD}${HOT.map((_, code) => indent(caseOf(code), 8)).join("\n")}\n${TAIL}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, generate());
