/** One cell told in words: the verdict, what the diff foretold, and the evidence for both. */
import { type Cell, changesBetween, type MatrixParts } from "#tracers";

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `    ${line}`);

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...indent(lines)];
}

/** Claim and report side by side where they differ: `-` was claimed, `+` was reported. */
function difference(claimed: readonly string[], reported: readonly string[]): readonly string[] {
  const missing = claimed.filter((line) => !reported.includes(line)).map((line) => `- ${line}`);
  const extra = reported.filter((line) => !claimed.includes(line)).map((line) => `+ ${line}`);
  return [...missing, ...extra];
}

export function explainCell(cell: Cell, parts: MatrixParts): readonly string[] {
  const { evidence } = cell;
  const tracer = parts.tracers.find(({ declaration }) => declaration.name === cell.tracer);
  const changes = tracer === undefined ? [] : changesBetween(parts, tracer, cell.release);
  return [
    `${cell.tracer}, ${cell.delivery}, on ${cell.release}: ${cell.verdict}`,
    ...(cell.predicted === cell.verdict
      ? []
      : [`  the API diff alone would have said: ${cell.predicted}`]),
    ...section("what changed of what it uses, since its home release:", changes),
    ...section("build:", evidence.buildLog),
    ...section("the kernel said:", evidence.dmesg.slice(-12)),
    ...section(
      "claimed (-) and reported (+), where they differ:",
      difference(evidence.claimed, evidence.reported),
    ),
    "",
  ];
}
