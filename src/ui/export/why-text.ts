/** One tracer on one release told in words: verdicts, what the diff foretold, and the evidence. */
import type { Cell, Reverted } from "#tracers";
import type { ToldCell } from "../host/tracer-job.ts";
import { seenReason } from "./cell-reason.ts";
import { isSilent } from "./matrix-grid.ts";

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `    ${line}`);

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...indent(lines)];
}

/** Claim and report side by side where they differ: `-` was claimed, `+` was reported. */
function difference({ evidence: { claimed, reported }, verdict }: Cell): readonly string[] {
  // Of a tracer that never ran, or crashed, nothing is asked.
  if (verdict !== "misses events" && verdict !== "reports wrong data") return [];
  const missing = claimed.filter((line) => !reported.includes(line)).map((line) => `- ${line}`);
  const extra = reported.filter((line) => !claimed.includes(line)).map((line) => `+ ${line}`);
  return [...missing, ...extra];
}

/** The cells of one tracer on one release. */
export function explainCells(cells: readonly ToldCell[]): readonly string[] {
  const [first] = cells;
  if (first === undefined) return [];
  // Since its home release, and so the same for every cell.
  const { changes } = first;
  const changed = [`what changed of what ${first.cell.tracer} uses, since its home release:`];
  return [
    ...(changes.length === 0 ? [] : [...changed, ...changes.map((line) => `  ${line}`), ""]),
    ...cells.flatMap(explainCell),
  ];
}

/** The patch that did it, and what would have been without it. */
function blameLines({ blame, cell: { verdict }, reverted }: ToldCell): readonly string[] {
  if (blame === undefined) return [];
  const { patch, subject, isMissing, lastWorking, firstVerdict } = blame;
  const which = isMissing
    ? "works only with a patch that is not in this release"
    : "no longer works from";
  // What a later patch made of it is not the whole story.
  const first =
    firstVerdict === undefined || firstVerdict === verdict ? "" : ` (there: ${firstVerdict})`;
  return [
    `  it works on ${lastWorking}; ${which}: ${patch} ${subject}${first}`,
    ...(reverted === undefined ? [] : [`  without ${patch}: ${whatThen(reverted)}`]),
  ];
}

function whatThen(reverted: Reverted): string {
  if (reverted.kind === "stuck") return reverted.why;
  const { cell } = reverted;
  const reason = seenReason(cell);
  return reason === "" ? cell.verdict : `${cell.verdict}: ${reason}`;
}

function explainCell(explained: ToldCell): readonly string[] {
  const { cell } = explained;
  const { evidence, tracer, delivery, release, verdict, predicted } = cell;
  const foretold = `  the API diff alone would have said: ${predicted}`;
  return [
    `${tracer}, ${delivery}, on ${release}: ${verdict}`,
    ...(isSilent(cell) ? [foretold] : []),
    ...(explained.explained === undefined ? [] : [`  but ${explained.explained}`]),
    ...blameLines(explained),
    ...section("build:", evidence.buildLog),
    ...(verdict === "attach fails" && evidence.refusal !== undefined
      ? [`  insmod was told: ${evidence.refusal}`]
      : []),
    ...section("the kernel said:", evidence.dmesg.slice(-12)),
    ...section("claimed (-) and reported (+), where they differ:", difference(cell)),
    "",
  ];
}
