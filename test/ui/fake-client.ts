/**
 * A session without a machine: a table of typed lines and what each prints. Tests of what is outside
 * the machine need no more.
 */

import { EventEmitter } from "eventemitter3";
import type { KernelEvent } from "#kernel";
import type {
  Command,
  Op,
  Reply,
  RunEnd,
  SessionClient,
  SessionSignals,
  SessionState,
} from "../../src/ui/host/client.ts";

export type FakeShell = (
  line: string,
) => string | { readonly events: readonly Partial<KernelEvent>[] };

export class FakeClient implements SessionClient {
  readonly events: KernelEvent[] = [];
  readonly on: EventEmitter<SessionSignals> = new EventEmitter();
  readonly files: Record<string, string> = {};
  readonly commands: Command[] = [];
  state: SessionState = { status: "building", release: "", seed: 0, timeNs: 0, boot: 0 };
  readonly #shell: FakeShell;
  readonly #end: RunEnd;
  #typed = "";

  /** `end` is why every run returns. */
  constructor(shell: FakeShell, end: RunEnd = "input") {
    this.#shell = shell;
    this.#end = end;
  }

  abandon(): void {}

  command<K extends Op>(command: Extract<Command, { readonly op: K }>): Promise<Reply<K>> {
    this.commands.push(command);
    return Promise.resolve(this.#answer(command) as Reply<K>);
  }

  #answer(command: Command): Reply {
    if (command.op === "boot") {
      if (command.release === "nowhere") {
        const at = { file: "", line: 0, column: 0 };
        return { kind: "refused", diagnostics: [{ code: "QS1101", message: "no release", ...at }] };
      }
      this.#emit({ kind: "boot", release: command.release, seed: command.seed });
      this.state = { ...this.state, status: "waiting", release: command.release, boot: 1 };
    }
    if (command.op === "type" || command.op === "key") this.#typed += command.text;
    if (command.op === "write") this.files[command.path] = command.text;
    if (command.op === "run") this.#run();
    const logHash = String(this.events.length);
    return { kind: "done", answer: { end: this.#end }, state: this.state, logHash } as Reply;
  }

  #run(): void {
    const line = this.#typed.trimEnd();
    this.#typed = "";
    if (line !== "") {
      this.#emit({ kind: "tty-write", text: `${line}\r\n` });
      const said = this.#shell(line);
      if (typeof said === "string") this.#emit({ kind: "tty-write", text: said });
      else for (const event of said.events) this.#emit(event);
    }
    this.#emit({ kind: "tty-write", text: "# " });
  }

  #emit(event: Partial<KernelEvent>): void {
    const whole = { seq: this.events.length, t: 0, tid: 1, ...event } as KernelEvent;
    this.events.push(whole);
    this.on.emit("events", [whole]);
  }
}
