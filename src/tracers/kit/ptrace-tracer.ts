/**
 * A tracer in TypeScript: start or attach, then take stops one after the other.
 *
 *     const tracer = new PtraceTracer(p, { follow: true });
 *     yield* tracer.launch(["ls", "-l"]);
 *     for (let stop = yield* tracer.next(); stop !== null; stop = yield* tracer.next()) ...
 *
 * `next` sets the tracee of the stop before going again, with its signal if it had one, unless the
 * tracer has done so by itself. Everything here is a system call that any program may make.
 *
 * Source: ptrace(2); PTRACE_SEIZE semantics throughout, as strace has used since 4.9.
 * `step` is for programs on the hart; TypeScript ones have no instructions.
 */
import {
  __WALL,
  decodeStruct,
  EINTR,
  ESRCH,
  PTRACE_CONT,
  PTRACE_DETACH,
  PTRACE_EVENT_CLONE,
  PTRACE_EVENT_EXEC,
  PTRACE_EVENT_EXIT,
  PTRACE_EVENT_FORK,
  PTRACE_EVENT_STOP,
  PTRACE_EVENT_VFORK,
  PTRACE_EVENT_VFORK_DONE,
  PTRACE_GETEVENTMSG,
  PTRACE_INTERRUPT,
  PTRACE_LISTEN,
  PTRACE_O_TRACECLONE,
  PTRACE_O_TRACEEXEC,
  PTRACE_O_TRACEEXIT,
  PTRACE_O_TRACEFORK,
  PTRACE_O_TRACESYSGOOD,
  PTRACE_O_TRACEVFORK,
  PTRACE_SEIZE,
  PTRACE_SINGLESTEP,
  PTRACE_SYSCALL,
  PTRACE_SYSCALL_INFO_ARGS_OFFSET,
  PTRACE_SYSCALL_INFO_ENTRY,
  PTRACE_SYSCALL_INFO_EXIT,
  PTRACE_SYSCALL_INFO_LAYOUTS,
  PTRACE_SYSGOOD_BIT,
  readField,
  SIGCONT,
  SIGSTOP,
  SIGTRAP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  viewOf,
  WUNTRACED,
  wcoredump,
  wexitstatus,
  wifexited,
  wifsignaled,
  wstopevent,
  wstopsig,
  wtermsig,
} from "#abi";
import type { Proc, UserCall, WaitResult } from "#userland";
import type { RawCall, Stop } from "./stop.ts";

export interface TracerOptions {
  /** Trace the children of tracees too. */
  readonly follow?: boolean;
  /** Stop at system calls; without it only signals and events stop. */
  readonly syscalls?: boolean;
  /** PTRACE_O_TRACEEXIT: stop at the start of exit, when memory can still be read. */
  readonly exits?: boolean;
  /** Ask, at every stop, how long the tracee has been in the kernel: `systemNs`. */
  readonly times?: boolean;
}

interface Tracee {
  readonly pid: number;
  /** The call that it is inside of. */
  call: RawCall | null;
  /** Between our fork and its exec: not yet the program to be traced. */
  launching: boolean;
  /** Reported as "attached". */
  seen: boolean;
}

/** Entry of a tracer's program at which its launched children start: see `tracerProgram`. */
export const TRACEE_ENTRY = "tracee";

const STOPPING: readonly number[] = [SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU];

export class PtraceTracer {
  readonly #p: Proc;
  readonly #options: number;
  readonly #resume: number;
  readonly #tracees: Map<number, Tracee> = new Map();
  #current: Stop | null = null;
  /** A signal arrived while waiting: `next` has answered null although tracees are left. */
  interrupted = false;
  /** What the tracee of the last stop has used of the kernel, with the option `times`. */
  systemNs = 0;
  readonly #times: boolean;

  constructor(p: Proc, options: TracerOptions = {}) {
    this.#p = p;
    this.#times = options.times === true;
    const children = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
    this.#options =
      PTRACE_O_TRACESYSGOOD |
      PTRACE_O_TRACEEXEC |
      (options.follow === true ? children : 0) |
      (options.exits === true ? PTRACE_O_TRACEEXIT : 0);
    this.#resume = options.syscalls === false ? PTRACE_CONT : PTRACE_SYSCALL;
  }

