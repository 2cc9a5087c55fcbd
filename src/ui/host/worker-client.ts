/**
 * A session in a worker thread, with the watchdog that outlives whatever the worker does: a worker
 * that is busy and says nothing for `watchdogMs` is ended, and that is reported as our bug.
 */
import { Worker } from "node:worker_threads";
import { EventEmitter } from "eventemitter3";
import type { KernelEvent } from "#kernel";
import type { Command, Op, Reply, SessionClient, SessionSignals, SessionState } from "./client.ts";
import { WATCHDOG_MS } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

export class WorkerClient implements SessionClient {
  readonly events: KernelEvent[] = [];
  readonly on: EventEmitter<SessionSignals> = new EventEmitter();
  state: SessionState = { status: "building", release: "", seed: 0, timeNs: 0, boot: 0 };
  readonly #worker: Worker;
  readonly #waiting: Map<number, (reply: Reply) => void> = new Map();
  readonly #watchdogMs: number;
  #watchdog: NodeJS.Timeout | undefined;
  #nextId = 1;
  #over: Reply | undefined;

  constructor(entry: URL, setup: WorkerSetup, watchdogMs: number = WATCHDOG_MS) {
    this.#watchdogMs = watchdogMs;
    this.#worker = new Worker(entry, { workerData: setup, stdout: false, stderr: false });
    this.#worker.on("message", (message: FromWorker) => this.#receive(message));
    this.#worker.on("error", (error: unknown) => this.#end(String(error)));
    this.#worker.on("exit", () => this.#end("the machine's worker ended"));
    this.#worker.unref();
  }

  command<K extends Op>(command: Extract<Command, { readonly op: K }>): Promise<Reply<K>> {
    if (this.#over !== undefined) return Promise.resolve(this.#over as Reply<K>);
    const id = this.#nextId++;
    return new Promise<Reply<K>>((resolve) => {
      this.#waiting.set(id, resolve as (reply: Reply) => void);
      // The process stays up while a command is under way, and not because a machine exists.
      this.#worker.ref();
      this.#worker.postMessage({ id, command } satisfies ToWorker);
      this.#watch();
    });
  }

  abandon(): void {
    this.#end("the session was left");
    void this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    if (message.kind === "slice") {
      for (const event of message.batch) this.events.push(event);
      this.state = message.state;
      if (message.batch.length > 0) this.on.emit("events", message.batch);
      this.on.emit("state", message.state);
    } else if (message.kind === "reply") {
      const resolve = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.reply.kind === "done") this.state = message.reply.state;
      resolve?.(message.reply);
    }
    this.#watch();
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#waiting.size === 0) {
      this.#worker.unref();
      return;
    }
    this.#watchdog = setTimeout(() => {
      const seconds = Math.round(this.#watchdogMs / 100) / 10;
      this.#end(`the machine did not answer for ${seconds} s and was stopped`);
      void this.#worker.terminate();
    }, this.#watchdogMs);
  }

  #end(message: string): void {
    clearTimeout(this.#watchdog);
    if (this.#over !== undefined) return;
    this.#over = { kind: "bug", message, seed: this.state.seed };
    this.state = { ...this.state, status: "error" };
    for (const resolve of this.#waiting.values()) resolve(this.#over);
    this.#waiting.clear();
    this.on.emit("state", this.state);
  }
}
