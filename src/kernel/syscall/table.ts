/**
 * The system-call table: one row a call, from which the dispatcher, strace, the panes and the
 * generated support list are read.
 */
import type { Kernel } from "../task/kernel.ts";
import type { Handler, Row } from "./rows.ts";
import { ROWS_FILE } from "./rows-file.ts";
import { ROWS_BPF } from "./sys-bpf.ts";
import { ROWS_CRED } from "./sys-cred.ts";
import { ROWS_EVENT } from "./sys-event.ts";
import { ROWS_FUTEX } from "./sys-futex.ts";
import { ROWS_INFO } from "./sys-info.ts";
import { ROWS_LIMITS } from "./sys-limits.ts";
import { ROWS_MEMORY } from "./sys-memory.ts";
import { ROWS_MESSAGE } from "./sys-message.ts";
import { ROWS_MODULE } from "./sys-module.ts";
import { ROWS_PRCTL } from "./sys-prctl.ts";
import { ROWS_PROCESS } from "./sys-process.ts";
import { ROWS_PROCESS_VM } from "./sys-process-vm.ts";
import { ROWS_PTRACE } from "./sys-ptrace.ts";
import { ROWS_SECCOMP } from "./sys-seccomp.ts";
import { ROWS_SIGNAL } from "./sys-signal.ts";
import { ROWS_SOCKET } from "./sys-socket.ts";
import { ROWS_SYSTEM } from "./sys-system.ts";
import { ROWS_TIME } from "./sys-time.ts";
import { ROWS_TIMER } from "./sys-timer.ts";

/** Every call that the machine answers, in order of number. */
export const SYSCALLS: readonly Row[] = [
  ...ROWS_FILE,
  ...ROWS_PROCESS,
  ...ROWS_CRED,
  ...ROWS_PRCTL,
  ...ROWS_SIGNAL,
  ...ROWS_TIME,
  ...ROWS_TIMER,
  ...ROWS_FUTEX,
  ...ROWS_SECCOMP,
  ...ROWS_PROCESS_VM,
  ...ROWS_SYSTEM,
  ...ROWS_MEMORY,
  ...ROWS_LIMITS,
  ...ROWS_INFO,
  ...ROWS_EVENT,
  ...ROWS_SOCKET,
  ...ROWS_MESSAGE,
  ...ROWS_PTRACE,
  ...ROWS_MODULE,
  ...ROWS_BPF,
].sort((a, b) => a.nr - b.nr);

const HANDLERS: readonly (Handler | undefined)[] = SYSCALLS.reduce<(Handler | undefined)[]>(
  (handlers, row) => {
    handlers[row.nr] = row.handler;
    return handlers;
  },
  [],
);

/** The handler of call `nr`, or undefined: ENOSYS. */
export const dispatch: Kernel["dispatch"] = (nr) => HANDLERS[nr];
