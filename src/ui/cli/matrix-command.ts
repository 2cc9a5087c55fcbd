/** `quicksand matrix`: every tracer on every release. */
import type { Command } from "commander";
import type { Cell } from "#tracers";
import type { Catalogue } from "../host/catalogue.ts";
import type { Column } from "../host/column-job.ts";
import type { CliContext } from "./context.ts";
import { checkWhich, openRelease, type WhichRelease } from "./open-client.ts";
import { runJobs } from "./open-pool.ts";
import { CONFIG_OPTION, NO_CACHE_OPTION, parseJobs, TREE_OPTION } from "./options.ts";
import { writeFileWhole } from "./write-file.ts";

interface MatrixOptions extends WhichRelease {
  readonly json?: true;
  readonly html?: string;
  readonly tracer?: string;
  readonly jobs?: number;
  readonly cache: boolean;
}

/** A tree or a configuration of one's own stands beside the release that it was taken from. */
function releasesOf(
  catalogue: Catalogue,
  release: string | undefined,
  { tree, config }: WhichRelease,
): readonly string[] {
  if (release === undefined) return catalogue.releases.map((row) => row.release);
  const image = catalogue.load(release);
  const isOther = tree !== undefined || config !== undefined;
  return isOther && "tag" in image ? [`${image.branch}/${image.tag}`, release] : [release];
}

/** Row by row. */
function cellsOf(columns: readonly (Column | undefined)[]): readonly Cell[] {
  const rows = columns[0]?.rows ?? [];
  return rows.flatMap((_, row) =>
    columns.flatMap((column) => {
      const cell = column?.cells[row];
      return cell === undefined ? [] : [cell];
    }),
  );
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
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option(
      "--jobs <n>",
      "so many cells at a time; as many as there are processors if not given",
      parseJobs,
    )
    .option(...NO_CACHE_OPTION)
    .option("--json", "as JSON, with the evidence of each cell")
    .option("--html <file>", "write a page")
    .action(async ({ tracer, html, json, jobs: size, cache, ...which }: MatrixOptions) => {
      checkWhich(which);
      const { catalogue, release } = await openRelease(context.places, which);
      const jobs = releasesOf(catalogue, release, which).map((each) => ({
        release: each,
        tracers: tracer === undefined ? [] : [tracer],
        // Between two releases it takes more builds and runs, so only those who keep it pay for it.
        blame: json === true || html !== undefined,
      }));
      let count = 0;
      const columns = await runJobs("column", jobs, {
        catalogue,
        context,
        noCache: !cache,
        ...(size === undefined ? {} : { size }),
        watch: {
          news: (_, news) => {
            if (news.kind !== "cell") return;
            const cells = `${++count} ${count === 1 ? "cell" : "cells"}`;
            context.terminal.progress?.(`${cells}, ${news.tracer} on ${news.release}`);
          },
        },
      });
      if (columns === undefined) return;
      const cells = cellsOf(columns);
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
      if ((which.tree ?? which.config) === undefined || release === undefined) return;
      const { treeEffect } = await import("../export/tree-effect.ts");
      for (const line of ["", ...treeEffect(cells, release)]) context.terminal.out(line);
    });
}
