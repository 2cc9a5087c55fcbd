/**
 * ptrace(2)'s requests on a tracee: each reads as its refusals, in Linux's order, then the act.
 *
 * Source: kernel/ptrace.c and arch/riscv/kernel/ptrace.c of 6.1; ptrace(2). riscv64 has no PEEKUSER,
 * which is EIO. Nor has its Linux single-stepping: PTRACE_SINGLESTEP is an extension of ours, of
 * programs on the hart. Nothing is left out.
 */
import { CAP_SYS_ADMIN } from "../abi/capability.ts";
import { EACCES, EFAULT, EINVAL, EIO, ENOENT } from "../abi/errno.ts";
import {
  AUDIT_ARCH_RISCV64,
  NT_PRFPREG,
  NT_PRSTATUS,
  PEEKSIGINFO_ARGS_SIZE_BYTES,
  PTRACE_CONT,
  PTRACE_DETACH,
  PTRACE_EVENT_SECCOMP,
  PTRACE_EVENTMSG_SYSCALL_ENTRY,
  PTRACE_EVENTMSG_SYSCALL_EXIT,
  PTRACE_GET_RSEQ_CONFIGURATION,
  PTRACE_GET_SYSCALL_INFO,
  PTRACE_GETEVENTMSG,
  PTRACE_GETREGSET,
  PTRACE_GETSIGINFO,
  PTRACE_GETSIGMASK,
  PTRACE_LISTEN,
  PTRACE_PEEKDATA,
  PTRACE_PEEKSIGINFO,
  PTRACE_PEEKSIGINFO_SHARED,
  PTRACE_PEEKTEXT,
  PTRACE_POKEDATA,
  PTRACE_POKETEXT,
  PTRACE_SECCOMP_GET_FILTER,
  PTRACE_SECCOMP_GET_METADATA,
  PTRACE_SETOPTIONS,
  PTRACE_SETREGSET,
  PTRACE_SETSIGINFO,
  PTRACE_SETSIGMASK,
  PTRACE_SINGLESTEP,
  PTRACE_SYSCALL,
  PTRACE_SYSCALL_INFO_ARGS_OFFSET,
  PTRACE_SYSCALL_INFO_ENTRY,
  PTRACE_SYSCALL_INFO_EXIT,
  PTRACE_SYSCALL_INFO_SECCOMP,
  PTRACE_SYSCALL_INFO_SIZE_BYTES,
  PTRACE_SYSGOOD_BIT,
  RSEQ_CONFIGURATION_SIZE_BYTES,
  SECCOMP_METADATA_SIZE_BYTES,
  USER_REGS_SIZE_BYTES,
} from "../abi/ptrace.ts";
import { RSEQ_SIZE_BYTES } from "../abi/rseq.ts";
import { SECCOMP_FILTER_FLAG_LOG } from "../abi/seccomp.ts";
import { decodeSiginfo, encodeSiginfo, SIGINFO_SIZE_BYTES } from "../abi/siginfo.ts";
import { SIGRTMAX, SIGTRAP } from "../abi/signal-numbers.ts";
import type { FloatRegisters } from "../hw/float-registers.ts";
import { REG_A0, REG_A7, REG_PC, REG_SP } from "../hw/registers.ts";
import type { Kpath } from "../lib/wait.ts";
import { recalcSigpending } from "../signal/deliver.ts";
import { UNBLOCKABLE } from "../signal/signal-types.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { SeccompFilter } from "../task/seccomp.ts";
import type { Task } from "../task/task.ts";
import { readView, writeBytes, writeView } from "../task/user-data.ts";
import { refuseOptions } from "./attach.ts";

/** One request on a tracee that is ours and stopped. */
type Request = (
  k: Kernel,
  tracer: Task,
  tracee: Task,
  addr: number,
  data: number,
) => number | Kpath<number>;

const peek: Request = (_k, tracer, tracee, addr, data) => {
  const bytes = tracee.mm?.peek(addr, 8) ?? -EIO;
  return typeof bytes === "number" ? -EIO : writeBytes(tracer, data, bytes);
};

const poke: Request = (_k, tracer, tracee, addr) => {
  const view = new DataView(new ArrayBuffer(8));
  // `data` as a number is exact to 2^53 only; the word is any 64 bits.
  view.setBigInt64(0, tracer.regs.getBig(REG_A0 + 3), true);
  return (tracee.mm?.poke(addr, new Uint8Array(view.buffer)) ?? -EIO) < 0 ? -EIO : 0;
};

