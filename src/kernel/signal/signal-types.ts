/**
 * Signals as data: sets, dispositions and the queue of pending ones.
 *
 * Source: include/linux/signal_types.h and kernel/signal.c of 6.1. A set is a bigint with bit
 * (sig - 1), as the ABI's 64-bit sigset. Left out: POSIX timers' queue entries.
 */
import { SI_USER, type Siginfo } from "../abi/siginfo.ts";
import { SIGKILL, SIGRTMIN, SIGSTOP } from "../abi/signal-numbers.ts";
import { SIGNALS_QUEUED_MAX } from "../lib/limits.ts";

export const sigBit = (sig: number): bigint => 1n << BigInt(sig - 1);

export const SIGKILL_BIT: bigint = sigBit(SIGKILL);

/** Signals that no mask can hold back. */
export const UNBLOCKABLE: bigint = sigBit(SIGKILL) | sigBit(SIGSTOP);

/** One disposition: struct sigaction. `handler` is SIG_DFL, SIG_IGN or a user address. */
export interface SigAction {
  handler: number;
  flags: number;
  mask: bigint;
}

/** Signals that have been sent and not yet taken: a bit for each, and the queue of their infos. */
export class SigPending {
  set = 0n;
  readonly queue: Siginfo[] = [];

  /** Adds a signal; a standard one that is pending already is dropped. Returns whether it was added. */
  add(info: Siginfo): boolean {
    const bit = sigBit(info.si_signo);
    if (info.si_signo < SIGRTMIN && (this.set & bit) !== 0n) return false;
    if (this.queue.length < SIGNALS_QUEUED_MAX) this.queue.push(info);
    this.set |= bit;
    return true;
  }

  /** Takes the first deliverable signal: faults first, then by number. */
  take(blocked: bigint): Siginfo | undefined {
    const ready = this.set & ~blocked;
    if (ready === 0n) return undefined;
    return this.takeSignal(firstSignal(ready));
  }

  /** Takes one given signal off the queue. */
  takeSignal(sig: number): Siginfo {
    const at = this.queue.findIndex((info) => info.si_signo === sig);
    const info =
      at < 0
        ? { si_signo: sig, si_errno: 0, si_code: SI_USER }
        : (this.queue.splice(at, 1)[0] as Siginfo);
    if (!this.queue.some((other) => other.si_signo === sig)) this.set &= ~sigBit(sig);
    return info;
  }

  /** Forgets signals, as SIGCONT does to stops and SIG_IGN to its own. */
  flush(mask: bigint): void {
    if ((this.set & mask) === 0n) return;
    this.set &= ~mask;
    const kept = this.queue.filter((info) => (sigBit(info.si_signo) & mask) === 0n);
    this.queue.length = 0;
    this.queue.push(...kept);
  }
}

/** SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, SIGSYS: raised by the instruction itself, taken first. */
const SYNCHRONOUS: bigint = [4, 5, 7, 8, 11, 31].reduce((set, sig) => set | sigBit(sig), 0n);

function firstSignal(ready: bigint): number {
  let set = (ready & SYNCHRONOUS) !== 0n ? ready & SYNCHRONOUS : ready;
  let sig = 1;
  while ((set & 1n) === 0n) {
    set >>= 1n;
    sig++;
  }
  return sig;
}
