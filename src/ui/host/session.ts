/**
 * One session: a machine, its successors after `reboot RELEASE`, one event log over all of them.
 * Commands come in one at a time, but for a `key`, which may come between two slices of a run;
 * whoever calls (`local-client.ts`, `worker.ts`) sees to that.
 *
 * A run is cut into slices so that the host stays awake; where slices end never shows in the
 * machine's history.
 */
import { FixedPolicy, type KernelEvent, type SchedulePolicy } from "#kernel";
import type { Diagnostic } from "../diagnostic.ts";
import type { Catalogue } from "./catalogue.ts";
import type {
  Answers,
  Command,
  ExtraFiles,
  Op,
  Reply,
  RunEnd,
  RunUntil,
  SessionState,
  SessionStatus,
} from "./client.ts";
import type { BootMachine, HostedMachine, SliceEnd } from "./hosted-machine.ts";
import {
  REBOOTS_MAX,
  RUN_BUSY_NS_MAX,
  RUN_EVENTS_MAX,
  RUN_NS_MAX,
  RUN_OUTPUT_MAX_CHARS,
  SLICE_EVENTS_MAX,
  SLICE_NS,
} from "./limits.ts";

export interface SessionParts {
  readonly catalogue: Catalogue;
  readonly boot: BootMachine;
  /** Called with new events and with each change of state, after every slice. */
  readonly publish: (batch: readonly KernelEvent[], state: SessionState) => void;
  /** Lets the host's event loop turn between slices. */
  readonly breathe: () => Promise<void>;
  /** Another scheduling than chance. */
  readonly policy?: SchedulePolicy;
}

class Refusal {
  readonly diagnostics: readonly Diagnostic[];
  constructor(...diagnostics: readonly Diagnostic[]) {
    this.diagnostics = diagnostics;
  }
}

const mistake = (code: string, message: string): Diagnostic => ({
  code,
  message,
  file: "",
  line: 0,
  column: 0,
});