/** A set of registers as words of 64 bits. */
interface Regset {
  readonly count: number;
  readonly get: (index: number) => bigint;
  readonly set: (index: number, value: bigint) => void;
}

function regsetOf(tracee: Task, type: number): Regset | undefined {
  const { regs } = tracee;
  const { fp } = tracee.user;
  if (type === NT_PRSTATUS)
    return {
      count: USER_REGS_SIZE_BYTES / 8,
      get: (i) => regs.getBig(slot(i)),
      set: (i, value) => regs.setBig(slot(i), value),
    };
  return type === NT_PRFPREG && fp !== undefined ? floatSet(fp) : undefined;
}

/** struct __riscv_d_ext_state: f0 to f31, then fcsr. */
function floatSet(fp: FloatRegisters): Regset {
  const words = new BigUint64Array(fp.bits.buffer);
  return {
    count: words.length + 1,
    get: (i) => words[i] ?? BigInt(fp.fcsr),
    set: (i, value) => {
      if (i < words.length) words[i] = BigInt.asUintN(64, value);
      else fp.fcsr = Number(value & 0xffn);
    },
  };
}

/** struct iovec at `addr`, its length clipped to what the set holds. */
function regsetVector(
  tracer: Task,
  set: Regset | undefined,
  iov: number,
): { base: number; length: number } | number {
  const view = readView(tracer, iov, 16);
  if (typeof view === "number") return view;
  if (set === undefined) return -EINVAL;
  const wanted = Number(view.getBigUint64(8, true));
  if (wanted % 8 !== 0) return -EINVAL;
  return { base: Number(view.getBigInt64(0, true)), length: Math.min(wanted, set.count * 8) };
}

const writeLength = (tracer: Task, iov: number, length: number): number =>
  writeView(tracer, iov + 8, 8, (view) => view.setBigUint64(0, BigInt(length), true));

/** struct user_regs_struct: pc where x0 would be. */
const slot = (index: number): number => (index === 0 ? REG_PC : index);

const getRegset: Request = (_k, tracer, tracee, type, iov) => {
  const set = regsetOf(tracee, type);
  const vector = regsetVector(tracer, set, iov);
  if (typeof vector === "number" || set === undefined) return vector as number;
  const failed = writeView(tracer, vector.base, vector.length, (view) => {
    for (let i = 0; i < vector.length / 8; i++) view.setBigInt64(i * 8, set.get(i), true);
  });
  return failed < 0 ? failed : writeLength(tracer, iov, vector.length);
};

const setRegset: Request = (_k, tracer, tracee, type, iov) => {
  const set = regsetOf(tracee, type);
  const vector = regsetVector(tracer, set, iov);
  if (typeof vector === "number" || set === undefined) return vector as number;
  const view = readView(tracer, vector.base, vector.length);
  if (typeof view === "number") return view;
  for (let i = 0; i < vector.length / 8; i++) set.set(i, view.getBigInt64(i * 8, true));
  return writeLength(tracer, iov, vector.length);
};

const setOptions: Request = (k, tracer, tracee, _addr, data) => {
  const refused = refuseOptions(tracer, data);
  return refused < 0 ? refused : k.ptrace.request(tracee, PTRACE_SETOPTIONS, data);
};

/** Queued signals from the `off`th on, at most `nr` of them. Answers how many. */
const peekSiginfo: Request = (_k, tracer, tracee, args, data) => {
  const view = readView(tracer, args, PEEKSIGINFO_ARGS_SIZE_BYTES);
  if (typeof view === "number") return view;
  const off = Number(view.getBigUint64(0, true));
  const flags = view.getUint32(8, true);
  const count = view.getInt32(12, true);
  if ((flags & ~PTRACE_PEEKSIGINFO_SHARED) !== 0 || count < 0) return -EINVAL;
  const { queue } = flags === 0 ? tracee.pending : tracee.group.pending;
  const found = queue.slice(off, off + count);
  for (const [i, info] of found.entries())
    if (writeBytes(tracer, data + i * SIGINFO_SIZE_BYTES, encodeSiginfo(info)) < 0)
      return i > 0 ? i : -EFAULT;
  return found.length;
};

