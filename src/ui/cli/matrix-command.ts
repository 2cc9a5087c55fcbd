/**
 * `quicksand matrix`: every tracer on every release. `quicksand why`: one tracer on one release, with
 * the evidence.
 */
import type { Command } from "commander";
import type { Cell, MatrixParts, Tracer } from "#tracers";
import { suggestName } from "../near-names.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { openCatalogue } from "./open-client.ts";
import { writeFileWhole } from "./write-file.ts";

interface MatrixOptions {
  readonly json?: true;
  readonly html?: string;
  readonly tracer?: string;
  readonly release?: string;
}

export function addMatrixCommand(program: Command, context: CliContext): void {
  program
    .command("matrix")
    .summary("run every tracer on every release")
    .description(
      "Builds, boots and runs every tracer on every release, and prints what became of each.",
    )
    .option("--tracer <name>", "only this one: a shipped tracer's name, or a folder")
    .option("--release <release>", "only this release")
    .option("--json", "as JSON, with the evidence of each cell")
    .option("--html <file>", "write a page")
    .action(async (options: MatrixOptions) => {
      const parts = await openMatrix(context, options.tracer, options.release);
      const cells = await runCells(parts, context);
      const { matrixHtml, matrixText } = await import("../export/matrix-table.ts");
      if (options.html !== undefined) writeFileWhole(options.html, matrixHtml(cells));
      if (options.json === true) context.terminal.out(JSON.stringify({ cells }, null, 2));
      else for (const line of matrixText(cells)) context.terminal.out(line);
    });
  program
    .command("why <tracer> <release>")
    .summary("one tracer on one release, with the evidence")
    .description(
      "Runs one tracer on one release in every delivery it has, and shows what was built, said and claimed.",
    )
    .action(async (name: string, release: string) => {
      const parts = await openMatrix(context, name, release);
      const { explainCell } = await import("../export/why-text.ts");
      const cells = await runCells(parts, context);
      for (const cell of cells)
        for (const line of explainCell(cell, parts)) context.terminal.out(line);
    });
}

async function openMatrix(
  context: CliContext,
  name: string | undefined,
  release: string | undefined,
): Promise<MatrixParts> {
  const catalogue = openCatalogue(context.places);
  const { matrixParts } = await import("../host/matrix-parts.ts");
  const tracers = await findTracers(context, name);
  const releases =
    release === undefined
      ? catalogue.releases.map((row) => row.release)
      : [nameOf(catalogue, release)];
  return matrixParts(catalogue, tracers, releases);
}

function nameOf(catalogue: ReturnType<typeof openCatalogue>, release: string): string {
  const image = catalogue.load(release);
  if ("message" in image) throw new AuthorError(image);
  return image.release;
}

/** All shipped tracers, one of them by name, or the one in a folder. */
export async function findTracers(
  context: CliContext,
  name: string | undefined,
): Promise<readonly Tracer[]> {
  const { loadTracer, shippedTracers } = await import("../host/tracers.ts");
  if (name !== undefined && /[/\\.]/.test(name)) {
    const loaded = loadTracer(name);
    if ("diagnostics" in loaded) throw new AuthorError(...loaded.diagnostics);
    return [loaded.tracer];
  }
  const shipped = shippedTracers(context.places.root);
  if (name === undefined) return shipped;
  const found = shipped.filter(({ declaration }) => declaration.name === name);
  if (found.length > 0) return found;
  throw usageError(
    "QS1112",
    `there is no tracer "${name}"`,
    suggestName(
      name,
      shipped.map(({ declaration }) => declaration.name),
    ),
  );
}

async function runCells(parts: MatrixParts, { terminal }: CliContext): Promise<readonly Cell[]> {
  const { runMatrix } = await import("#tracers");
  const cells: Cell[] = [];
  for (const cell of runMatrix(parts)) {
    cells.push(cell);
    terminal.progress?.(`${cells.length} cells, ${cell.tracer} on ${cell.release}`);
  }
  terminal.progress?.("");
  return cells;
}
