/**
 * The user half of a task: what runs when the kernel lets go, until it traps. For a TypeScript
 * program that is a stack of generators, the innermost a signal handler.
 *
 * pc is kept as a real machine would: at an entry's address while its ECALL traps, 4 past it
 * afterwards. Moving pc back by 4 therefore makes the same system call again, which is how an
 * interrupted call restarts on riscv64 (arch/riscv/kernel/signal.c of 6.1).
 *
 * Left out: RISC-V code, which has a context of its own with the same interface, hart-context.ts.
 */
import { SYSCALL_NUMBERS } from "../abi/syscalls.ts";
import type { Entry, ProgramImage, UserCode, UserCpu } from "../exec/program.ts";
import type { FloatRegisters } from "../hw/float-registers.ts";
import { REG_A0, REG_A7, REG_PC } from "../hw/registers.ts";

export interface UserContext {
  /**
   * Runs until the next system call, answering true, or until the clock may interrupt, which it
   * does after `budgetNs` where code can be interrupted anywhere. Throws `UserFault` for a
   * forbidden access and `UserTrap` for other things that no program may do.
   */
  step(budgetNs: number): boolean;
  /** The floating-point registers of code that has any. */
  readonly fp?: FloatRegisters;
  /** Nanoseconds of computing in the last step. */
  readonly computedNs: number;
  /** Starts the signal handler at `address`; false if nothing starts there. */
  enterHandler(address: number, signo: number): boolean;
  /** rt_sigreturn: drops the innermost handler; false when none is running. */
  leaveHandler(): boolean;
  /** User mode failed beyond repair: nothing of it runs again, whatever the signal's handler. */
  abandon(): void;
}

/** An instruction that raised an exception: the signal it becomes, si_code and si_addr. */
export class UserTrap extends Error {
  readonly signo: number;
  readonly code: number;
  readonly address: number;

  constructor(signo: number, code: number, address: number) {
    super(`user trap ${signo} at 0x${address.toString(16)}`);
    this.signo = signo;
    this.code = code;
    this.address = address;
  }
}

/** Where the text of a TypeScript program appears to be mapped, 16 bytes an entry. */
export const TEXT_BASE = 0x10000;
export const ENTRY_SIZE = 16;

export const entryAddress = (index: number): number => TEXT_BASE + ENTRY_SIZE * index;

/** The entry at a text address, if one begins there. */
export function entryAt(image: ProgramImage, address: number): Entry | undefined {
  const index = (address - TEXT_BASE) / ENTRY_SIZE;
  return Object.values(image.entries)[index];
}

/** What is left of a program that failed: it ends with abort(3)'s status if a handler returns to it. */
function* aborted(): UserCode {
  return 134;
}

interface Activation {
  readonly code: UserCode;
  readonly pc: number;
}

export class ProgramContext implements UserContext {
  computedNs = 0;
  readonly #image: ProgramImage;
  readonly #cpu: UserCpu;
  readonly #stack: Activation[] = [];
  readonly #exitCall: number;

  /**
   * Starts at entry `address` with `arg`; the caller has checked that it exists. Where the entry
   * returns, the C library's start-up code ends the process, or the thread alone.
   */
  constructor(image: ProgramImage, cpu: UserCpu, address: number, arg: number, isThread = false) {
    this.#image = image;
    this.#cpu = cpu;
    this.#exitCall = isThread ? SYSCALL_NUMBERS.exit : SYSCALL_NUMBERS.exit_group;
    this.#push(entryAt(image, address) as Entry, address, arg);
  }

  step(): boolean {
    this.computedNs = 0;
    const { regs } = this.#cpu;
    const top = this.#stack[this.#stack.length - 1] as Activation;
    if (regs.get(REG_PC) === top.pc) return true;
    const result = top.code.next();
    if (result.done !== true && typeof result.value === "number") {
      // Time only passes forward, whatever the program says.
      this.computedNs = Math.max(1, Math.trunc(result.value) || 0);
      return false;
    }
    regs.set(REG_PC, top.pc);
    if (result.done !== true) return true;
    // A handler that returns goes through the signal trampoline; main, through exit(3).
    const inHandler = this.#stack.length > 1;
    regs.set(REG_A7, inHandler ? SYSCALL_NUMBERS.rt_sigreturn : this.#exitCall);
    if (!inHandler) regs.set(REG_A0, result.value ?? 0);
    return true;
  }

  enterHandler(address: number, signo: number): boolean {
    const entry = entryAt(this.#image, address);
    if (entry === undefined) return false;
    this.#push(entry, address, signo);
    return true;
  }

  leaveHandler(): boolean {
    if (this.#stack.length < 2) return false;
    this.#stack.pop();
    return true;
  }

  abandon(): void {
    const base = this.#stack[0] as Activation;
    this.#stack.length = 0;
    this.#stack.push({ code: aborted(), pc: base.pc });
  }

  #push(entry: Entry, pc: number, arg: number): void {
    const { regs } = this.#cpu;
    regs.set(REG_A0, arg);
    regs.set(REG_PC, pc + 4);
    this.#stack.push({ code: entry(this.#cpu, arg), pc });
  }
}