/** The oldest-first `index`th filter of a tracee, for who may administer; a negative errno. */
function nthFilter(tracer: Task, tracee: Task, index: number): SeccompFilter | number {
  if (!isCapable(tracer.cred, CAP_SYS_ADMIN) || tracer.seccomp !== undefined) return -EACCES;
  if (tracee.seccomp?.mode !== "filter") return -EINVAL;
  const filters: SeccompFilter[] = [];
  for (let at: SeccompFilter | undefined = tracee.seccomp.filter; at; at = at.before)
    filters.unshift(at);
  return filters[index] ?? -ENOENT;
}

/** struct seccomp_metadata: the filter that is asked about, and the flags it was installed with. */
const getMetadata: Request = (_k, tracer, tracee, addr, data) => {
  const size = Math.min(addr, SECCOMP_METADATA_SIZE_BYTES);
  if (size < 8) return isCapable(tracer.cred, CAP_SYS_ADMIN) ? -EINVAL : -EACCES;
  const view = readView(tracer, data, 8);
  if (typeof view === "number") return -EFAULT;
  const found = nthFilter(tracer, tracee, Number(view.getBigUint64(0, true)));
  if (typeof found === "number") return found;
  const answer = new DataView(new ArrayBuffer(SECCOMP_METADATA_SIZE_BYTES));
  answer.setBigUint64(0, view.getBigUint64(0, true), true);
  answer.setBigUint64(8, found.isLogged ? BigInt(SECCOMP_FILTER_FLAG_LOG) : 0n, true);
  const bytes = new Uint8Array(answer.buffer, 0, size);
  return writeBytes(tracer, data, bytes) < 0 ? -EFAULT : size;
};

/** struct ptrace_rseq_configuration; how much there is of it. */
const getRseqConfiguration: Request = (_k, tracer, tracee, size, data) => {
  const view = new DataView(new ArrayBuffer(RSEQ_CONFIGURATION_SIZE_BYTES));
  const { rseq } = tracee;
  view.setBigUint64(0, BigInt(rseq?.address ?? 0), true);
  view.setUint32(8, RSEQ_SIZE_BYTES, true);
  view.setUint32(12, rseq?.signature ?? 0, true);
  const bytes = new Uint8Array(view.buffer, 0, Math.min(size, view.byteLength));
  return writeBytes(tracer, data, bytes) < 0 ? -EFAULT : view.byteLength;
};

/** PTRACE_SECCOMP_GET_FILTER: the program; its length. */
const getFilter: Request = (_k, tracer, tracee, index, data) => {
  const found = nthFilter(tracer, tracee, index);
  if (typeof found === "number") return found;
  if (data === 0) return found.program.length;
  const view = new DataView(new ArrayBuffer(found.program.length * 8));
  for (const [i, { code, jt, jf, k }] of found.program.entries()) {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, jt);
    view.setUint8(i * 8 + 3, jf);
    view.setUint32(i * 8 + 4, k, true);
  }
  return writeBytes(tracer, data, new Uint8Array(view.buffer)) < 0 ? -EFAULT : found.program.length;
};

const getSiginfo: Request = (k, tracer, tracee, _addr, data) => {
  const info = k.ptrace.siginfo(tracee);
  return info === undefined ? -EINVAL : writeBytes(tracer, data, encodeSiginfo(info));
};

const setSiginfo: Request = (k, tracer, tracee, _addr, data) => {
  const view = readView(tracer, data, SIGINFO_SIZE_BYTES);
  if (typeof view === "number") return view;
  if (k.ptrace.siginfo(tracee) === undefined) return -EINVAL;
  k.ptrace.setSiginfo(tracee, decodeSiginfo(new Uint8Array(view.buffer)));
  return 0;
};

const getSigmask: Request = (_k, tracer, tracee, size, data) =>
  size !== 8
    ? -EINVAL
    : writeView(tracer, data, 8, (view) => view.setBigUint64(0, tracee.blocked, true));

const setSigmask: Request = (_k, tracer, tracee, size, data) => {
  if (size !== 8) return -EINVAL;
  const view = readView(tracer, data, 8);
  if (typeof view === "number") return view;
  tracee.blocked = view.getBigUint64(0, true) & ~UNBLOCKABLE;
  recalcSigpending(tracee);
  return 0;
};

/** The event message: an address-sized word, and small. */
function* withMessage(k: Kernel, tracee: Task, use: (message: number) => number): Kpath<number> {
  const asked = k.ptrace.request(tracee, PTRACE_GETEVENTMSG, 0);
  return use(typeof asked === "number" ? asked : yield* asked);
}

