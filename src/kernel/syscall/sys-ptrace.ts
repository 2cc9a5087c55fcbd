/**
 * ptrace(2): finds the tracee, refuses what must be refused, and hands over to the request.
 *
 * Source: kernel/ptrace.c of 6.1 (ptrace_check_attach). A task that is not ours and one that does
 * not exist are both ESRCH.
 */
import { EIO, ESRCH } from "../abi/errno.ts";
import {
  PTRACE_ATTACH,
  PTRACE_INTERRUPT,
  PTRACE_KILL,
  PTRACE_SEIZE,
  PTRACE_TRACEME,
} from "../abi/ptrace.ts";
import { SIGKILL } from "../abi/signal-numbers.ts";
import { KIND } from "../event/log.ts";
import type { Kpath } from "../lib/wait.ts";
import { attach, traceMe } from "../ptrace/attach.ts";
import { STOPPED_REQUESTS } from "../ptrace/requests.ts";
import { sendSignalInfo, userInfo } from "../signal/send.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { type Row, row } from "./rows.ts";

function request(
  k: Kernel,
  t: Task,
  what: number,
  pid: number,
  addr: number,
  data: number,
): number | Kpath<number> {
  if (what === PTRACE_TRACEME) return traceMe(k, t);
  const target = k.tasks.get(pid);
  if (target === undefined) return -ESRCH;
  if (what === PTRACE_ATTACH || what === PTRACE_SEIZE)
    return attach(k, t, target, what === PTRACE_SEIZE, addr, data);
  if (target.ptrace.tracer !== t) return -ESRCH;
  if (what === PTRACE_KILL) {
    // It works on a stopped tracee only, and never says that it did not.
    if (target.runState === "traced") sendSignalInfo(k, target, userInfo(SIGKILL, t), false);
    return 0;
  }
  if (what === PTRACE_INTERRUPT)
    return target.ptrace.seized ? k.ptrace.request(target, PTRACE_INTERRUPT, 0) : -EIO;
  if (!k.ptrace.isStopped(target)) return -ESRCH;
  const act = STOPPED_REQUESTS.get(what);
  return act === undefined ? -EIO : act(k, t, target, addr, data);
}

function* noted(path: Kpath<number>, note: (value: number) => number): Kpath<number> {
  return note(yield* path);
}

export const ROWS_PTRACE: readonly Row[] = [
  row(
    "ptrace",
    ["enum:ptrace-request", "pid", "ptr", "ptr"],
    (k, t, what, pid, addr, data) => {
      const result = request(k, t, what, pid | 0, addr, data);
      const note = (value: number): number => {
        k.log.emitNumbers(KIND["ptrace-request"], what, pid, addr, data, value);
        return value;
      };
      return typeof result === "number" ? note(result) : noted(result, note);
    },
    { note: "SINGLESTEP is an extension" },
  ),
];
