/**
 * strace: prints every system call and signal of a program, using ptrace(2) alone.
 *
 * Source: strace 6.1, whose text it writes.
 * Left out: see options.ts for the command line, call-text.ts for the printers.
 */
import { O_CLOEXEC, O_CREAT, O_TRUNC, O_WRONLY, SIG_DFL } from "#abi";
import type { ProgramImage } from "#kernel";
import type { Proc, UserCall } from "#userland";
import { entryText, exitText, isComplete, resultText } from "../kit/call-text.ts";
import { type CallView, viewEntry, viewExit } from "../kit/call-view.ts";
import { findProgram } from "../kit/find-program.ts";
import { catchInterrupts, tracerProgram } from "../kit/ptrace-program.ts";
import { PtraceTracer } from "../kit/ptrace-tracer.ts";
import { writeRegisters } from "../kit/registers.ts";
import type { Stop } from "../kit/stop.ts";
import { type CallCount, countTable } from "./count-table.ts";
import { type EventStop, eventText } from "./event-text.ts";
import { LinePrinter } from "./line-printer.ts";
import { isDue, parseStraceOptions, type StraceOptions } from "./options.ts";

/** A run of strace: what it was asked, where it writes, which calls are open. */
class Strace {
  readonly #p: Proc;
  readonly #options: StraceOptions;
  readonly #tracer: PtraceTracer;
  readonly #lines: LinePrinter;
  readonly #out: number;
  readonly #calls: Map<number, CallView> = new Map();
  /** What each had used of the kernel when it entered its call. */
  readonly #entered: Map<number, number> = new Map();
  readonly #counts: Map<number, CallCount> = new Map();
  /** How often each call has been made that something is injected into, by name. */
  readonly #made: Map<string, number> = new Map();
  /** Calls in progress that were refused: what they are to answer. */
  readonly #injected: Map<number, number> = new Map();
  /** How the launched program ended: a status, or minus the signal. */
  #ending = 0;
  #launched = 0;