  /** Who is traced now. */
  get pids(): readonly number[] {
    return [...this.#tracees.keys()];
  }

  /** Starts a program under trace; its pid, or -errno. The first stop is in its execve. */
  *launch(path: string, argv: readonly string[], env?: readonly string[]): UserCall {
    const { sys } = this.#p;
    const mark = sys.mark();
    const order = JSON.stringify({ path, argv, env: env ?? this.#p.environ() });
    const pid = yield* sys.spawn(this.#p.entry(TRACEE_ENTRY), sys.pushString(order));
    sys.popTo(mark);
    if (pid < 0) return pid;
    // The child stops itself; seizing it there leaves no gap before its execve.
    const stopped = yield* sys.wait4(pid, WUNTRACED);
    if (typeof stopped === "number") return stopped;
    const result = yield* this.#seize(pid, true);
    if (result < 0) return result;
    yield* sys.kill(pid, SIGCONT);
    return pid;
  }

  /** PTRACE_SEIZE, and a stop as soon as it can: 0, or -errno. */
  *attach(pid: number): UserCall {
    const result = yield* this.#seize(pid, false);
    if (result < 0) return result;
    return yield* this.#p.sys.ptrace(PTRACE_INTERRUPT, pid);
  }

  *#seize(pid: number, launching: boolean): UserCall {
    const result = yield* this.#p.sys.ptrace(PTRACE_SEIZE, pid, 0, this.#options);
    if (result >= 0) this.#tracees.set(pid, { pid, call: null, launching, seen: launching });
    return result;
  }

  /** Makes a running tracee stop: an "event-stop" comes. */
  interrupt(pid: number): UserCall {
    return this.#p.sys.ptrace(PTRACE_INTERRUPT, pid);
  }

  /** The next stop of any tracee; null when none is left, or after an interruption. */
  *next(): UserCall<Stop | null> {
    yield* this.#resumeCurrent();
    while (this.#tracees.size > 0) {
      const found = yield* this.#wait();
      if (found === -EINTR) {
        this.interrupted = true;
        return null;
      }
      if (typeof found === "number") return null;
      const stop = yield* this.#classify(found.pid, found.status);
      if (stop === null) continue;
      this.#current = stop;
      return stop;
    }
    return null;
  }

  *#wait(): UserCall<WaitResult | number> {
    if (!this.#times) return yield* this.#p.sys.wait4(-1, __WALL);
    const found = yield* this.#p.sys.wait4Usage(-1, __WALL);
    if (typeof found !== "number") this.systemNs = found.systemNs;
    return found;
  }

  *#resumeCurrent(): UserCall<void> {
    const stop = this.#current;
    if (stop !== null) yield* this.resume(stop);
  }

  /** Sets the tracee of a stop going; a signal stop passes `sig` on, 0 swallows it. */
  *resume(stop: Stop, sig: number = stop.kind === "signal" ? stop.sig : 0): UserCall {
    if (this.#current === stop) this.#current = null;
    if (stop.kind === "exited" || stop.kind === "killed") return 0;
    if (stop.kind === "group-stop") return yield* this.#p.sys.ptrace(PTRACE_LISTEN, stop.pid);
    return yield* this.#p.sys.ptrace(this.#resume, stop.pid, 0, sig);
  }

  /** One instruction, after which comes a "signal" stop of SIGTRAP; -EIO where there are none. */
  *step(stop: Stop, sig = 0): UserCall {
    if (this.#current === stop) this.#current = null;
    if (stop.kind === "exited" || stop.kind === "killed") return 0;
    return yield* this.#p.sys.ptrace(PTRACE_SINGLESTEP, stop.pid, 0, sig);
  }

  /** Lets a tracee go. It may be running: then it is stopped first. */
  *detach(pid: number, sig = 0): UserCall {
    const { sys } = this.#p;
    if (this.#current?.pid === pid) this.#current = null;
    let result = yield* sys.ptrace(PTRACE_DETACH, pid, 0, sig);
    if (result === -ESRCH && (yield* sys.ptrace(PTRACE_INTERRUPT, pid)) === 0) {
      const stopped = yield* sys.wait4(pid, __WALL);
      if (typeof stopped !== "number") {
        const pending = wstopsig(stopped.status);
        const passed = wstopevent(stopped.status) === 0 && pending < SIGTRAP ? pending : sig;
        result = yield* sys.ptrace(PTRACE_DETACH, pid, 0, passed);
      }
    }
    this.#tracees.delete(pid);
    return result;
  }

  *#classify(pid: number, status: number): UserCall<Stop | null> {
    if (wifexited(status) || wifsignaled(status)) return this.#ended(pid, status);
    const tracee = this.#tracees.get(pid) ?? this.#adopt(pid);
    if (!tracee.seen) return yield* this.#firstStop(tracee);
    if (tracee.launching) return yield* this.#launchStop(tracee, status);
    return yield* this.#stopOf(tracee, status);
  }

  #ended(pid: number, status: number): Stop | null {
    if (!this.#tracees.delete(pid)) return null;
    if (wifexited(status)) return { kind: "exited", pid, code: wexitstatus(status) };
    return { kind: "killed", pid, sig: wtermsig(status), core: wcoredump(status) };
  }

  /** A tracee's child, which the kernel traces for us. */
  #adopt(pid: number): Tracee {
    const tracee = { pid, call: null, launching: false, seen: false };
    this.#tracees.set(pid, tracee);
    return tracee;
  }

  *#firstStop(tracee: Tracee): UserCall<Stop> {
    tracee.seen = true;
    return { kind: "attached", pid: tracee.pid };
  }

  /** Until its execve a launched child is our own code: its stops are nobody's business. */
  *#launchStop(tracee: Tracee, status: number): UserCall<Stop | null> {
    const stop = yield* this.#stopOf(tracee, status);
    if (stop.kind === "syscall-enter" || stop.kind === "event-exec") {
      tracee.launching = false;
      return stop;
    }
    yield* this.resume(stop);
    return null;
  }

  *#stopOf(tracee: Tracee, status: number): UserCall<Stop> {
    const { pid } = tracee;
    const sig = wstopsig(status);
    const event = wstopevent(status);
    if (sig === (SIGTRAP | PTRACE_SYSGOOD_BIT)) return yield* this.#syscallStop(tracee);
    if (event === PTRACE_EVENT_STOP) {
      return STOPPING.includes(sig)
        ? { kind: "group-stop", pid, sig }
        : { kind: "event-stop", pid };
    }
    if (event !== 0) return yield* this.#eventStop(tracee, event);
    const info = yield* this.#p.sys.ptraceSiginfo(pid);
    return { kind: "signal", pid, sig, info: typeof info === "number" ? null : info };
  }