export class Session {
  readonly #parts: SessionParts;
  #machine: HostedMachine | undefined;
  #release = "";
  #seed = 0;
  /** One for all boots: a schedule counts on through them. */
  #policy: SchedulePolicy | undefined;
  #boots = 0;
  #status: SessionStatus = "building";
  /** Once the session was disposed of. */
  #finalHash: string | undefined;
  #abandoned = false;
  /** How many of the log's events have been published. */
  #published = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#policy = parts.policy;
  }

  get state(): SessionState {
    return {
      status: this.#status,
      release: this.#release,
      seed: this.#seed,
      timeNs: this.#machine?.nowNs ?? 0,
      boot: this.#boots,
    };
  }

  /** A run that is under way ends with its slice, and nothing is carried out any more. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Carries out one command. Never throws: whatever escapes the machine is our bug. */
  async handle(command: Command): Promise<Reply> {
    if (this.#status === "error" || this.#abandoned)
      return this.#bug(new Error("the session is over"));
    try {
      const answer = await this.#act(command);
      this.#publish();
      const logHash = this.#finalHash ?? this.#machine?.log.hash() ?? "";
      return { kind: "done", answer, state: this.state, logHash } as Reply;
    } catch (error) {
      if (error instanceof Refusal) return { kind: "refused", diagnostics: error.diagnostics };
      this.#status = "error";
      return this.#bug(error);
    }
  }

  #bug(error: unknown): Reply {
    const known = error instanceof Error ? error : new Error(String(error));
    const stack = known.stack === undefined ? {} : { stack: known.stack };
    return { kind: "bug", message: known.message, seed: this.#seed, ...stack };
  }

  #act(command: Command): Answers[Op] | Promise<Answers[Op]> {
    switch (command.op) {
      case "boot":
        this.#seed = command.seed;
        if (command.schedule !== undefined) this.#policy = new FixedPolicy(command.schedule);
        this.#bootRelease(command.release, command.files ?? {});
        return {};
      case "type":
      case "key":
        this.#running().type(command.text);
        return {};
      case "run":
        return this.#run(command.until);
      case "write":
        if (this.#running().writeFile(command.path, command.text)) return {};
        throw new Refusal(mistake("QS1105", `cannot write ${command.path} in the machine`));
      case "read": {
        const text = this.#running().readFile(command.path);
        if (text !== undefined) return { text };
        throw new Refusal(mistake("QS1106", `there is no file ${command.path} in the machine`));
      }
      case "dispose":
        this.#finalHash ??= this.#machine?.finalHash();
        return {};
    }
  }

  #running(): HostedMachine {
    if (this.#machine !== undefined && this.#finalHash === undefined) return this.#machine;
    throw new Refusal(mistake("QS1107", "no machine has been booted"));
  }

  #bootRelease(name: string, files: ExtraFiles): void {
    const image = this.#parts.catalogue.load(name);
    if ("message" in image) throw new Refusal(image);
    const before = this.#machine;
    this.#status = "running";
    this.#release = image.release;
    this.#boots++;
    this.#machine = this.#parts.boot({
      image,
      seed: this.#seed,
      root: before?.takeRoot(),
      log: before?.log,
      files,
      policy: this.#policy,
    });
    this.#publish();
  }

  async #run(until: RunUntil): Promise<{ readonly end: RunEnd }> {
    const start = this.#running();
    const limit = this.#limitOf(until, start);
    const reboots = this.#boots + REBOOTS_MAX;
    let [spentNs, from, busyNs] = [0, start.nowNs, 0];
    let waiting = start.waitingForInput();
    let printed = 0;
    for (;;) {
      const machine = this.#running();
      const busyBefore = machine.busyNs;
      const end = machine.slice({
        untilNs: Math.min(machine.nowNs + SLICE_NS, from + limit.ns - spentNs),
        eventsMax: Math.min(machine.log.seq + SLICE_EVENTS_MAX, limit.endSeq),
        atInput: until === "input",
      });
      busyNs += machine.busyNs - busyBefore;
      printed += this.#unpublishedOutput();
      if (machine.halt?.reason === "restart" && this.#boots < reboots) {
        spentNs += machine.nowNs - from;
        this.#bootRelease(machine.halt.argument || this.#release, {});
        from = 0;
        continue;
      }
      // A console reader that others keep from being alone (`yes > /dev/null &`) is waited for no
      // longer than a slice of virtual time.
      const stillWaiting = until === "input" && machine.waitingForInput();
      const done = this.#endOf(end, waiting && stillWaiting, {
        spent:
          spentNs + machine.nowNs - from >= limit.ns ||
          machine.log.seq >= limit.endSeq ||
          busyNs >= RUN_BUSY_NS_MAX ||
          printed >= RUN_OUTPUT_MAX_CHARS,
      });
      waiting = stillWaiting;
      this.#setStatus(machine, done);
      if (done !== undefined) return { end: done };
      this.#publish();
      await this.#parts.breathe();
      if (this.#abandoned) return { end: "limit" };
    }
  }

  #limitOf(
    until: RunUntil,
    machine: HostedMachine,
  ): { readonly ns: number; readonly endSeq: number } {
    const { seq } = machine.log;
    if (typeof until === "string") return { ns: RUN_NS_MAX, endSeq: seq + RUN_EVENTS_MAX };
    if ("events" in until) return { ns: RUN_NS_MAX, endSeq: seq + until.events };
    return { ns: until.ns, endSeq: seq + RUN_EVENTS_MAX };
  }

  #endOf(slice: SliceEnd, waited: boolean, limit: { readonly spent: boolean }): RunEnd | undefined {
    if (slice === "halt" || slice === "idle" || slice === "input") return slice;
    if (waited) return "input";
    return limit.spent ? "limit" : undefined;
  }

  #setStatus(machine: HostedMachine, end: RunEnd | undefined): void {
    if (end === "halt") this.#status = "halted";
    else this.#status = machine.waitingForInput() ? "waiting" : "running";
  }

  /** Characters on the console since the last publication. */
  #unpublishedOutput(): number {
    const events = this.#machine?.log.events ?? [];
    let sum = 0;
    for (const event of events.slice(this.#published))
      if (event.kind === "tty-write") sum += event.text.length;
    return sum;
  }

  #publish(): void {
    const events = this.#machine?.log.events ?? [];
    const batch = events.slice(this.#published);
    this.#published = events.length;
    this.#parts.publish(batch, this.state);
  }
}
