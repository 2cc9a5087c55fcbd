/**
 * The core's call points, carried into the tree: each finds the function that the running release
 * hung there and calls it with addresses of the running layout.
 *
 * A site that may block calls the preemptible form; one that is entered with preemption off calls
 * the plain form.
 */
import { CLD_STOPPED, type Siginfo } from "../abi/siginfo.ts";
import { REG_SP } from "../hw/registers.ts";
import { ARGUMENTS_SIZE_MAX_BYTES } from "../lib/limits.ts";
import type { Kpath } from "../lib/wait.ts";
import { SIGKILL_BIT, type SigAction } from "../signal/signal-types.ts";
import type { Task } from "../task/task.ts";
import type { TakenSignal, TreeHooks } from "../task/trace-hooks.ts";
import { addressOfTask, type PortContext } from "./context.ts";
import { putTask, readSiginfo } from "./rows-task.ts";
import { HOOK } from "./sites.ts";

const WORD_BYTES = 8;

/** Arguments of a hooked function, made only when something is hooked. */
type Arguments = () => readonly number[];

/** Calls the function at `site`, preemptible. Nothing hooked answers 0. */
export function* enter(p: PortContext, site: number, args: Arguments): Kpath<number> {
  const fn = p.sites[site];
  if (fn === undefined) return 0;
  p.refuel();
  const result = fn.gen === undefined ? fn.plain(...args()) : yield* fn.gen(...args());
  p.charge();
  return result;
}

/** The same where nothing may block. Tree code may stand further up: its own allowance goes on after. */
export function enterPlain(p: PortContext, site: number, args: Arguments): number {
  const fn = p.sites[site];
  if (fn === undefined) return 0;
  const { fuel } = p.rt;
  p.refuel();
  const result = fn.plain(...args());
  p.charge();
  p.rt.fuel = fuel;
  return result;
}

function enterAtomic(p: PortContext, site: number, args: Arguments): void {
  p.rt.preemptCount++;
  enterPlain(p, site, args);
  p.rt.preemptCount--;
}

/** A task as the tree sees it. Whatever a module has scribbled into it is found out here. */
export function seen(p: PortContext, task: Task): number {
  p.mem.checkPoison(task);
  return addressOfTask(p, task);
}

function regsOf(p: PortContext, task: Task): number {
  p.mem.checkPoison(task);
  return p.mem.addressOf("pt_regs", task);
}

/** A NUL-terminated copy in kernel memory, for the time of one call. */
function withString<T>(p: PortContext, text: string, use: (address: number) => T): T {
  const address = p.mem.alloc(text.length * 4 + 1, "getname");
  p.mem.writeCString(address, text, text.length * 4 + 1);
  const result = use(address);
  p.mem.free(address, "putname");
  return result;
}

/** Nothing that the core itself has to do first has come up meanwhile. */
const mayLookAgain = ({ group, pending, stopPending }: Task): boolean =>
  !group.exiting && !stopPending && (pending.set & SIGKILL_BIT) === 0n;

/** get_signal_to_deliver(): "again" looks again, and finds `info` as it was left. */
function* takeSignal(
  p: PortContext,
  task: Task,
  dequeue: () => Siginfo | undefined,
): Kpath<TakenSignal | "again" | undefined> {
  if (p.sites[HOOK.GET_SIGNAL] !== undefined) {
    const size = p.layouts["siginfo_t"]?.size ?? 128;
    const info = p.mem.alloc(size, "siginfo_t", 0);
    const chosen: SigAction = { handler: 0, flags: 0, mask: 0n };
    const action = p.mem.addressOf("k_sigaction", chosen);
    const args = (): readonly number[] => [seen(p, task), regsOf(p, task), info, action];
    let sig = -1;
    do sig = yield* enter(p, HOOK.GET_SIGNAL, args);
    while (sig < 0 && mayLookAgain(task));
    const taken = sig > 0 ? { info: readSiginfo(p, info), action: chosen, acts: sig } : undefined;
    p.mem.free(info, "get_signal_to_deliver");
    p.mem.release(chosen, "get_signal_to_deliver");
    if (sig < 0) return "again";
    if (taken !== undefined) return taken;
  }
  const info = dequeue();
  return info === undefined ? undefined : { info, action: undefined, acts: info.si_signo };
}

function* exit(p: PortContext, status: number): Kpath<number> {
  if (p.sites[HOOK.EXIT] === undefined) return status;
  const code = p.mem.alloc(8, "exit code", 0);
  p.mem.store64(code, status);
  yield* enter(p, HOOK.EXIT, () => [code]);
  const chosen = p.mem.i64(code);
  p.mem.free(code, "do_exit");
  return chosen;
}

