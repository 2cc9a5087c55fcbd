/**
 * Why a cell of the matrix is what it is, in one line taken from its evidence: what the compiler, the
 * loader or the kernel said first, or where claim and report part. `quicksand why` tells all of it.
 */
import type { Cell, Verdict } from "#tracers";
import { isSilent } from "./matrix-grid.ts";

/** What every out-of-tree module makes the kernel say. */
const TAINT = /taints kernel|kernel tainted/;
const CRASH = /^(BUG|Unable|watchdog|Kernel panic|WARNING)/;

/** A diagnostic without its folder: where the tracer lies is the reader's affair. */
const withoutFolder = (line: string): string => line.replace(/^\S*\/(?=[^/\s]+:\d)/, "");

function firstDifference({ evidence: { claimed, reported } }: Cell): string {
  const missing = claimed.find((line) => !reported.includes(line));
  const extra = reported.find((line) => !claimed.includes(line));
  return [
    missing === undefined ? "" : `true would be: ${missing}`,
    reported.length === 0 ? "nothing was reported" : "",
    extra === undefined ? "" : `reported: ${extra}`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}

const said = (lines: readonly string[], which: RegExp): string | undefined =>
  lines.find((line) => which.test(line));

const REASONS: Readonly<Record<Verdict, (cell: Cell) => string>> = {
  works: () => "",
  "build fails": ({ evidence }) => withoutFolder(evidence.buildLog[0] ?? ""),
  "load refused": ({ evidence }) => evidence.dmesg.find((line) => !TAINT.test(line)) ?? "",
  "attach fails": ({ evidence }) =>
    evidence.dmesg.findLast((line) => !TAINT.test(line)) ?? evidence.refusal ?? "",
  "verifier rejects": ({ evidence }) => evidence.buildLog[0] ?? "",
  "denied by policy": ({ evidence }) => evidence.dmesg.at(-1) ?? "",
  "misses events": firstDifference,
  "reports wrong data": firstDifference,
  oops: ({ evidence }) => said(evidence.dmesg, CRASH) ?? "",
  lockup: ({ evidence }) => said(evidence.dmesg, CRASH) ?? "",
  panic: ({ evidence }) => said(evidence.dmesg, CRASH) ?? "",
};

/** What was said or seen, or "" for a tracer that works. */
export const seenReason = (cell: Cell): string => REASONS[cell.verdict](cell);

/** The same with what one would have expected, where that was something else. */
export function reasonOf(cell: Cell): string {
  const reason = seenReason(cell);
  const foreseen = isSilent(cell) ? `from the API diff one would expect: ${cell.predicted}` : "";
  return [reason, foreseen].filter((part) => part !== "").join("; ");
}
