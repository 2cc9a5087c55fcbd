/**
 * `sys`: all system calls that libc wraps. The families are layers of one class, because methods on
 * a prototype cost a process nothing; this last one has time, terminals, the machine itself, and
 * debugging.
 *
 * Source: the section-2 manual page of each; the raw ptrace(2) of the kernel, whose PEEK requests
 * store the word at `data` instead of answering it.
 */
import {
  CLOCK_MONOTONIC,
  decodeSiginfo,
  decodeStruct,
  decodeUtsname,
  encodeSiginfo,
  IOVEC_LAYOUT,
  LINUX_REBOOT_CMD_RESTART2,
  LINUX_REBOOT_MAGIC1,
  LINUX_REBOOT_MAGIC2,
  SYSCALL_NUMBERS as NR,
  NT_PRSTATUS,
  PTRACE_GET_SYSCALL_INFO,
  PTRACE_GETREGSET,
  PTRACE_GETSIGINFO,
  PTRACE_POKEDATA,
  PTRACE_SETREGSET,
  PTRACE_SETSIGINFO,
  PTRACE_SYSCALL_INFO_SIZE_BYTES,
  SIGINFO_SIZE_BYTES,
  type Siginfo,
  structBytes,
  TCGETS,
  TIMESPEC_LAYOUT,
  TIOCGPGRP,
  TIOCGWINSZ,
  TIOCSPGRP,
  USER_REGS_SIZE_BYTES,
  UTSNAME_SIZE_BYTES,
  type Utsname,
  viewOf,
} from "#abi";
import { decodeUtf8, REG_A0, REG_A7 } from "#kernel";
import { SignalCalls } from "./signal-calls.ts";
import type { UserCall } from "./trap.ts";

const NS_PER_S = 1_000_000_000;

export class Sys extends SignalCalls {
  /** Sleeps; answers 0, or -EINTR when a handler ran. */
  *nanosleep(ns: number): UserCall {
    const mark = this.mark();
    const request = this.pushBytes(
      structBytes(TIMESPEC_LAYOUT, { tv_sec: Math.floor(ns / NS_PER_S), tv_nsec: ns % NS_PER_S }),
    );
    const result = yield* this.call(NR.nanosleep, request, 0);
    this.popTo(mark);
    return result;
  }

  /** Nanoseconds of a clock. */
  *clockGettime(clock: number = CLOCK_MONOTONIC): UserCall {
    const bytes = yield* this.filling(NR.clock_gettime, 16, (buffer) => [clock, buffer]);
    if (typeof bytes === "number") return bytes;
    const time = decodeStruct(TIMESPEC_LAYOUT, viewOf(bytes));
    return time.tv_sec * NS_PER_S + time.tv_nsec;
  }

  *isatty(fd: number): UserCall<boolean> {
    return typeof (yield* this.ioctlRead(fd, TCGETS, 36)) !== "number";
  }

  /** Rows and columns of a terminal. */
  *winsize(fd: number): UserCall<readonly [rows: number, columns: number] | number> {
    const bytes = yield* this.ioctlRead(fd, TIOCGWINSZ, 8);
    if (typeof bytes === "number") return bytes;
    const view = viewOf(bytes);
    return [view.getUint16(0, true), view.getUint16(2, true)];
  }

  *tcgetpgrp(fd: number): UserCall {
    const bytes = yield* this.ioctlRead(fd, TIOCGPGRP, 4);
    return typeof bytes === "number" ? bytes : viewOf(bytes).getInt32(0, true);
  }

  tcsetpgrp(fd: number, pgid: number): UserCall {
    return this.ioctlWrite(fd, TIOCSPGRP, new Uint8Array(new Int32Array([pgid]).buffer));
  }

  *uname(): UserCall<Utsname | number> {
    const bytes = yield* this.filling(NR.uname, UTSNAME_SIZE_BYTES, (buffer) => [buffer]);
    return typeof bytes === "number" ? bytes : decodeUtsname(bytes);
  }