  *#eventStop(tracee: Tracee, event: number): UserCall<Stop> {
    const { pid } = tracee;
    const message = yield* this.eventMessage(pid);
    switch (event) {
      case PTRACE_EVENT_FORK:
        return { kind: "event-fork", pid, child: message };
      case PTRACE_EVENT_VFORK:
        return { kind: "event-vfork", pid, child: message };
      case PTRACE_EVENT_CLONE:
        return { kind: "event-clone", pid, child: message };
      case PTRACE_EVENT_VFORK_DONE:
        return { kind: "event-vfork-done", pid, child: message };
      case PTRACE_EVENT_EXEC:
        this.#superseded(tracee, message);
        return { kind: "event-exec", pid, former: message };
      case PTRACE_EVENT_EXIT:
        return { kind: "event-exit", pid, status: message };
      default:
        return { kind: "event-stop", pid };
    }
  }

  /** A thread that was not the leader has made the exec and goes on under the leader's pid. */
  #superseded(tracee: Tracee, former: number): void {
    if (former === tracee.pid) return;
    tracee.call = this.#tracees.get(former)?.call ?? tracee.call;
    this.#tracees.delete(former);
  }

  /** PTRACE_GETEVENTMSG; 0 when there is none. */
  *eventMessage(pid: number): UserCall {
    const bytes = yield* this.#p.sys.ptraceRead(PTRACE_GETEVENTMSG, pid, 0, 8);
    return typeof bytes === "number" ? 0 : readField(viewOf(bytes), 0, "u64");
  }

  *#syscallStop(tracee: Tracee): UserCall<Stop> {
    const { pid } = tracee;
    const bytes = yield* this.#p.sys.ptraceSyscallInfo(pid);
    if (typeof bytes === "number") return { kind: "event-stop", pid };
    const view = viewOf(bytes);
    const { op, stack_pointer } = decodeStruct(PTRACE_SYSCALL_INFO_LAYOUTS.none, view);
    if (op === PTRACE_SYSCALL_INFO_ENTRY) {
      const words = [0, 1, 2, 3, 4, 5].map((index) =>
        view.getBigInt64(PTRACE_SYSCALL_INFO_ARGS_OFFSET + index * 8, true),
      );
      const nr = readField(view, 24, "s64");
      tracee.call = { nr, args: words.map(Number), words, sp: stack_pointer };
      return { kind: "syscall-enter", pid, call: tracee.call };
    }
    if (op !== PTRACE_SYSCALL_INFO_EXIT) return { kind: "event-stop", pid };
    const exit = decodeStruct(PTRACE_SYSCALL_INFO_LAYOUTS.exit, view);
    const call = tracee.call;
    tracee.call = null;
    return { kind: "syscall-exit", pid, call, result: exit.rval, failed: exit.is_error !== 0 };
  }
}
