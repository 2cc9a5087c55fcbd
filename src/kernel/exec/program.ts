/**
 * A TypeScript program as the kernel sees it: code that runs in user mode until it traps. The
 * kernel gives it a processor (registers and the memory of its address space) and gets control back
 * at each `yield`, exactly as an ECALL would give it.
 *
 * Left out: fork(2). A generator cannot be copied, so a new task starts at a named entry.
 */
import type { Registers } from "../hw/registers.ts";

/**
 * User-mode loads and stores: they go straight to the task's pages, as instructions do, with no
 * system call. An access that the address space forbids throws `UserFault`, which becomes SIGSEGV.
 */
export interface UserMemory {
  load8(addr: number): number;
  load32(addr: number): number;
  /** Signed 64-bit, exact to 2^53. */
  load64(addr: number): number;
  store8(addr: number, value: number): void;
  store32(addr: number, value: number): void;
  store64(addr: number, value: number): void;
  /** Copies out `size` bytes. */
  read(addr: number, size: number): Uint8Array;
  /** The NUL-terminated text at `addr`. */
  readString(addr: number): string;
  write(addr: number, bytes: Uint8Array): void;
}

/** The processor as user mode sees it. */
export interface UserCpu {
  readonly regs: Registers;
  readonly mem: UserMemory;
}

/**
 * Running user code. It puts a call number in a7 and arguments in a0-a5, yields, and finds the
 * result in a0. Yielding a number makes no call: it says that the code computed for so many
 * nanoseconds, which lets the clock's interrupt in. A loop that makes no call must do that, since
 * nobody can interrupt a generator from outside. Returning ends the task as exit(2) with the
 * returned number would.
 */
export type UserCode = Generator<number | undefined, number, void>;

/**
 * A place where user code can start: `main`, a thread's function, a signal handler. `arg` arrives
 * in a0 (a thread's argument, a handler's signal number).
 */
export type Entry = (cpu: UserCpu, arg: number) => UserCode;

/** What a file with a TypeScript program in it holds. Entry names become text addresses. */
export interface ProgramImage {
  readonly name: string;
  readonly entries: Readonly<Record<string, Entry>>;
}