/** How many strings the new program was given, read where it will find them: at its stack pointer. */
function countArguments(task: Task): { readonly argc: number; readonly envc: number } {
  const sp = task.regs.get(REG_SP);
  const wordAt = (address: number): number => {
    const bytes = task.mm?.copyIn(address, WORD_BYTES) ?? 0;
    return typeof bytes === "number" ? 0 : new DataView(bytes.buffer).getUint32(0, true);
  };
  const argc = wordAt(sp);
  // argc, argv and its NULL; then envp up to its own.
  const envp = sp + (argc + 2) * WORD_BYTES;
  let envc = 0;
  while (envc < ARGUMENTS_SIZE_MAX_BYTES && wordAt(envp + envc * WORD_BYTES) !== 0) envc++;
  return { argc, envc };
}

function* exec(p: PortContext, task: Task): Kpath<void> {
  if (p.sites[HOOK.EXEC] === undefined) return;
  const name = p.mem.alloc(task.exe.length * 4 + 1, "getname");
  p.mem.writeCString(name, task.exe, task.exe.length * 4 + 1);
  const { argc, envc } = countArguments(task);
  yield* enter(p, HOOK.EXEC, () => [name, argc, envc, regsOf(p, task)]);
  p.mem.free(name, "putname");
}

/** The release's tree as the core's `TreeHooks`. */
export function treeHooks(p: PortContext): TreeHooks {
  const task = (of: Task): number => seen(p, of);
  return {
    *syscallEntry(t: Task): Kpath<boolean> {
      return (yield* enter(p, HOOK.SYSCALL_ENTRY, () => [regsOf(p, t)])) !== 0;
    },
    *syscallExit(t: Task): Kpath<void> {
      yield* enter(p, HOOK.SYSCALL_EXIT, () => [regsOf(p, t)]);
    },
    takeSignal: (t: Task, dequeue: () => Siginfo | undefined) => takeSignal(p, t, dequeue),
    *groupStop(t: Task): Kpath<void> {
      yield* enter(p, HOOK.NOTIFY_JCTL, () => [
        t.group.stopCount <= 0 ? CLD_STOPPED : 0,
        CLD_STOPPED,
      ]);
    },
    *cloned(_parent: Task, child: Task, flags: number): Kpath<void> {
      yield* enter(p, HOOK.CLONE, () => [task(child), flags]);
    },
    *cloneDone(_parent: Task, child: Task, flags: number): Kpath<void> {
      yield* enter(p, HOOK.CLONE_COMPLETE, () => [task(child), flags]);
    },
    *vforkDone(): Kpath<void> {},
    exec: (t: Task) => exec(p, t),
    exit: (_t: Task, status: number) => exit(p, status),
    *death(t: Task, groupDead: boolean, signal: number): Kpath<void> {
      yield* enter(p, HOOK.DEATH, () => [task(t), groupDead ? 1 : 0, signal]);
    },
    reap(t: Task): void {
      enterPlain(p, HOOK.REAP, () => [task(t)]);
      putTask(p, t);
    },
    *resume(t: Task): Kpath<void> {
      yield* enter(p, HOOK.RESUME, () => [regsOf(p, t)]);
    },
    *signalHandler(t: Task, sig: number): Kpath<void> {
      yield* enter(p, HOOK.SIGNAL_HANDLER, () => [sig, regsOf(p, t), t.singleStep ? 1 : 0]);
    },
    forcesSigpending: (t: Task) => enterPlain(p, HOOK.FORCE_SIGPENDING, () => [task(t)]) !== 0,
    wantsIgnored: (t: Task, sig: number) =>
      enterPlain(p, HOOK.CONSIDER_SIGNAL, () => [task(t), sig]) !== 0,
    wantsSignals: () => p.sites[HOOK.GET_SIGNAL] !== undefined,
    taskInit(t: Task): void {
      enterPlain(p, HOOK.TASK_INIT, () => [task(t)]);
    },
    schedSwitch(prev: Task | undefined, next: Task): void {
      if (prev === undefined || prev.isDead || p.sites[HOOK.SCHED_SWITCH] === undefined) return;
      enterAtomic(p, HOOK.SCHED_SWITCH, () => [task(prev), task(next)]);
    },
    fileOpen(_t: Task, path: string, flags: number, result: number): void {
      if (p.sites[HOOK.FILE_OPEN] === undefined) return;
      withString(p, path, (name) => enterAtomic(p, HOOK.FILE_OPEN, () => [name, flags, result]));
    },
  };
}

/** TASK_FREE, then freed memory: called when the last reference to a task is dropped. */
export function freeTask(p: PortContext, t: Task): void {
  enterPlain(p, HOOK.TASK_FREE, () => [addressOfTask(p, t)]);
  p.mem.release(t, "free_task");
}
