/**
 * strace as a tracer of the matrix: the house on rock.
 *
 * Its claim is made from the machine's own record of system calls, opened files and signals. Left
 * out of the workload: calls whose buffers the record does not hold.
 */
import {
  SIGCHLD,
  type Siginfo,
  SYSCALL_NUMBERS,
  wcoredump,
  wexitstatus,
  wifexited,
  wtermsig,
} from "#abi";
import { encodeUtf8, type KernelEvent } from "#kernel";
import { defineTracer, type History } from "../define-tracer.ts";
import { entryText, exitText, isComplete, resultText } from "../kit/call-text.ts";
import { type CallView, plainView } from "../kit/call-view.ts";
import type { RawCall } from "../kit/stop.ts";
import { eventText } from "./event-text.ts";
import { LinePrinter } from "./line-printer.ts";
import { STRACE } from "./strace.ts";

const STRING_LIMIT = 32;
const SHOWN = ["openat", "close", "kill", "exit_group"] as const;
const SHOWN_NUMBERS: ReadonlySet<number> = new Set(SHOWN.map((name) => SYSCALL_NUMBERS[name]));

/** Events of the traced process from its exec on, in order. */
function traceeEvents(events: readonly KernelEvent[]): readonly KernelEvent[] {
  const attach = events.find((event) => event.kind === "ptrace-attach");
  if (attach?.kind !== "ptrace-attach") return [];
  const from = events.findIndex(
    (event) => event.seq > attach.seq && event.kind === "exec" && event.tid === attach.tracee,
  );
  return from < 0 ? [] : events.slice(from + 1).filter((event) => event.tid === attach.tracee);
}

/** The registers of a recorded call; what is shown of it needs no more than 53 bits. */
function eventCall(event: Extract<KernelEvent, { kind: "syscall-enter" }>): RawCall {
  const args = [event.a0, event.a1, event.a2, event.a3, event.a4, event.a5];
  return { nr: event.nr, args, words: args.map(BigInt) };
}

/** Rebuilds, call by call, what strace ought to have written about one process. */
class Retelling {
  text = "";
  readonly #history: readonly KernelEvent[];
  readonly #lines: LinePrinter = new LinePrinter({ always: false });
  #call: CallView | null = null;
  /** What is known only after the entry line would have been written: the path that was opened. */
  #path = "";

  constructor(history: readonly KernelEvent[]) {
    this.#history = history;
  }

  take(event: KernelEvent): void {
    switch (event.kind) {
      case "syscall-enter":
        if (!SHOWN_NUMBERS.has(event.nr)) return;
        this.#call = plainView(eventCall(event));
        return;
      case "file-open":
        this.#path = event.path;
        return;
      case "syscall-exit":
        this.#finish(event.tid, event.ret);
        return;
      case "signal-deliver":
        this.#signal(event);
        return;
      case "exit":
        this.#end(event.tid, event.status);
        return;
    }
  }

  #enter(pid: number, call: CallView): void {
    for (const arg of call.args) {
      if (arg.kind !== "path") continue;
      const bytes = encodeUtf8(this.#path);
      arg.data = { type: "text", text: { bytes, complete: true } };
    }
    this.text += this.#lines.callEntry(pid, entryText(call, STRING_LIMIT), false);
  }

  #finish(pid: number, result: number): void {
    const call = this.#call;
    if (call === null) return;
    this.#call = null;
    this.#enter(pid, call);
    const outcome = { result, failed: result < 0 && result >= -4095 };
    const rest = exitText(call, outcome, STRING_LIMIT);
    this.text += this.#lines.callExit(pid, call.name, rest, resultText(call, outcome), false);
  }

  #signal(event: Extract<KernelEvent, { kind: "signal-deliver" }>): void {
    const sent = this.#history.findLast(
      (other) =>
        other.kind === "signal-send" &&
        other.seq < event.seq &&
        other.sig === event.sig &&
        other.target === event.tid,
    );
    if (sent?.kind !== "signal-send") return;
    const info: Siginfo = {
      si_signo: event.sig,
      si_errno: 0,
      si_code: sent.code,
      si_pid: sent.tid,
      si_uid: 0,
      ...(event.sig === SIGCHLD ? this.#childPart(sent.tid) : {}),
    };
    const stop = { kind: "signal", pid: event.tid, sig: event.sig, info } as const;
    this.text += this.#lines.event(event.tid, eventText(stop), false);
  }

  /** How a child ended, as its last words have it. Left out: times of more than a clock tick. */
  #childPart(child: number): Partial<Siginfo> {
    const exit = this.#history.find((other) => other.kind === "exit" && other.tid === child);
    if (exit?.kind !== "exit") return {};
    const { status } = exit;
    const si_status = wifexited(status) ? wexitstatus(status) : wtermsig(status);
    return { si_status, si_utime: 0, si_stime: 0 };
  }

  #end(pid: number, status: number): void {
    const call = this.#call;
    this.#call = null;
    if (call !== null) {
      this.#enter(pid, call);
      this.text += this.#lines.callLost(pid, call.name, isComplete(call), false);
    }
    const stop = wifexited(status)
      ? ({ kind: "exited", pid, code: wexitstatus(status) } as const)
      : ({ kind: "killed", pid, sig: wtermsig(status), core: wcoredump(status) } as const);
    this.text += this.#lines.event(pid, eventText(stop), false);
  }
}

function claim({ events }: History): readonly string[] {
  const retelling = new Retelling(events);
  for (const event of traceeEvents(events)) retelling.take(event);
  return retelling.text.split("\n").slice(0, -1);
}

const WATCHED = "trap : USR1; read a < /etc/passwd; kill -USR1 $$; read b < /etc/nothing; exit 3";

export const tracer: ReturnType<typeof defineTracer> = defineTracer({
  house: "rock",
  name: "strace",
  summary: "every system call and signal of a process, by ptrace(2)",
  main: STRACE,
  workload: `$TRACE -e trace=${SHOWN.join(",")} sh -c '${WATCHED}'`,
  ownWorkload: "it tells of no child's end",
  claim,
});
