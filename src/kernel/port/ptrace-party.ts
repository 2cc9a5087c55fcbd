/**
 * ptrace(2) standing on the tree: a release that hangs functions at the PTRACE_ sites stops, resumes
 * and reports tracees by its own code. At the core's other call points such a party has nothing to
 * say, since the tree hears of them anyway.
 */
import type { Siginfo } from "../abi/siginfo.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Task } from "../task/task.ts";
import type { PtraceParty } from "../task/trace-hooks.ts";
import type { PortContext } from "./context.ts";
import { enter, enterPlain, seen } from "./hooks.ts";
import { ATTACH_KINDS } from "./rows-ptrace.ts";
import { readSiginfo, writeSiginfo } from "./rows-task.ts";
import { HOOK } from "./sites.ts";

/** Does the tree of this release take ptrace's stops on itself? */
export const treeHasPtrace = (p: PortContext): boolean =>
  p.sites[HOOK.PTRACE_REQUEST] !== undefined;

/** Lends the tree a siginfo_t in kernel memory. */
function withSiginfo<T>(p: PortContext, use: (address: number) => T): T {
  const address = p.mem.alloc(p.layouts["siginfo_t"]?.size ?? 0, "siginfo_t", 0);
  const result = use(address);
  p.mem.free(address, "sys_ptrace");
  return result;
}

const SETS = 1;

/** `native` ends a tracer: letting all its tracees go is a loop over requests in any case. */
export function treePtrace(p: PortContext, native: PtraceParty): PtraceParty {
  const task = (of: Task): number => seen(p, of);
  return {
    *syscallEntry(): Kpath<boolean> {
      return false;
    },
    *syscallExit(): Kpath<void> {},
    *groupStop(): Kpath<void> {},
    *cloned(): Kpath<void> {},
    *cloneDone(): Kpath<void> {},
    *vforkDone(): Kpath<void> {},
    *exec(): Kpath<void> {},
    *exit(_task: Task, status: number): Kpath<number> {
      return status;
    },
    death: (t, groupDead, signal) => native.death(t, groupDead, signal),
    reap(): void {},
    *signal(_task: Task, info: Siginfo): Kpath<Siginfo> {
      return info;
    },
    *trap(): Kpath<void> {},
    *event(_task: Task, option: number, event: number, message: number): Kpath<boolean> {
      return (yield* enter(p, HOOK.PTRACE_EVENT, () => [option, event, message])) !== 0;
    },
    groupContinued(t: Task): void {
      enterPlain(p, HOOK.PTRACE_CONTINUED, () => [task(t)]);
    },
    attach: (tracer, tracee, kind, options) =>
      enter(p, HOOK.PTRACE_ATTACH, () => [
        task(tracer),
        task(tracee),
        ATTACH_KINDS.indexOf(kind),
        options,
      ]),
    isStopped: (tracee) => enterPlain(p, HOOK.PTRACE_CHECK, () => [task(tracee)]) !== 0,
    request: (tracee, request, data) =>
      enter(p, HOOK.PTRACE_REQUEST, () => [task(tracee), request, data]),
    options: (tracee) => enterPlain(p, HOOK.PTRACE_OPTIONS, () => [task(tracee)]),
    siginfo: (tracee) =>
      withSiginfo(p, (info) =>
        enterPlain(p, HOOK.PTRACE_SIGINFO, () => [task(tracee), info, 0]) === 0
          ? readSiginfo(p, info)
          : undefined,
      ),
    setSiginfo(tracee: Task, info: Siginfo): void {
      withSiginfo(p, (address) => {
        writeSiginfo(p, address, info);
        enterPlain(p, HOOK.PTRACE_SIGINFO, () => [task(tracee), address, SETS]);
      });
    },
  };
}
