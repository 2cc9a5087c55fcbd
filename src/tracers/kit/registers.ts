/**
 * A stopped tracee's registers by their psABI names: pc, ra, sp, ..., a0 to a7, ..., t6.
 *
 * Source: PTRACE_GETREGSET with NT_PRSTATUS, struct user_regs_struct of riscv's asm/ptrace.h.
 */
import { readField, viewOf, writeField } from "#abi";
import { REGISTER_NAMES } from "#kernel";
import type { Sys, UserCall } from "#userland";

/** Signed 64-bit values, exact to 2^53. */
export type RegisterValues = Record<string, number>;

/** Name of each slot of the set: pc stands where x0 would. */
const SLOTS: readonly string[] = ["pc", ...REGISTER_NAMES.slice(1)];

export function* readRegisters(sys: Sys, pid: number): UserCall<RegisterValues | number> {
  const bytes = yield* sys.ptraceRegisters(pid);
  if (typeof bytes === "number") return bytes;
  const view = viewOf(bytes);
  return Object.fromEntries(SLOTS.map((name, at) => [name, readField(view, at * 8, "s64")]));
}

/** Sets the named registers and leaves the others; names that do not exist are passed over. */
export function* writeRegisters(sys: Sys, pid: number, values: RegisterValues): UserCall {
  const bytes = yield* sys.ptraceRegisters(pid);
  if (typeof bytes === "number") return bytes;
  const view = viewOf(bytes);
  for (const [at, name] of SLOTS.entries()) {
    const value = values[name];
    if (value !== undefined) writeField(view, at * 8, "s64", value);
  }
  return yield* sys.ptraceSetRegisters(pid, bytes);
}
