/**
 * The user half of a RISC-V task: its code runs on the machine's hart. Handlers and their ends are
 * moves of pc, which the signal frame saves and restores.
 *
 * The registers are the task's own; floating-point ones belong to the context.
 */
import { SIGBUS, SIGILL, SIGTRAP } from "../abi/signal-numbers.ts";
import type { FloatRegisters } from "../hw/float-registers.ts";
import {
  ACCESS_WRITE,
  EXIT_BREAKPOINT,
  EXIT_ECALL,
  EXIT_FAULT,
  EXIT_ILLEGAL,
  EXIT_MISALIGNED,
} from "../hw/hart/codes.ts";
import type { Hart } from "../hw/hart/hart.ts";
import { REG_A0, REG_PC, type Registers } from "../hw/registers.ts";
import { type AddressSpace, UserFault } from "../mm/address-space.ts";
import { type UserContext, UserTrap } from "./user-context.ts";

/** Where a handler returns to: the page with the call to rt_sigreturn. */
export const TRAMPOLINE = 0x3ffffff000;
/** li a7, 139; ecall. */
export const TRAMPOLINE_CODE: readonly number[] = [0x08b00893, 0x00000073];

const REG_RA = 1;
/** si_code: ILL_ILLOPC, BUS_ADRALN, TRAP_BRKPT. */
const ILL_ILLOPC = 1;
const BUS_ADRALN = 1;
const TRAP_BRKPT = 1;

export class HartContext implements UserContext {
  computedNs = 0;
  readonly regs: Registers;
  readonly fp: FloatRegisters;
  readonly #hart: Hart;
  readonly #mm: AddressSpace;

  constructor(hart: Hart, mm: AddressSpace, regs: Registers, fp: FloatRegisters) {
    this.#hart = hart;
    this.#mm = mm;
    this.regs = regs;
    this.fp = fp;
  }

  step(budgetNs: number): boolean {
    const hart = this.#hart;
    // One instruction takes one virtual nanosecond.
    const exit = hart.run(this, this.#mm, Math.max(1, Math.floor(budgetNs)));
    this.computedNs = hart.executed;
    if (exit === EXIT_ECALL) return true;
    const pc = this.regs.get(REG_PC);
    if (exit === EXIT_FAULT) throw this.#fault();
    if (exit === EXIT_ILLEGAL) throw new UserTrap(SIGILL, ILL_ILLOPC, pc);
    if (exit === EXIT_BREAKPOINT) throw new UserTrap(SIGTRAP, TRAP_BRKPT, pc);
    if (exit === EXIT_MISALIGNED) throw new UserTrap(SIGBUS, BUS_ADRALN, hart.faultAddress);
    return false;
  }

  enterHandler(address: number, signo: number): boolean {
    this.regs.set(REG_PC, address);
    this.regs.set(REG_RA, TRAMPOLINE);
    this.regs.set(REG_A0, signo);
    return true;
  }

  leaveHandler(): boolean {
    return true;
  }

  /** Nothing to do: the code is as it was, and would fail again. */
  abandon(): void {}

  #fault(): UserFault {
    const { faultAddress, faultAccess } = this.#hart;
    const kind = this.#mm.faultKind(faultAddress, faultAccess);
    return new UserFault(faultAddress, faultAccess === ACCESS_WRITE, kind);
  }
}