  constructor(p: Proc, options: StraceOptions, out: number) {
    this.#p = p;
    this.#options = options;
    this.#out = out;
    this.#tracer = new PtraceTracer(p, {
      follow: options.follow,
      exits: true,
      times: options.count,
    });
    this.#lines = new LinePrinter({ always: options.output !== null && options.follow });
  }

  *run(): UserCall {
    if (!(yield* this.#begin())) return 1;
    yield* catchInterrupts(this.#p);
    for (let stop = yield* this.#tracer.next(); stop !== null; stop = yield* this.#tracer.next()) {
      yield* this.#show(stop);
    }
    if (this.#tracer.interrupted) yield* this.#letGo();
    if (this.#options.count) yield* this.#write(countTable([...this.#counts.values()]));
    if (this.#ending >= 0) return this.#ending;
    return yield* this.#dieOf(-this.#ending);
  }

  *#begin(): UserCall<boolean> {
    const { pids, command } = this.#options;
    for (const pid of pids) {
      const result = yield* this.#tracer.attach(pid);
      if (result < 0) {
        const reason = this.#p.strerror(result);
        yield* this.#p.error(`strace: attach: ptrace(PTRACE_SEIZE, ${pid}): ${reason}\n`);
        return false;
      }
    }
    if (command.length === 0) return true;
    const path = yield* findProgram(this.#p, "strace", command[0] ?? "");
    if (path === null) return false;
    this.#launched = yield* this.#tracer.launch(path, command);
    if (this.#launched > 0) return true;
    yield* this.#p.error(`strace: ${this.#p.strerror(this.#launched)}\n`);
    return false;
  }

  get #several(): boolean {
    return this.#options.output === null && this.#tracer.pids.length > 1;
  }

  /** The same with a process that may have gone by now. */
  #severalWith(pid: number): boolean {
    const count = this.#tracer.pids.length + (this.#tracer.pids.includes(pid) ? 0 : 1);
    return this.#options.output === null && count > 1;
  }

  *#write(text: string): UserCall<void> {
    if (text !== "") yield* this.#p.writeAll(this.#out, text);
  }

  /** Lines about calls and signals; `-c` has none. */
  *#print(text: string): UserCall<void> {
    if (!this.#options.count) yield* this.#write(text);
  }

  *#show(stop: Stop): UserCall<void> {
    switch (stop.kind) {
      case "attached":
        return yield* this.#attached(stop.pid);
      case "syscall-enter":
        return yield* this.#enter(stop);
      case "syscall-exit":
        return yield* this.#exit(stop);
      case "event-exit":
        return yield* this.#lost(stop.pid);
      case "event-exec":
        return yield* this.#superseded(stop.pid, stop.former);
      case "signal":
      case "group-stop":
      case "exited":
      case "killed":
        return yield* this.#event(stop);
    }
  }

  *#attached(pid: number): UserCall<void> {
    const quiet = this.#options.quiet || (this.#options.output !== null && this.#launched > 0);
    if (!quiet) yield* this.#p.error(`strace: Process ${pid} attached\n`);
  }

  #wanted(name: string): boolean {
    return this.#options.calls?.has(name) ?? true;
  }

  *#enter(stop: Extract<Stop, { kind: "syscall-enter" }>): UserCall<void> {
    const limit = this.#options.stringLimit;
    const call = yield* viewEntry(this.#p.sys, stop.pid, stop.call, limit);
    yield* this.#inject(stop.pid, call.name);
    if (!this.#wanted(call.name)) return;
    this.#calls.set(stop.pid, call);
    this.#entered.set(stop.pid, this.#tracer.systemNs);
    yield* this.#print(this.#lines.callEntry(stop.pid, entryText(call, limit), this.#several));
  }

  /** `-e inject`: the call is refused by a number that is none. */
  *#inject(pid: number, name: string): UserCall<void> {
    for (const injection of this.#options.injections) {
      if (!injection.calls.has(name)) continue;
      const time = (this.#made.get(name) ?? 0) + 1;
      this.#made.set(name, time);
      if (!isDue(injection, time)) return;
      this.#injected.set(pid, injection.result);
      yield* writeRegisters(this.#p.sys, pid, { a7: -1 });
      return;
    }
  }

  *#exit(ended: Extract<Stop, { kind: "syscall-exit" }>): UserCall<void> {
    const result = this.#injected.get(ended.pid);
    if (result === undefined) return yield* this.#showExit(ended, "");
    this.#injected.delete(ended.pid);
    yield* writeRegisters(this.#p.sys, ended.pid, { a0: result });
    yield* this.#showExit({ ...ended, result, failed: result < 0 }, " (INJECTED)");
  }

  *#showExit(stop: Extract<Stop, { kind: "syscall-exit" }>, note: string): UserCall<void> {
    const call = this.#calls.get(stop.pid);
    if (call === undefined) return;
    this.#calls.delete(stop.pid);
    this.#count(call, stop);
    if (this.#options.count) return;
    const limit = this.#options.stringLimit;
    yield* viewExit(this.#p.sys, stop.pid, call, stop.result, limit);
    const rest = exitText(call, stop, limit);
    const result = `${resultText(call, stop)}${note}`;
    yield* this.#print(this.#lines.callExit(stop.pid, call.name, rest, result, this.#several));
  }

  #count(
    call: CallView,
    { pid, failed }: { readonly pid: number; readonly failed: boolean },
  ): void {
    const count = this.#counts.get(call.nr) ?? {
      nr: call.nr,
      name: call.name,
      calls: 0,
      errors: 0,
      timeNs: 0,
    };
    this.#counts.set(call.nr, count);
    count.calls += 1;
    count.timeNs += this.#tracer.systemNs - (this.#entered.get(pid) ?? 0);
    if (failed) count.errors += 1;
  }

  /** The process will not come back from its call. */
  *#lost(pid: number): UserCall<void> {
    const call = this.#calls.get(pid);
    if (call === undefined) return;
    this.#calls.delete(pid);
    yield* this.#print(this.#lines.callLost(pid, call.name, isComplete(call), this.#several));
  }

  *#superseded(pid: number, former: number): UserCall<void> {
    if (pid === former) return;
    const call = this.#calls.get(former);
    this.#calls.delete(former);
    if (call !== undefined) this.#calls.set(pid, call);
    const text = `+++ superseded by execve in pid ${former} +++`;
    yield* this.#print(this.#lines.event(pid, text, this.#several));
  }

  *#event(stop: EventStop): UserCall<void> {
    if (stop.kind === "exited" || stop.kind === "killed") {
      yield* this.#lost(stop.pid);
      if (stop.pid === this.#launched) {
        this.#ending = stop.kind === "exited" ? stop.code : -stop.sig;
      }
    }
    yield* this.#print(this.#lines.event(stop.pid, eventText(stop), this.#severalWith(stop.pid)));
  }

  /** ^C: the tracees go on without us. */
  *#letGo(): UserCall<void> {
    yield* this.#print(this.#lines.detached());
    for (const pid of this.#tracer.pids) {
      yield* this.#tracer.detach(pid);
      if (!this.#options.quiet) yield* this.#p.error(`strace: Process ${pid} detached\n`);
    }
  }

  /** Ends as the program did, so that a shell sees the same. */
  *#dieOf(sig: number): UserCall {
    yield* this.#p.sys.sigaction(sig, { handler: SIG_DFL });
    yield* this.#p.sys.kill(yield* this.#p.sys.getpid(), sig);
    return 128 + sig;
  }
}

export const STRACE: ProgramImage = tracerProgram("strace", function* (p) {
  const options = parseStraceOptions(p.argv);
  if (typeof options === "string") {
    yield* p.error(`strace: ${options}\nTry 'strace -h' for more information.\n`);
    return 1;
  }
  let out = 2;
  if (options.output !== null) {
    out = yield* p.sys.open(options.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
    if (out < 0) {
      yield* p.error(`strace: Can't fopen '${options.output}': ${p.strerror(out)}\n`);
      return 1;
    }
  }
  return yield* new Strace(p, options, out).run();
});
