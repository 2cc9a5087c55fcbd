/** Where a matrix goes: the terminal, and the files that were asked for. */
import type { MatrixFile } from "../export/matrix-file.ts";
import type { CliContext } from "./context.ts";
import { writeFileWhole } from "./write-file.ts";

export interface MatrixOutputs {
  /** A file; `true` and `-` are standard output. */
  readonly json?: string | true;
  readonly html?: string;
  readonly svg?: string;
}

export const isToStdout = ({ json }: MatrixOutputs): boolean => json === true || json === "-";

/** Writes what was asked for; the table is for whoever did not ask for JSON in its place. */
export async function writeMatrix(
  matrix: MatrixFile,
  outputs: MatrixOutputs,
  { terminal }: CliContext,
): Promise<void> {
  const { html, json, svg } = outputs;
  const { cells } = matrix;
  if (html !== undefined) {
    const { matrixHtml } = await import("../export/matrix-page.ts");
    writeFileWhole(html, matrixHtml(cells));
  }
  if (svg !== undefined) {
    const { matrixSvg } = await import("../export/matrix-svg.ts");
    const { drawn } = await import("../export/matrix-grid.ts");
    writeFileWhole(svg, matrixSvg(cells.map(drawn)));
  }
  if (json !== undefined) {
    const { matrixFileText } = await import("../export/matrix-file.ts");
    const text = matrixFileText(matrix);
    if (isToStdout(outputs)) {
      terminal.out(text);
      return;
    }
    writeFileWhole(json as string, `${text}\n`);
  }
  const { matrixText } = await import("../export/matrix-table.ts");
  for (const line of matrixText(cells)) terminal.out(line);
}
