/**
 * `quicksand run --tracer DIR`: builds and runs one tracer on one release, and says whether it
 * reported what really happened.
 */
import type { Schedule } from "#kernel";
import type { Cell } from "#tracers";
import type { CliContext } from "./context.ts";
import { EXIT } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { runJobs } from "./open-pool.ts";

export interface TracerRunOptions extends WhichRelease {
  readonly json?: true;
  readonly schedule?: Schedule;
  readonly cmdline?: string;
}

export async function runTracer(
  tracer: string,
  { json, schedule, cmdline, ...which }: TracerRunOptions,
  context: CliContext,
): Promise<void> {
  const { terminal } = context;
  const { catalogue, release } = await openRelease(context.places, which);
  const job = {
    tracer,
    ...(release === undefined ? {} : { release }),
    ...(schedule === undefined ? {} : { schedule }),
    deliveries: "first",
  } as const;
  const results = await runJobs("tracer", [job], { catalogue, context, cmdline });
  for (const { cell } of results?.[0] ?? []) {
    if (json === true) terminal.out(JSON.stringify(cell, null, 2));
    else for (const line of tellCell(cell)) terminal.out(line);
    context.exit(cell.verdict === "works" ? EXIT.ok : EXIT.failed);
  }
}

/** Why a workload did not come to its end, if it did not. */
const UNFINISHED: Readonly<Record<string, string>> = {
  limit: "the workload did not end in a minute of the machine's time, or made too many events",
  idle: "the workload did not end: everything in the machine waits",
  input: "the workload did not end: it waits for input",
};

function tellCell({ evidence, tracer, release, verdict }: Cell): readonly string[] {
  const { buildLog, reported, dmesg, claimed, ended } = evidence;
  const differs = verdict === "misses events" || verdict === "reports wrong data";
  const unfinished = differs ? UNFINISHED[ended ?? ""] : undefined;
  return [
    ...buildLog,
    ...reported,
    ...(verdict === "works" ? [] : dmesg.slice(-12).map((line) => `[dmesg] ${line}`)),
    ...(differs ? ["what really happened:", ...claimed.map((line) => `  ${line}`)] : []),
    ...(unfinished === undefined ? [] : [unfinished]),
    `${tracer} on ${release}: ${verdict}`,
  ];
}
