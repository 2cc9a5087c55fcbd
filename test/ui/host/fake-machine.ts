/** A machine of a few lines, to test what the host does around one. */
import { EventLog } from "../../../src/kernel/event/log.ts";
import type {
  BootMachine,
  BootRequest,
  HostedMachine,
  SliceEnd,
  SliceLimits,
} from "../../../src/ui/host/hosted-machine.ts";

class FakeMachine implements HostedMachine {
  readonly log: EventLog;
  nowNs = 0;
  busyNs = 0;
  halt: HostedMachine["halt"] = undefined;
  readonly #files: Record<string, string>;
  #input = "";
  #busy = false;

  constructor(request: BootRequest) {
    this.log = (request.log as EventLog | undefined) ?? new EventLog();
    if (request.log === undefined) this.log.keep();
    const added = request.files as Record<string, string>;
    this.#files = { ...(request.root as Record<string, string> | undefined), ...added };
    this.log.emit("boot", request.image.release, request.seed);
  }

  slice(limits: SliceLimits): SliceEnd {
    const line = this.#input.trimEnd();
    this.#input = "";
    if (line === "spin") this.#busy = true;
    if (line === "stop") this.#busy = false;
    if (line === "bug") throw new Error("assertion failed");
    if (line.startsWith("reboot ")) this.halt = { reason: "restart", argument: line.slice(7) };
    if (line.startsWith("echo ")) this.log.emit("tty-write", line.slice(5));
    if (this.halt !== undefined) return "halt";
    if (!this.#busy) return "input";
    this.busyNs += limits.untilNs - this.nowNs;
    this.nowNs = limits.untilNs;
    return "limit";
  }

  waitingForInput(): boolean {
    return !this.#busy;
  }
  type(text: string): void {
    this.#input += text;
  }
  readFile(path: string): string | undefined {
    return this.#files[path];
  }
  writeFile(path: string, text: string): boolean {
    this.#files[path] = text;
    return true;
  }
  finalHash(): string {
    return this.log.hash();
  }
  takeRoot(): Record<string, string> {
    return this.#files;
  }
}

export const bootFake: BootMachine = (request) => new FakeMachine(request);
