/**
 * What module and tree code needs of the kernel while it runs: fuel, the shadow call stack, the
 * preemption count. One for each machine; the scheduler owns it and puts the running task's stack
 * and fuel in when it switches.
 *
 * Source: kernel/watchdog.c (soft lockup), include/linux/preempt.h, VMAP_STACK's guard page.
 * Left out: hard lockups.
 */
import { badAddress, KernelOops } from "../kmem/oops.ts";
import type { TextSymbol } from "../kmem/text-table.ts";
import { KERNEL_STACK_FRAMES_MAX } from "../lib/limits.ts";
import { PREEMPT, type Sleep } from "../lib/wait.ts";

/** The functions that a task is in, outermost first, as numbers of the text table. */
export class ShadowStack {
  readonly frames: Int32Array = new Int32Array(KERNEL_STACK_FRAMES_MAX);
  depth = 0;

  /** Innermost first. */
  trace(): number[] {
    return [...this.frames.subarray(0, this.depth)].reverse();
  }
}

/** The text of one module: `gone` is set when it is unmapped. */
export interface TextUnit {
  readonly name: string;
  gone: boolean;
  /** Where its text was. */
  textAddress: number;
}

/** What the runtime asks of the machine. */
export interface RuntimeHost {
  /** `comm:pid` of the running task, for the watchdog. */
  describeCurrent(): string;
  /** Code called a function of another module, or of the kernel, by pointer, and it returned. */
  callback(callee: TextSymbol, ret: number): void;
}

export class ModuleRuntime {
  /** Not 0: the running code must not be switched and must not sleep. */
  preemptCount = 0;
  /** Preemption points left until the scheduler takes the processor. */
  countdown: number = Number.POSITIVE_INFINITY;
  /** Loop heads and calls left before the watchdog bites. */
  fuel: number = Number.POSITIVE_INFINITY;
  stack: ShadowStack = new ShadowStack();
  /** What a preemption point yields. */
  readonly preemption: Sleep = PREEMPT;
  readonly #host: RuntimeHost;

  constructor(host: RuntimeHost) {
    this.#host = host;
  }

  preemptDue(): boolean {
    return this.preemptCount === 0 && --this.countdown <= 0;
  }

  enter(id: number): void {
    const { stack } = this;
    if (stack.depth >= KERNEL_STACK_FRAMES_MAX) this.#stackOverflow();
    stack.frames[stack.depth++] = id;
    if (--this.fuel < 0) this.lockup();
  }

  /** Hands `value` through. */
  leave(value: number): number {
    this.stack.depth--;
    return value;
  }

  crossed(callee: TextSymbol, ret: number): void {
    if (callee.module !== "") this.#host.callback(callee, ret);
  }

  /** Runs `work` as an interrupt does: on a call stack of its own, with preemption off. */
  interrupt(work: () => void): void {
    const { stack, preemptCount } = this;
    this.stack = new ShadowStack();
    this.preemptCount = 1;
    work();
    // Not when it failed: the oops wants to see the stack on which it did.
    this.stack = stack;
    this.preemptCount = preemptCount;
  }

  lockup(): never {
    const who = this.#host.describeCurrent();
    const message = `watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [${who}]`;
    throw new KernelOops("lockup", 0, message);
  }

  /** A task wakes up in a function whose module was unloaded meanwhile. */
  textGone(unit: TextUnit): never {
    throw badAddress(unit.textAddress, [`Instruction fetch: [${unit.name}] is not loaded`]);
  }

  #stackOverflow(): never {
    throw new KernelOops(
      "stack-overflow",
      0,
      "BUG: stack guard page was hit: kernel stack overflow",
    );
  }
}
