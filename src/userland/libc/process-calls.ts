/**
 * System calls about processes and threads: making, replacing, ending, waiting, identity.
 *
 * Source: the section-2 manual page of each.
 * Left out: fork(2). A generator cannot be copied, so a new task names the entry it starts at: its
 * address goes in t1 and its argument in t2, beside clone(2)'s own registers.
 */
import {
  CLONE_FILES,
  CLONE_FS,
  CLONE_SIGHAND,
  CLONE_SYSVSEM,
  CLONE_THREAD,
  CLONE_VM,
  decodeSiginfo,
  decodeStruct,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  SYSCALL_NUMBERS as NR,
  PROT_READ,
  PROT_WRITE,
  RUSAGE_LAYOUT,
  SIGCHLD,
  type Siginfo,
  viewOf,
} from "#abi";
import { FileCalls } from "./file-calls.ts";
import type { UserCall } from "./trap.ts";

const REG_T1 = 6;
const REG_T2 = 7;

/** What wait4 found. */
export interface WaitResult {
  readonly pid: number;
  readonly status: number;
}

export interface WaitUsage extends WaitResult {
  readonly userNs: number;
  readonly systemNs: number;
}

export interface CloneArgs {
  readonly flags: number;
  /** Top of the new stack; 0 keeps the parent's address (in the copied memory, unless CLONE_VM). */
  readonly stack?: number;
  readonly parentTid?: number;
  readonly tls?: number;
  readonly childTid?: number;
  /** Text address of the entry at which the new task starts, and what it is given. */
  readonly entry: number;
  readonly arg?: number;
}

export class ProcessCalls extends FileCalls {
  *clone(args: CloneArgs): UserCall {
    this.regs.set(REG_T1, args.entry);
    this.regs.set(REG_T2, args.arg ?? 0);
    return yield* this.call(
      NR.clone,
      args.flags,
      args.stack ?? 0,
      args.parentTid ?? 0,
      args.tls ?? 0,
      args.childTid ?? 0,
    );
  }

  /** A child process with a copy of this memory, running the entry; answers its pid. */
  spawn(entry: number, arg = 0, flags = 0): UserCall {
    return this.clone({ flags: flags | SIGCHLD, entry, arg });
  }

  /** A thread of this process on a fresh stack; answers its tid. */
  *thread(entry: number, arg = 0, stackSize = 65536): UserCall {
    const base = yield* this.alloc(stackSize);
    if (base < 0) return base;
    const flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
    return yield* this.clone({ flags, stack: base + stackSize, entry, arg });
  }

  *execve(path: string, argv: readonly string[], env: readonly string[]): UserCall {
    const mark = this.mark();
    const name = this.pushString(path);
    const [args, vars] = [this.pushStrings(argv), this.pushStrings(env)];
    const result = yield* this.call(NR.execve, name, args, vars);
    this.popTo(mark);
    return result;
  }

  /** Ends the process. Never returns. */
  *exit(status: number): UserCall<never> {
    for (;;) yield* this.call(NR.exit_group, status);
  }

  /** Ends this thread. Never returns. */
  *exitThread(status: number): UserCall<never> {
    for (;;) yield* this.call(NR.exit, status);
  }

  /** wait4(2); `pid` 0 in the result means that WNOHANG found nothing. */
  *wait4(pid: number, options = 0): UserCall<WaitResult | number> {
    const mark = this.mark();
    const buffer = this.push(8);
    const result = yield* this.call(NR.wait4, pid, buffer, options, 0);
    const answer = result < 0 ? result : { pid: result, status: this.mem.load32(buffer) };
    this.popTo(mark);
    return answer;
  }

  /** wait4(2) with a struct rusage: how long the child was in user mode and in the kernel, too. */
  *wait4Usage(pid: number, options = 0): UserCall<WaitUsage | number> {
    const mark = this.mark();
    const status = this.push(8);
    const usage = this.push(RUSAGE_LAYOUT.size);
    const result = yield* this.call(NR.wait4, pid, status, options, usage);
    const use = decodeStruct(RUSAGE_LAYOUT, viewOf(this.mem.read(usage, RUSAGE_LAYOUT.size)));
    const userNs = use.ru_utime_sec * 1e9 + use.ru_utime_usec * 1e3;
    const systemNs = use.ru_stime_sec * 1e9 + use.ru_stime_usec * 1e3;
    const found = { pid: result, status: this.mem.load32(status), userNs, systemNs };
    const answer = result < 0 ? result : found;
    this.popTo(mark);
    return answer;
  }

  *waitid(idtype: number, id: number, options: number): UserCall<Siginfo | number> {
    const bytes = yield* this.filling(NR.waitid, 128, (buffer) => [idtype, id, buffer, options, 0]);
    return typeof bytes === "number" ? bytes : decodeSiginfo(bytes);
  }

  getpid(): UserCall {
    return this.call0(NR.getpid);
  }

  getppid(): UserCall {
    return this.call0(NR.getppid);
  }

  gettid(): UserCall {
    return this.call0(NR.gettid);
  }

  getuid(): UserCall {
    return this.call0(NR.getuid);
  }

  geteuid(): UserCall {
    return this.call0(NR.geteuid);
  }

  getgid(): UserCall {
    return this.call0(NR.getgid);
  }

  setuid(uid: number): UserCall {
    return this.call(NR.setuid, uid);
  }

  setgid(gid: number): UserCall {
    return this.call(NR.setgid, gid);
  }

  setpgid(pid: number, pgid: number): UserCall {
    return this.call(NR.setpgid, pid, pgid);
  }

  getpgid(pid: number): UserCall {
    return this.call(NR.getpgid, pid);
  }

  setsid(): UserCall {
    return this.call0(NR.setsid);
  }

  brk(end: number): UserCall {
    return this.call(NR.brk, end);
  }

  mmap(addr: number, size: number, prot: number, flags: number, fd = -1, offset = 0): UserCall {
    return this.call(NR.mmap, addr, size, prot, flags, fd, offset);
  }

  munmap(addr: number, size: number): UserCall {
    return this.call(NR.munmap, addr, size);
  }

  /** Fresh zeroed memory that stays until munmap; an address or -errno. */
  alloc(size: number): UserCall {
    return this.mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
  }

  /** futex(2) on the 32-bit word at `addr`. */
  futex(addr: number, op: number, value: number, timeout = 0): UserCall {
    return this.call(NR.futex, addr, op, value, timeout, 0, 0);
  }

  prctl(option: number, a1 = 0, a2 = 0): UserCall {
    return this.call(NR.prctl, option, a1, a2);
  }
}
