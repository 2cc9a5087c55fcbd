/**
 * Signal frames: what the kernel puts on the user stack before a handler runs, and takes back from
 * there at rt_sigreturn(2). The frame is the riscv64 one: siginfo_t, then ucontext_t with the
 * alternate stack, the mask and the registers, so that a tracer or a handler can read and change it
 * where it would on Linux.
 *
 * Source: arch/riscv/kernel/signal.c of 6.1 (struct rt_sigframe, get_sigframe); sigaltstack(2).
 */
import { EFAULT } from "../abi/errno.ts";
import { encodeSiginfo, SIGINFO_SIZE_BYTES, type Siginfo } from "../abi/siginfo.ts";
import { SA_ONSTACK, SS_AUTODISARM, SS_DISABLE, SS_ONSTACK } from "../abi/signal.ts";
import type { FloatRegisters } from "../hw/float-registers.ts";
import { REG_A0, REG_A1, REG_PC, REG_SP } from "../hw/registers.ts";
import { type AltStack, NO_ALT_STACK, type Task } from "../task/task.ts";
import { type SigAction, UNBLOCKABLE } from "./signal-types.ts";

/** Offsets within the frame, in bytes: siginfo 0, ucontext 128, and what is in that. */
const UCONTEXT = SIGINFO_SIZE_BYTES;
const UC_STACK = UCONTEXT + 16;
const UC_SIGMASK = UCONTEXT + 40;
const UC_REGS = UCONTEXT + 176;
const UC_FLOAT = UC_REGS + 32 * 8;
const UC_FCSR = UC_FLOAT + 32 * 8;
/** The floating-point part has room for registers of 128 bits. */
const FRAME_SIZE = UC_FLOAT + 528;

const ARG2 = 12;

/** on_sig_stack(): does the stack pointer lie on the alternate stack? */
export const isOnAltStack = ({ sp, size, flags }: AltStack, pointer: number): boolean =>
  (flags & SS_AUTODISARM) === 0 && pointer > sp && pointer - sp <= size;

/** What sigaltstack(2) and a frame say of the alternate stack. */
export function altStackFlags(task: Task): number {
  const { altStack } = task;
  if (altStack.size === 0) return SS_DISABLE;
  return isOnAltStack(altStack, task.regs.get(REG_SP)) ? SS_ONSTACK : altStack.flags;
}

/** Where the frame goes, or undefined where it would run off the alternate stack. */
function framePlace(task: Task, action: SigAction): number | undefined {
  const { altStack } = task;
  const sp = task.regs.get(REG_SP);
  const place = (top: number): number => Math.floor((top - FRAME_SIZE) / 16) * 16;
  if (isOnAltStack(altStack, sp))
    return isOnAltStack(altStack, sp - FRAME_SIZE) ? place(sp) : undefined;
  const switches = (action.flags & SA_ONSTACK) !== 0 && altStack.size > 0;
  return place(switches ? altStack.sp + altStack.size : sp);
}

/** Saves the registers in a frame and starts the handler; false if that cannot be. */
export function pushSignalFrame(task: Task, info: Siginfo, action: SigAction): boolean {
  const { regs, mm } = task;
  const frame = framePlace(task, action);
  if (frame === undefined || mm === undefined) return false;
  if (mm.copyOut(frame, encodeFrame(task, info)) < 0) return false;
  if (!task.user.enterHandler(action.handler, info.si_signo)) return false;
  if ((task.altStack.flags & SS_AUTODISARM) !== 0) task.altStack = NO_ALT_STACK;
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
  if (task.user.fp !== undefined) readFloats(view, task.user.fp);
  restoreAltStack(task, view);
  return regs.get(REG_A0);
}

/** A handler may have changed the stack in its frame; what makes no sense is ignored. */
function restoreAltStack(task: Task, view: DataView): void {
  const flags = view.getInt32(UC_STACK + 8, true) >>> 0;
  const size = Number(view.getBigUint64(UC_STACK + 16, true));
  const mode = flags & ~SS_AUTODISARM;
  if (isOnAltStack(task.altStack, task.regs.get(REG_SP))) return;
  if (mode === SS_DISABLE) task.altStack = NO_ALT_STACK;
  else if (mode === 0 || mode === SS_ONSTACK)
    task.altStack = {
      sp: Number(view.getBigUint64(UC_STACK, true)),
      size,
      flags: flags & SS_AUTODISARM,
    };
}

function encodeFrame(task: Task, info: Siginfo): Uint8Array {
  const bytes = new Uint8Array(FRAME_SIZE);
  bytes.set(encodeSiginfo(info), 0);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(UC_STACK, BigInt(task.altStack.sp), true);
  view.setInt32(UC_STACK + 8, altStackFlags(task), true);
  view.setBigUint64(UC_STACK + 16, BigInt(task.altStack.size), true);
  view.setBigUint64(UC_SIGMASK, task.savedBlocked ?? task.blocked, true);
  view.setBigInt64(UC_REGS, task.regs.getBig(REG_PC), true);
  for (let i = 1; i < 32; i++) view.setBigInt64(UC_REGS + 8 * i, task.regs.getBig(i), true);
  if (task.user.fp !== undefined) writeFloats(view, task.user.fp);
  return bytes;
}

function writeFloats(view: DataView, { bits, fcsr }: FloatRegisters): void {
  bits.forEach((half, i) => {
    view.setInt32(UC_FLOAT + 4 * i, half, true);
  });
  view.setInt32(UC_FCSR, fcsr, true);
}

function readFloats(view: DataView, fp: FloatRegisters): void {
  for (let i = 0; i < fp.bits.length; i++) fp.bits[i] = view.getInt32(UC_FLOAT + 4 * i, true);
  fp.fcsr = view.getInt32(UC_FCSR, true) & 0xff;
}
