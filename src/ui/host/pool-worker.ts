/**
 * One locked-down worker of a pool, with its watchdog: a worker that says nothing for `watchdogMs` is
 * ended. While a learner's code runs, that is the learner's mistake, and its line is known; our own
 * work may take longer before we call it our bug.
 */
import { Worker } from "node:worker_threads";
import type { Diagnostic } from "../diagnostic.ts";
import { placeMemory, readPlace } from "./code-meter.ts";
import type { JobEnd, JobKind, JobOf, NewsOf } from "./job-kinds.ts";
import type { Step } from "./job-step.ts";
import { TRACER_HEAP_MAX_MIB } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

interface Running {
  readonly tell: (news: NewsOf<JobKind>) => void;
  readonly end: (end: JobEnd<JobKind>) => void;
}

/** How long a worker may say nothing, in milliseconds. */
export interface Patience {
  /** While a learner's code runs. */
  readonly learner: number;
  /** While it does not. */
  readonly own: number;
}

export class PoolWorker {
  readonly #place: SharedArrayBuffer = placeMemory();
  readonly #worker: Worker;
  readonly #patience: Patience;
  #watchdog: NodeJS.Timeout | undefined;
  #step: Step = { kind: "step", doing: "starting" };
  #running: Running | undefined;
  #isGone = false;

  constructor(entry: URL, setup: WorkerSetup, patience: Patience) {
    this.#patience = patience;
    this.#worker = new Worker(entry, {
      workerData: { ...setup, place: this.#place },
      stdout: false,
      stderr: false,
      resourceLimits: { maxOldGenerationSizeMb: TRACER_HEAP_MAX_MIB },
    });
    this.#worker.on("message", (message: FromWorker) => this.#receive(message));
    this.#worker.on("error", (error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      this.#lose(
        code === "ERR_WORKER_OUT_OF_MEMORY"
          ? this.#judge(`used more than ${TRACER_HEAP_MAX_MIB} MiB of memory`)
          : { kind: "bug", message: String(error) },
      );
    });
    this.#worker.on("exit", () => this.#lose(this.#judge("ended")));
    this.#worker.unref();
  }

  /** It has ended, and takes no more jobs. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** One job at a time. */
  perform<K extends JobKind>(
    kind: K,
    job: JobOf<K>,
    tell: (news: NewsOf<K>) => void,
  ): Promise<JobEnd<K>> {
    return new Promise((resolve) => {
      this.#running = { tell, end: resolve } as Running;
      // The process stays up for a job, and not because a worker exists.
      this.#worker.ref();
      this.#worker.postMessage({ kind, job } as ToWorker);
      this.#watch();
    });
  }

  async close(): Promise<void> {
    this.#isGone = true;
    clearTimeout(this.#watchdog);
    await this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.kind === "news") {
      if (message.news.kind === "step") this.#step = message.news;
      this.#running?.tell(message.news);
      this.#watch();
    } else if (message.kind === "job-end") this.#end(message.end);
  }

  #end(end: JobEnd<JobKind>): void {
    clearTimeout(this.#watchdog);
    this.#worker.unref();
    const running = this.#running;
    this.#running = undefined;
    running?.end(end);
  }

  #watch(silentMs = 0): void {
    const { learner, own } = this.#patience;
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => {
      const silent = silentMs + learner;
      if (readPlace(this.#place).line === 0 && silent < own) return this.#watch(silent);
      this.#lose(this.#judge(`went on for more than ${silent / 1000} s and was ended`));
    }, learner);
  }

  #lose(end: JobEnd<JobKind>): void {
    if (this.#isGone) return;
    void this.close();
    this.#end(end);
  }

  /** The worker is no more: whose doing was it? */
  #judge(what: string): JobEnd<JobKind> {
    const { doing, file } = this.#step;
    const { line, column } = readPlace(this.#place);
    if (file === undefined || line === 0)
      return { kind: "bug", message: `${doing}: the worker ${what}` };
    const mistake: Diagnostic = {
      code: "QS1309",
      message: `${doing}: this ${what}`,
      file,
      line,
      column,
    };
    return { kind: "refused", diagnostics: [mistake] };
  }
}
