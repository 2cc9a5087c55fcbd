/**
 * wc, head and tail.
 *
 * Source: POSIX.1-2017, XCU; layouts of GNU coreutils 9.1.
 * Left out: byte counts in head and tail; `tail -f`.
 */
import { encodeUtf8, type ProgramImage } from "#kernel";
import { defineProgram, type ProcMain } from "../libc/define-program.ts";
import { type Options, parseOptions } from "../libc/options.ts";
import { readInputs, splitLines } from "../libc/text-input.ts";

function countText(text: string): readonly [lines: number, words: number, bytes: number] {
  const lines = text.split("\n").length - 1;
  const words = text.split(/\s+/).filter((word) => word !== "").length;
  return [lines, words, encodeUtf8(text).length];
}

function wcColumns(counts: readonly number[], options: Options): number[] {
  const chosen = ["l", "w", "c"].map((flag) => options.flags.has(flag));
  return chosen.includes(true) ? counts.filter((_, at) => chosen[at]) : [...counts];
}

export const WC: ProgramImage = defineProgram("wc", function* (p) {
  const options = yield* parseOptions(p, p.argv, "lwc");
  if (options === null) return 1;
  const { inputs, problems } = yield* readInputs(p, options.operands);
  const rows = inputs.map(({ name, text }) => ({ name, counts: countText(text) }));
  if (rows.length > 1) {
    const total = [0, 1, 2].map((at) => rows.reduce((sum, row) => sum + (row.counts[at] ?? 0), 0));
    rows.push({ name: "total", counts: [total[0] ?? 0, total[1] ?? 0, total[2] ?? 0] });
  }
  const single = rows.length === 1 && wcColumns([0, 0, 0], options).length === 1;
  const piped = options.operands.length === 0;
  const largest = Math.max(0, ...rows.flatMap((row) => [...row.counts]));
  const width = single ? 1 : piped ? 7 : String(largest).length;
  let out = "";
  for (const { name, counts } of rows) {
    const cells = wcColumns(counts, options).map((count) => String(count).padStart(width));
    out += `${cells.join(" ")}${name === "-" ? "" : ` ${name}`}\n`;
  }
  yield* p.print(out);
  return problems > 0 ? 1 : 0;
});

/** head and tail differ in which lines they keep. */
function linesProgram(name: string, keep: (lines: string[], count: number) => string[]): ProcMain {
  return function* (p) {
    // `-5` is the old spelling of `-n 5`.
    const argv = p.argv.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
    const options = yield* parseOptions(p, argv, "n:");
    if (options === null) return 1;
    const operand = options.values.get("n") ?? "10";
    if (!/^[-+]?\d+$/.test(operand)) {
      yield* p.error(`${name}: invalid number of lines: '${operand}'\n`);
      return 1;
    }
    const { inputs, problems } = yield* readInputs(p, options.operands);
    let out = "";
    for (const [index, input] of inputs.entries()) {
      if (inputs.length > 1) out += `${index > 0 ? "\n" : ""}==> ${input.name} <==\n`;
      const kept = keep(splitLines(input.text), Math.abs(Number(operand)));
      out += kept.map((line) => `${line}\n`).join("");
    }
    yield* p.print(out);
    return problems > 0 ? 1 : 0;
  };
}

export const HEAD: ProgramImage = defineProgram(
  "head",
  linesProgram("head", (lines, count) => lines.slice(0, count)),
);

export const TAIL: ProgramImage = defineProgram(
  "tail",
  linesProgram("tail", (lines, count) => (count === 0 ? [] : lines.slice(-count))),
);
