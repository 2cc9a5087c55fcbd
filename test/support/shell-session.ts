/**
 * A shell on the console of a machine with the core and the userland alone: commands in, output out.
 */
import { boot, type Machine, type RootTree } from "#kernel";
import { STRACE_TRACER } from "#tracers";
import { userlandRoot } from "#userland";
import { EMPTY_RELEASE } from "./bare-machine.ts";

const PROMPT = "# ";

export class ShellSession {
  readonly machine: Machine;
  #output = "";

  constructor(root: RootTree = {}, seed = 1) {
    const tools: RootTree =
      STRACE_TRACER.house === "rock" ? { "/bin/strace": STRACE_TRACER.main } : {};
    this.machine = boot({
      image: EMPTY_RELEASE,
      seed,
      root: { ...userlandRoot(), ...tools, ...root },
      evaluate: () => undefined,
    });
    this.machine.log.on("tty-write", (event) => {
      this.#output += event.text;
    });
    this.#settle(60);
  }

  #settle(seconds: number): void {
    const untilNs = this.machine.nowNs + seconds * 1e9;
    this.machine.slice({ untilNs, eventsMax: this.machine.log.seq + 1_000_000, atInput: true });
  }

  /** Types as it is and answers everything that the terminal shows until it waits again. */
  type(text: string, seconds = 60): string {
    this.#output = "";
    this.machine.type(text);
    this.#settle(seconds);
    return this.#output.replaceAll("\r\n", "\n");
  }

  /** Runs a command line: its output, without the echo before and the prompt after it. */
  run(command: string): string {
    const shown = this.type(`${command}\n`);
    const body = shown.slice(shown.indexOf("\n") + 1);
    return body.endsWith(PROMPT) ? body.slice(0, -PROMPT.length) : body;
  }
}

/** The output of one command line on a fresh machine. */
export function runCommand(command: string, root: RootTree = {}): string {
  return new ShellSession(root).run(command);
}