  /** reboot(2) with the two magic numbers; RESTART2 takes a string. */
  *reboot(command: number, argument = ""): UserCall {
    const mark = this.mark();
    const text = command === LINUX_REBOOT_CMD_RESTART2 ? this.pushString(argument) : 0;
    const result = yield* this.call(
      NR.reboot,
      LINUX_REBOOT_MAGIC1,
      LINUX_REBOOT_MAGIC2,
      command,
      text,
    );
    this.popTo(mark);
    return result;
  }

  /** syslog(2) actions that read text. */
  *syslogRead(action: number, size: number): UserCall<string | number> {
    const buffer = yield* this.alloc(size);
    if (buffer < 0) return buffer;
    const result = yield* this.call(NR.syslog, action, buffer, size);
    const text = result < 0 ? result : decodeUtf8(this.mem.read(buffer, result));
    yield* this.munmap(buffer, size);
    return text;
  }

  syslog(action: number, value = 0): UserCall {
    return this.call(NR.syslog, action, 0, value);
  }

  finitModule(fd: number, params: string, flags: number): UserCall {
    return this.withString(NR.finit_module, params, [fd], [flags]);
  }

  deleteModule(name: string, flags: number): UserCall {
    return this.withString(NR.delete_module, name, [], [flags]);
  }

  ptrace(request: number, pid: number, addr = 0, data = 0): UserCall {
    return this.call(NR.ptrace, request, pid, addr, data);
  }

  /** PTRACE_POKEDATA of 8 bytes, which a number could not carry exactly. */
  *ptracePoke(pid: number, addr: number, word: Uint8Array): UserCall {
    const regs = this.regs;
    regs.set(REG_A0, PTRACE_POKEDATA);
    regs.set(REG_A0 + 1, pid);
    regs.set(REG_A0 + 2, addr);
    regs.setBig(REG_A0 + 3, viewOf(word).getBigInt64(0, true));
    regs.set(REG_A7, NR.ptrace);
    yield;
    return regs.get(REG_A0);
  }

  /** A request whose `data` points at `size` bytes that the kernel fills. */
  ptraceRead(
    request: number,
    pid: number,
    addr: number,
    size: number,
  ): UserCall<Uint8Array | number> {
    return this.filling(NR.ptrace, size, (buffer) => [request, pid, addr, buffer]);
  }

  *ptraceSiginfo(pid: number): UserCall<Siginfo | number> {
    const bytes = yield* this.ptraceRead(PTRACE_GETSIGINFO, pid, 0, SIGINFO_SIZE_BYTES);
    return typeof bytes === "number" ? bytes : decodeSiginfo(bytes);
  }

  *ptraceSetSiginfo(pid: number, info: Siginfo): UserCall {
    const mark = this.mark();
    const data = this.pushBytes(encodeSiginfo(info));
    const result = yield* this.ptrace(PTRACE_SETSIGINFO, pid, 0, data);
    this.popTo(mark);
    return result;
  }

  /** struct user_regs_struct: pc, then x1 to x31. */
  *ptraceRegisters(pid: number): UserCall<Uint8Array | number> {
    const mark = this.mark();
    const [iovec, buffer] = this.#registerVector();
    const result = yield* this.ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, iovec);
    const answer = result < 0 ? result : this.mem.read(buffer, USER_REGS_SIZE_BYTES);
    this.popTo(mark);
    return answer;
  }

  *ptraceSetRegisters(pid: number, registers: Uint8Array): UserCall {
    const mark = this.mark();
    const [iovec, buffer] = this.#registerVector();
    this.mem.write(buffer, registers);
    const result = yield* this.ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, iovec);
    this.popTo(mark);
    return result;
  }

  #registerVector(): readonly [iovec: number, buffer: number] {
    const buffer = this.push(USER_REGS_SIZE_BYTES);
    const iovec = this.pushBytes(
      structBytes(IOVEC_LAYOUT, { iov_base: buffer, iov_len: USER_REGS_SIZE_BYTES }),
    );
    return [iovec, buffer];
  }

  /** struct ptrace_syscall_info. */
  ptraceSyscallInfo(pid: number): UserCall<Uint8Array | number> {
    const size = PTRACE_SYSCALL_INFO_SIZE_BYTES;
    return this.ptraceRead(PTRACE_GET_SYSCALL_INFO, pid, size, size);
  }
}
