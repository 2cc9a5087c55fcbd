/**
 * `quicksand matrix`: every tracer on every release. `quicksand why`: one tracer on one release, with
 * the evidence.
 */
import type { Command } from "commander";
import type { Cell } from "#tracers";
import type { TracerJob } from "../host/tracer-job.ts";
import type { CliContext } from "./context.ts";
import { runTracerJob } from "./run-tracer-job.ts";
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
    .action(async ({ tracer, release, html, json }: MatrixOptions) => {
      const cells: Cell[] = [];
      const job: TracerJob = {
        ...(tracer === undefined ? {} : { tracer }),
        releases: release === undefined ? "all" : { name: release },
        deliveries: "all",
      };
      const done = await runTracerJob(job, context, ({ cell }) => {
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
      if (json === true) context.terminal.out(JSON.stringify({ cells }, null, 2));
      else for (const line of matrixText(cells)) context.terminal.out(line);
    });
  program
    .command("why <tracer> <release>")
    .summary("one tracer on one release, with the evidence")
    .description(
      "Runs one tracer (a shipped one's name, or a folder) on one release in every delivery it " +
        "has, and shows what was built, said and claimed.",
    )
    .action(async (tracer: string, release: string) => {
      const cells: Cell[] = [];
      let changed: readonly string[] = [];
      const job: TracerJob = {
        tracer,
        releases: { name: release },
        deliveries: "all",
        changes: true,
      };
      const done = await runTracerJob(job, context, ({ cell, changes }) => {
        cells.push(cell);
        changed = changes;
      });
      if (!done) return;
      const { explainCells } = await import("../export/why-text.ts");
      for (const line of explainCells(cells, changed)) context.terminal.out(line);
    });
}
