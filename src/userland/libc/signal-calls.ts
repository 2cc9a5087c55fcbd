/**
 * System calls about signals. A handler is an entry of the program; the kernel starts it on top of
 * the interrupted code and takes its return as rt_sigreturn(2).
 *
 * Source: sigaction(2), sigprocmask(2), kill(2), sigsuspend(2), pause(3).
 * Left out: alternate stacks.
 */
import {
  decodeStruct,
  SYSCALL_NUMBERS as NR,
  SIGACTION_LAYOUT,
  SIGSET_SIZE_BYTES,
  structBytes,
  viewOf,
} from "#abi";
import { ProcessCalls } from "./process-calls.ts";
import type { UserCall } from "./trap.ts";

/** The two words of a sigset_t that holds these signals. */
export function sigsetWords(signals: readonly number[]): readonly [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (const sig of signals) {
    if (sig <= 32) low |= 1 << (sig - 1);
    else high |= 1 << (sig - 33);
  }
  return [low >>> 0, high >>> 0];
}

/** The signals in a sigset_t. */
export function sigsetSignals(low: number, high: number): number[] {
  const signals: number[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if (((bit < 32 ? low : high) >>> (bit % 32)) & 1) signals.push(bit + 1);
  }
  return signals;
}

export interface SignalAction {
  /** SIG_DFL, SIG_IGN or the text address of an entry. */
  readonly handler: number;
  readonly flags?: number;
  readonly mask?: readonly number[];
}

export class SignalCalls extends ProcessCalls {
  kill(pid: number, sig: number): UserCall {
    return this.call(NR.kill, pid, sig);
  }

  tgkill(tgid: number, tid: number, sig: number): UserCall {
    return this.call(NR.tgkill, tgid, tid, sig);
  }

  *sigaction(sig: number, action: SignalAction): UserCall {
    const mark = this.mark();
    const [low, high] = sigsetWords(action.mask ?? []);
    const bytes = structBytes(SIGACTION_LAYOUT, {
      sa_handler: action.handler,
      sa_flags: action.flags ?? 0,
      sa_mask_low: low,
      sa_mask_high: high,
    });
    const result = yield* this.call(
      NR.rt_sigaction,
      sig,
      this.pushBytes(bytes),
      0,
      SIGSET_SIZE_BYTES,
    );
    this.popTo(mark);
    return result;
  }

  /** What a signal does now. */
  *getSigaction(sig: number): UserCall<SignalAction | number> {
    const size = SIGACTION_LAYOUT.size;
    const bytes = yield* this.filling(NR.rt_sigaction, size, (buffer) => [
      sig,
      0,
      buffer,
      SIGSET_SIZE_BYTES,
    ]);
    if (typeof bytes === "number") return bytes;
    const action = decodeStruct(SIGACTION_LAYOUT, viewOf(bytes));
    return {
      handler: action.sa_handler,
      flags: action.sa_flags,
      mask: sigsetSignals(action.sa_mask_low, action.sa_mask_high),
    };
  }

  /** Changes the blocked set and answers the old one. */
  *sigprocmask(how: number, signals: readonly number[]): UserCall<readonly number[] | number> {
    const mark = this.mark();
    const set = this.#pushSigset(signals);
    const bytes = yield* this.filling(NR.rt_sigprocmask, SIGSET_SIZE_BYTES, (old) => [
      how,
      set,
      old,
      SIGSET_SIZE_BYTES,
    ]);
    this.popTo(mark);
    if (typeof bytes === "number") return bytes;
    const view = viewOf(bytes);
    return sigsetSignals(view.getUint32(0, true), view.getUint32(4, true));
  }

  /** Waits with this set blocked until a handler has run; always -EINTR. */
  *sigsuspend(signals: readonly number[]): UserCall {
    const mark = this.mark();
    const set = this.#pushSigset(signals);
    const result = yield* this.call(NR.rt_sigsuspend, set, SIGSET_SIZE_BYTES);
    this.popTo(mark);
    return result;
  }

  #pushSigset(signals: readonly number[]): number {
    const at = this.push(SIGSET_SIZE_BYTES);
    const [low, high] = sigsetWords(signals);
    this.mem.store32(at, low);
    this.mem.store32(at + 4, high);
    return at;
  }
}
