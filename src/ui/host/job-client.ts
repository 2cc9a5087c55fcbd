/**
 * A tracer job for a command: in the locked-down worker from the bundle, in this thread from the
 * sources. The watchdog ends a worker that says nothing for `watchdogMs`; while a learner's code
 * runs, that is the learner's mistake, and its line is known.
 */
import { Worker } from "node:worker_threads";
import type { Diagnostic } from "../diagnostic.ts";
import { CodeMeter, placeMemory, readPlace } from "./code-meter.ts";
import { TRACER_HEAP_MAX_MIB, WATCHDOG_MS } from "./limits.ts";
import {
  type JobEnd,
  type JobNews,
  type JobParts,
  type TracerJob,
  tracerJob,
} from "./tracer-job.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

export type TellNews = (news: JobNews) => void;

export function runJobHere(job: TracerJob, parts: Omit<JobParts, "meter">, tell: TellNews): JobEnd {
  const running = tracerJob(job, { ...parts, meter: new CodeMeter() });
  for (;;) {
    const step = running.next();
    if (step.done === true) return step.value;
    tell(step.value);
  }
}

export function runJobInWorker(
  entry: URL,
  setup: WorkerSetup,
  job: TracerJob,
  tell: TellNews,
  watchdogMs: number = WATCHDOG_MS,
): Promise<JobEnd> {
  const place = placeMemory();
  const worker = new Worker(entry, {
    workerData: setup,
    stdout: false,
    stderr: false,
    resourceLimits: { maxOldGenerationSizeMb: TRACER_HEAP_MAX_MIB },
  });
  let step: Extract<JobNews, { kind: "step" }> = { kind: "step", doing: "starting" };
  /** The worker is no more: whose doing was it? */
  const judge = (what: string): JobEnd => {
    const { line, column } = readPlace(place);
    if (step.file === undefined || line === 0)
      return { kind: "bug", message: `${step.doing}: the worker ${what}` };
    const message = `${step.doing}: this ${what}`;
    const mistake: Diagnostic = { code: "QS1309", message, file: step.file, line, column };
    return { kind: "refused", diagnostics: [mistake] };
  };
  return new Promise((resolve) => {
    let watchdog: NodeJS.Timeout | undefined;
    const end = (result: JobEnd): void => {
      clearTimeout(watchdog);
      resolve(result);
      void worker.terminate();
    };
    const watch = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => {
        end(judge(`went on for more than ${watchdogMs / 1000} s and was ended`));
      }, watchdogMs);
    };
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "job-end") return end(message.end);
      if (message.kind !== "news") return;
      if (message.news.kind === "step") step = message.news;
      tell(message.news);
      watch();
    });
    worker.on("error", (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      end(
        code === "ERR_WORKER_OUT_OF_MEMORY"
          ? judge(`used more than ${TRACER_HEAP_MAX_MIB} MiB of memory`)
          : { kind: "bug", message: String(error) },
      );
    });
    worker.on("exit", () => end(judge("ended")));
    worker.postMessage({ job, place } satisfies ToWorker);
    watch();
  });
}
