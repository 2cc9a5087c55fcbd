/** `quicksand matrix`: every tracer on every release. */
import { type Command, InvalidArgumentError } from "commander";
import type { Cell } from "#tracers";
import { type MatrixFile, parseShard, type Shard } from "../export/matrix-file.ts";
import type { Catalogue } from "../host/catalogue.ts";
import { codeDigest } from "../host/code-digest.ts";
import type { Column, ColumnJob } from "../host/column-job.ts";
import { RESULTS_MAX } from "../host/limits.ts";
import { pruneResults } from "../host/result-folder.ts";
import type { CliContext } from "./context.ts";
import { isToStdout, type MatrixOutputs, writeMatrix } from "./matrix-output.ts";
import { openSelection, readWorkload, selectTracers } from "./matrix-selection.ts";
import { addMergeCommand } from "./merge-command.ts";
import { runJobs } from "./open-pool.ts";
import {
  CMDLINE_OPTION,
  CONFIG_OPTION,
  NO_CACHE_OPTION,
  parseJobs,
  repeated,
  TREE_OPTION,
} from "./options.ts";
import { ProgressBar } from "./progress-bar.ts";

interface MatrixOptions extends MatrixOutputs {
  readonly release: readonly string[];
  readonly tracer: readonly string[];
  readonly config?: string;
  readonly tree?: string;
  readonly workload?: string;
  readonly cmdline?: string;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly cache: boolean;
}

function shardOption(text: string): Shard {
  const shard = parseShard(text);
  if (shard === undefined)
    throw new InvalidArgumentError(
      "A shard is a part and how many there are: 2/8 is the second of eight.",
    );
  return shard;
}

export function addMatrixCommand(program: Command, context: CliContext): void {
  const matrix = program
    .command("matrix")
    .summary("run every tracer on every release")
    .description(
      "Builds, boots and runs every tracer on every release, and prints what became of each.",
    )
    .option(
      "--tracer <name>",
      "only this one: a shipped tracer's name, or a folder; * in a name stands for anything, and the option may be repeated",
      repeated,
      [],
    )
    .option("--release <release>", "only this release; the same goes for it", repeated, [])
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option(...CMDLINE_OPTION)
    .option(
      "--workload <file|name>",
      "a shell script in the place of the tracers' own; files, pipes, processes and signals come with quicksand",
    )
    .option(
      "--jobs <n>",
      "so many releases at a time; as many as there are processors if not given",
      parseJobs,
    )
    .option(
      "--shard <part/parts>",
      "only this part of the cells: 2/8 is the second of eight",
      shardOption,
    )
    .option(...NO_CACHE_OPTION)
    .option(
      "--json [file]",
      "as JSON, with the evidence of each cell, in the place of the table or into a file",
    )
    .option("--html <file>", "write a page")
    .option("--svg <file>", "write a picture")
    .action((options: MatrixOptions) => runMatrix(options, context));
  addMergeCommand(matrix, context);
}

async function runMatrix(options: MatrixOptions, context: CliContext): Promise<void> {
  const { places, terminal } = context;
  const { catalogue, releases, own } = await openSelection(places, options);
  const workload = options.workload && (await readWorkload(options.workload));
  const columns = await runColumns(options, { catalogue, releases, workload, context });
  if (columns === undefined) return;
  const [first] = columns;
  const left = first?.left ?? [];
  if (left.length > 0)
    terminal.err(`quicksand: left out, since they need their own workloads: ${left.join(", ")}`);
  const cells = cellsOf(columns);
  const matrix: MatrixFile = {
    plan: {
      code: codeDigest(),
      history: catalogue.identity,
      ...(workload && { workload }),
      ...(options.cmdline && { cmdline: options.cmdline }),
      releases,
      rows: first?.rows ?? [],
    },
    shards: options.shard === undefined ? [] : [options.shard],
    cells,
  };
  await writeMatrix(matrix, options, context);
  if (options.cache) pruneResults(places.results, RESULTS_MAX);
  if (own === undefined || isToStdout(options)) return;
  const { treeEffect } = await import("../export/tree-effect.ts");
  for (const line of ["", ...treeEffect(cells, own)]) terminal.out(line);
}

interface MatrixRun {
  readonly catalogue: Catalogue;
  readonly releases: readonly string[];
  readonly workload: string | undefined;
  readonly context: CliContext;
}

/** Undefined when it did not get to its end; then that has been told. */
async function runColumns(
  options: MatrixOptions,
  { catalogue, releases, workload, context }: MatrixRun,
): Promise<readonly Column[] | undefined> {
  const { cache, cmdline, html, jobs: size, json, shard } = options;
  const tracers = await selectTracers(options.tracer);
  const jobs = releases.map(
    (release, column): ColumnJob => ({
      release,
      tracers,
      ...(workload === undefined ? {} : { workload }),
      ...(shard === undefined ? {} : { part: { column, columns: releases.length, ...shard } }),
      // Between two releases it takes more builds and runs, so only those who keep it pay for it.
      blame: json !== undefined || html !== undefined,
    }),
  );
  const bar = new ProgressBar(context.terminal, "cells");
  const columns = await runJobs("column", jobs, {
    catalogue,
    context,
    noCache: !cache,
    cmdline,
    ...(size === undefined ? {} : { size }),
    watch: {
      news: (_, news) => {
        if (news.kind !== "row") return;
        const total = Math.ceil((news.rows * releases.length) / (shard?.parts ?? 1));
        bar.step(total, `${news.tracer} on ${news.release}`);
      },
    },
  });
  return columns?.flatMap((column) => column ?? []);
}

/** Row by row. */
function cellsOf(columns: readonly Column[]): readonly Cell[] {
  const rows = columns[0]?.rows ?? [];
  return rows.flatMap((_, row) =>
    columns.flatMap((column) => {
      const cell = column.cells[row];
      return cell === undefined ? [] : [cell];
    }),
  );
}
