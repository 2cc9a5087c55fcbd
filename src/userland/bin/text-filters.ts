/**
 * wc, head and tail.
 *
 * Source: POSIX.1-2017, XCU; layouts of GNU coreutils 9.1.
 * Left out: byte counts in head and tail; `tail -f`.
 */
import { O_RDONLY } from "#abi";
import { decodeUtf8, encodeUtf8, type ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { type Options, parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import { type InputText, readInputs, splitLines } from "../libc/text-input.ts";
import type { UserCall } from "../libc/trap.ts";

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

/** The count of `-n`; `-5` is the old spelling of `-n 5`. null after a message. */
function* lineCount(p: Proc): UserCall<{ count: number; operands: readonly string[] } | null> {
  const argv = p.argv.map((word) => (/^-\d+$/.test(word) ? `-n${word.slice(1)}` : word));
  const options = yield* parseOptions(p, argv, "n:");
  if (options === null) return null;
  const operand = options.values.get("n") ?? "10";
  if (/^[-+]?\d+$/.test(operand)) {
    return { count: Math.abs(Number(operand)), operands: options.operands };
  }
  yield* p.error(`${p.argv[0]}: invalid number of lines: '${operand}'\n`);
  return null;
}

function headings(inputs: readonly InputText[], lines: (text: string) => string[]): string {
  let out = "";
  for (const [index, { name, text }] of inputs.entries()) {
    if (inputs.length > 1) out += `${index > 0 ? "\n" : ""}==> ${name} <==\n`;
    out += lines(text)
      .map((line) => `${line}\n`)
      .join("");
  }
  return out;
}

/** Reads no further than the lines that are wanted, so that an endless writer is let go. */
function* readLines(p: Proc, fd: number, count: number): UserCall<string | number> {
  const read: number[] = [];
  let lines = 0;
  while (lines < count) {
    const bytes = yield* p.sys.read(fd, 4096);
    if (typeof bytes === "number") return bytes;
    if (bytes.length === 0) break;
    for (const byte of bytes) {
      read.push(byte);
      if (byte === 0x0a) lines += 1;
    }
  }
  return decodeUtf8(read);
}

export const HEAD: ProgramImage = defineProgram("head", function* (p) {
  const wanted = yield* lineCount(p);
  if (wanted === null) return 1;
  const inputs: InputText[] = [];
  let status = 0;
  for (const name of wanted.operands.length === 0 ? ["-"] : wanted.operands) {
    const fd = name === "-" ? 0 : yield* p.sys.open(name, O_RDONLY);
    const text = fd < 0 ? fd : yield* readLines(p, fd, wanted.count);
    if (fd > 0) yield* p.sys.close(fd);
    if (typeof text === "string") inputs.push({ name, text });
    else {
      yield* p.error(`head: cannot open '${name}' for reading: ${p.strerror(text)}\n`);
      status = 1;
    }
  }
  yield* p.print(headings(inputs, (text) => splitLines(text).slice(0, wanted.count)));
  return status;
});

export const TAIL: ProgramImage = defineProgram("tail", function* (p) {
  const wanted = yield* lineCount(p);
  if (wanted === null) return 1;
  const { inputs, problems } = yield* readInputs(p, wanted.operands);
  const keep = (lines: string[]): string[] =>
    wanted.count === 0 ? [] : lines.slice(-wanted.count);
  yield* p.print(headings(inputs, (text) => keep(splitLines(text))));
  return problems > 0 ? 1 : 0;
});
