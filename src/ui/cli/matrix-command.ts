/**
 * `quicksand matrix`: every tracer on every release. `quicksand why`: one tracer on one release, with
 * the evidence.
 */
import type { Command } from "commander";
import type { Cell } from "#tracers";
import type { Explained } from "../export/why-text.ts";
import type { Catalogue } from "../host/catalogue.ts";
import type { TracerJob } from "../host/tracer-job.ts";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { TREE_OPTION } from "./options.ts";
import { runTracerJob } from "./run-tracer-job.ts";
import { writeFileWhole } from "./write-file.ts";

interface MatrixOptions extends WhichRelease {
  readonly json?: true;
  readonly html?: string;
  readonly tracer?: string;
}

/** A tree of one's own stands beside the release that it was taken from. */
function releasesOf(catalogue: Catalogue, release: string | undefined): TracerJob["releases"] {
  if (release === undefined) return "all";
  const own = catalogue.ownImages.length > 0 && catalogue.releases.at(-1);
  return own ? [`${own.branch}/${own.tag}`, release] : [release];
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
    .option(...TREE_OPTION)
    .option("--json", "as JSON, with the evidence of each cell")
    .option("--html <file>", "write a page")
    .action(async ({ tracer, html, json, ...which }: MatrixOptions) => {
      const { catalogue, release } = await openRelease(context.places, which);
      const cells: Cell[] = [];
      const job: TracerJob = {
        ...(tracer === undefined ? {} : { tracer }),
        releases: releasesOf(catalogue, release),
        deliveries: "all",
        // Between two releases it takes more builds and runs, so only those who keep it pay for it.
        ...(json === true || html !== undefined ? { blame: "patch" } : {}),
      };
      const done = await runTracerJob(job, catalogue, context, ({ cell }) => {
        cells.push(cell);
        const count = `${cells.length} ${cells.length === 1 ? "cell" : "cells"}`;
        context.terminal.progress?.(`${count}, ${cell.tracer} on ${cell.release}`);
      });
      context.terminal.progress?.("");
      if (!done) return;
      if (html !== undefined) {
        const { matrixHtml } = await import("../export/matrix-page.ts");
        writeFileWhole(html, matrixHtml(cells));
      }
      const { matrixText } = await import("../export/matrix-table.ts");
      if (json === true) {
        context.terminal.out(JSON.stringify({ cells }, null, 2));
        return;
      }
      for (const line of matrixText(cells)) context.terminal.out(line);
      if (which.tree === undefined || release === undefined) return;
      const { treeEffect } = await import("../export/tree-effect.ts");
      for (const line of ["", ...treeEffect(cells, release)]) context.terminal.out(line);
    });
  program
    .command("why <tracer> [release]")
    .summary("one tracer on one release, with the evidence")
    .description(
      "Runs one tracer (a shipped one's name, or a folder) on one release in every delivery it " +
        "has, and shows what was built, said and claimed.",
    )
    .option(...TREE_OPTION)
    .action(async (tracer: string, named: string | undefined, { tree }: WhichRelease) => {
      const which = { ...(named && { release: named }), ...(tree && { tree }) };
      const { catalogue, release } = await openRelease(context.places, which);
      if (release === undefined)
        throw usageError("QS1131", "why on which release?", "quicksand why counter v5.14");
      const told: Explained[] = [];
      let changed: readonly string[] = [];
      const job: TracerJob = {
        tracer,
        releases: [release],
        deliveries: "all",
        changes: true,
        blame: "revert",
      };
      const done = await runTracerJob(job, catalogue, context, (news) => {
        told.push(news);
        changed = news.changes;
      });
      if (!done) return;
      const { explainCells } = await import("../export/why-text.ts");
      for (const line of explainCells(told, changed)) context.terminal.out(line);
    });
}
