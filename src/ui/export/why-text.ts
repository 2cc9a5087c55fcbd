/** One tracer on one release told in words: verdicts, what the diff foretold, and the evidence. */
import type { Cell } from "#tracers";

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

/** The cells of one tracer on one release; `changes` since its home release concern them all. */
export function explainCells(
  cells: readonly Cell[],
  changes: readonly string[],
): readonly string[] {
  const [first] = cells;
  if (first === undefined) return [];
  const changed = [`what changed of what ${first.tracer} uses, since its home release:`];
  return [
    ...(changes.length === 0 ? [] : [...changed, ...changes.map((line) => `  ${line}`), ""]),
    ...cells.flatMap(explainCell),
  ];
}

function explainCell(cell: Cell): readonly string[] {
  const { evidence, tracer, delivery, release, verdict, predicted } = cell;
  const foretold = `  the API diff alone would have said: ${predicted}`;
  return [
    `${tracer}, ${delivery}, on ${release}: ${verdict}`,
    ...(predicted === verdict ? [] : [foretold]),
    ...section("build:", evidence.buildLog),
    ...section("the kernel said:", evidence.dmesg.slice(-12)),
    ...section("claimed (-) and reported (+), where they differ:", difference(cell)),
    "",
  ];
}