const getEventMessage: Request = (k, tracer, tracee, _addr, data) =>
  withMessage(k, tracee, (message) =>
    writeView(tracer, data, 8, (view) => view.setBigInt64(0, BigInt(message), true)),
  );

/** Which half of a system call the stop is, as 5.3 and later say it. Returns the size available. */
const getSyscallInfo: Request = (k, tracer, tracee, size, data) =>
  withMessage(k, tracee, (message) => {
    const info = syscallInfo(tracee, k.ptrace.siginfo(tracee)?.si_code, message);
    const bytes = info.subarray(0, Math.min(size, info.length));
    return writeBytes(tracer, data, bytes) < 0 ? -EFAULT : info.length;
  });

/** struct ptrace_syscall_info of a stop, as far as it is filled. */
function syscallInfo({ regs }: Task, code: number | undefined, message: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(PTRACE_SYSCALL_INFO_SIZE_BYTES));
  const upTo = (length: number): Uint8Array => new Uint8Array(view.buffer, 0, length);
  const call = (): void => {
    view.setBigInt64(24, regs.getBig(REG_A7), true);
    for (let i = 0; i < 6; i++)
      view.setBigInt64(PTRACE_SYSCALL_INFO_ARGS_OFFSET + 8 * i, regs.getBig(REG_A0 + i), true);
  };
  view.setUint32(4, AUDIT_ARCH_RISCV64, true);
  view.setBigInt64(8, regs.getBig(REG_PC), true);
  view.setBigInt64(16, regs.getBig(REG_SP), true);
  if (code === (SIGTRAP | (PTRACE_EVENT_SECCOMP << 8))) {
    view.setUint8(0, PTRACE_SYSCALL_INFO_SECCOMP);
    call();
    view.setUint32(80, message, true);
    return upTo(84);
  }
  const told = code === (SIGTRAP | PTRACE_SYSGOOD_BIT);
  if (told && message === PTRACE_EVENTMSG_SYSCALL_ENTRY) {
    view.setUint8(0, PTRACE_SYSCALL_INFO_ENTRY);
    call();
    return upTo(80);
  }
  if (told && message === PTRACE_EVENTMSG_SYSCALL_EXIT) {
    const result = regs.get(REG_A0);
    view.setUint8(0, PTRACE_SYSCALL_INFO_EXIT);
    view.setBigInt64(24, regs.getBig(REG_A0), true);
    view.setUint8(32, result < 0 && result >= -4095 ? 1 : 0);
    return upTo(33);
  }
  return upTo(24);
}

/** Restarts carry a signal, 0 for none. */
const restart =
  (request: number): Request =>
  (k, _tracer, tracee, _addr, sig) =>
    sig >= 0 && sig <= SIGRTMAX ? k.ptrace.request(tracee, request, sig) : -EIO;

/** What needs a stopped tracee; everything else is in `sys-ptrace.ts`. */
export const STOPPED_REQUESTS: ReadonlyMap<number, Request> = new Map<number, Request>([
  [PTRACE_PEEKTEXT, peek],
  [PTRACE_PEEKDATA, peek],
  [PTRACE_POKETEXT, poke],
  [PTRACE_POKEDATA, poke],
  [PTRACE_CONT, restart(PTRACE_CONT)],
  [PTRACE_SINGLESTEP, restart(PTRACE_SINGLESTEP)],
  [PTRACE_SYSCALL, restart(PTRACE_SYSCALL)],
  [PTRACE_DETACH, restart(PTRACE_DETACH)],
  [PTRACE_LISTEN, (k, _tracer, tracee) => k.ptrace.request(tracee, PTRACE_LISTEN, 0)],
  [PTRACE_PEEKSIGINFO, peekSiginfo],
  [PTRACE_SECCOMP_GET_FILTER, getFilter],
  [PTRACE_SECCOMP_GET_METADATA, getMetadata],
  [PTRACE_GET_RSEQ_CONFIGURATION, getRseqConfiguration],
  [PTRACE_SETOPTIONS, setOptions],
  [PTRACE_GETEVENTMSG, getEventMessage],
  [PTRACE_GETSIGINFO, getSiginfo],
  [PTRACE_SETSIGINFO, setSiginfo],
  [PTRACE_GETREGSET, getRegset],
  [PTRACE_SETREGSET, setRegset],
  [PTRACE_GETSIGMASK, getSigmask],
  [PTRACE_SETSIGMASK, setSigmask],
  [PTRACE_GET_SYSCALL_INFO, getSyscallInfo],
]);
