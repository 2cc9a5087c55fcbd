/**
 * The lowest layer of libc: how a program makes a system call, and where it puts what the call
 * points at. Numbers travel in a7 and a0-a5 and the trap is a `yield`; strings and structures are
 * laid on the program's own stack for the time of the call, so that a tracer can read them there.
 *
 * Source: riscv psABI and syscall(2) for the registers.
 * Left out: errno. A call answers what the kernel answered, -ENOENT and all.
 */
import { SYSCALL_NUMBERS } from "#abi";
import {
  encodeUtf8,
  REG_A0,
  REG_A1,
  REG_A7,
  REG_SP,
  type Registers,
  type UserCpu,
  type UserMemory,
} from "#kernel";

/** A system call in progress: `yield*` it to get its result. */
export type UserCall<R = number> = Generator<number | undefined, R, void>;

/** Most bytes that one read or write moves through the stack. */
export const TRANSFER_SIZE_MAX = 65536;

export class Trap {
  readonly regs: Registers;
  readonly mem: UserMemory;

  constructor(cpu: UserCpu) {
    this.regs = cpu.regs;
    this.mem = cpu.mem;
  }

  /** Any system call by number, as syscall(2). */
  *call(nr: number, a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0): UserCall {
    const regs = this.regs;
    regs.set(REG_A0, a0);
    regs.set(REG_A1, a1);
    regs.set(REG_A1 + 1, a2);
    regs.set(REG_A1 + 2, a3);
    regs.set(REG_A1 + 3, a4);
    regs.set(REG_A1 + 4, a5);
    regs.set(REG_A7, nr);
    yield;
    return regs.get(REG_A0);
  }

  /** A call without arguments. */
  *call0(nr: number): UserCall {
    const regs = this.regs;
    regs.set(REG_A7, nr);
    yield;
    return regs.get(REG_A0);
  }

  /** `ns` nanoseconds of computing. A loop that may turn without a call does this in each turn. */
  *compute(ns: number): UserCall<void> {
    yield ns;
  }

  /** Gives the kernel a chance to run others. */
  yieldProcessor(): UserCall {
    return this.call0(SYSCALL_NUMBERS.sched_yield);
  }

  /** Where the stack ends now. Hand it to `popTo` to drop everything pushed since. */
  mark(): number {
    return this.regs.get(REG_SP);
  }

  popTo(mark: number): void {
    this.regs.set(REG_SP, mark);
  }

  /** Makes room for `size` bytes, 16-byte aligned as the psABI keeps sp. */
  push(size: number): number {
    const sp = this.regs.get(REG_SP) - ((size + 15) & ~15);
    this.regs.set(REG_SP, sp);
    return sp;
  }

  pushBytes(bytes: Uint8Array): number {
    const at = this.push(bytes.length);
    this.mem.write(at, bytes);
    return at;
  }

  /** A NUL-terminated string. */
  pushString(text: string): number {
    const bytes = encodeUtf8(text);
    const at = this.push(bytes.length + 1);
    this.mem.write(at, bytes);
    this.mem.store8(at + bytes.length, 0);
    return at;
  }

  /** A NULL-terminated array of strings, as execve takes. */
  pushStrings(texts: readonly string[]): number {
    const pointers = texts.map((text) => this.pushString(text));
    const at = this.push((pointers.length + 1) * 8);
    for (const [index, pointer] of [...pointers, 0].entries()) {
      this.mem.store64(at + index * 8, pointer);
    }
    return at;
  }

  readString(addr: number): string {
    return this.mem.readString(addr);
  }

  /** The strings of a NULL-terminated array. */
  readStrings(addr: number): string[] {
    const texts: string[] = [];
    for (let at = addr; ; at += 8) {
      const pointer = this.mem.load64(at);
      if (pointer === 0) return texts;
      texts.push(this.readString(pointer));
    }
  }

  /** A call with one string as its argument number `position`. */
  protected *withString(
    nr: number,
    text: string,
    before: readonly number[],
    after: readonly number[],
  ): UserCall {
    const mark = this.mark();
    const result = yield* this.call(nr, ...padded([...before, this.pushString(text), ...after]));
    this.popTo(mark);
    return result;
  }

  /** A call that fills `size` bytes which the caller wants: the bytes, or -errno. */
  protected *filling(
    nr: number,
    size: number,
    args: (buffer: number) => readonly number[],
  ): UserCall<Uint8Array | number> {
    const mark = this.mark();
    const buffer = this.push(size);
    const result = yield* this.call(nr, ...padded(args(buffer)));
    const answer = result < 0 ? result : this.mem.read(buffer, size);
    this.popTo(mark);
    return answer;
  }
}

type SixNumbers = [number, number, number, number, number, number];

function padded(args: readonly number[]): SixNumbers {
  const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0] = args;
  return [a0, a1, a2, a3, a4, a5];
}
