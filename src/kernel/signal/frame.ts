/**
 * Signal frames: what the kernel puts on the user stack before a handler runs, and takes back from
 * there at rt_sigreturn(2). The frame is the riscv64 one: siginfo_t, then ucontext_t with the
 * registers, so that a tracer or a handler can read it where it would on Linux.
 *
 * Source: arch/riscv/kernel/signal.c of 6.1 (struct rt_sigframe). Left out: floating point state.
 */
import { EFAULT } from "../abi/errno.ts";
import { encodeSiginfo, SIGINFO_SIZE_BYTES, type Siginfo } from "../abi/siginfo.ts";
import { REG_A0, REG_A1, REG_PC, REG_SP } from "../hw/registers.ts";
import type { Task } from "../task/task.ts";
import { type SigAction, UNBLOCKABLE } from "./signal-types.ts";

/** Offsets within the frame, in bytes: siginfo 0, ucontext 128, its sigmask and its 32 registers. */
const UCONTEXT = SIGINFO_SIZE_BYTES;
const UC_SIGMASK = UCONTEXT + 40;
const UC_REGS = UCONTEXT + 176;
const FRAME_SIZE = UC_REGS + 32 * 8 + 528;

const ARG2 = 12;

/** Saves the registers below the stack pointer and starts the handler; false if that cannot be. */
export function pushSignalFrame(task: Task, info: Siginfo, action: SigAction): boolean {
  const { regs, mm } = task;
  const frame = Math.floor((regs.get(REG_SP) - FRAME_SIZE) / 16) * 16;
  if (mm === undefined || mm.copyOut(frame, encodeFrame(task, info)) < 0) return false;
  if (!task.user.enterHandler(action.handler, info.si_signo)) return false;
  regs.set(REG_SP, frame);
  regs.set(REG_A1, frame);
  regs.set(ARG2, frame + UCONTEXT);
  return true;
}

/** rt_sigreturn(2): restores what `pushSignalFrame` saved. Returns 0 or -EFAULT. */
export function popSignalFrame(task: Task): number {
  const { regs, mm } = task;
  const frame = regs.get(REG_SP);
  const bytes = mm?.copyIn(frame, FRAME_SIZE);
  if (bytes === undefined || typeof bytes === "number" || !task.user.leaveHandler()) return -EFAULT;
  const view = new DataView(bytes.buffer);
  task.blocked = view.getBigUint64(UC_SIGMASK, true) & ~UNBLOCKABLE;
  regs.setBig(REG_PC, view.getBigInt64(UC_REGS, true));
  for (let i = 1; i < 32; i++) regs.setBig(i, view.getBigInt64(UC_REGS + 8 * i, true));
  return regs.get(REG_A0);
}

function encodeFrame(task: Task, info: Siginfo): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  bytes.set(encodeSiginfo(info), 0);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(UC_SIGMASK, task.savedBlocked ?? task.blocked, true);
  view.setBigInt64(UC_REGS, task.regs.getBig(REG_PC), true);
  for (let i = 1; i < 32; i++) view.setBigInt64(UC_REGS + 8 * i, task.regs.getBig(i), true);
  return bytes;
}
