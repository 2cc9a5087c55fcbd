/**
 * Seccomp: a task gives up system calls, all but four of them or those that its filters refuse.
 * Filters are classic BPF programs over the call's number, address and arguments; each is checked
 * once, can only jump forward, and is kept by children and execve.
 *
 * Source: kernel/seccomp.c and net/core/filter.c (bpf_check_classic) of 6.1; seccomp(2). Left out:
 * user notification, the check that scratch memory was written before it is read (it is zero).
 */
import { EINVAL, ENOSYS } from "../abi/errno.ts";
import {
  AUDIT_ARCH_RISCV64,
  PTRACE_EVENT_SECCOMP,
  PTRACE_O_SUSPEND_SECCOMP,
  PTRACE_O_TRACESECCOMP,
} from "../abi/ptrace.ts";
import {
  SECCOMP_ACTION,
  SECCOMP_DATA,
  SECCOMP_RET_ALLOW,
  SECCOMP_RET_ERRNO,
  SECCOMP_RET_KILL_PROCESS,
  SECCOMP_RET_KILL_THREAD,
  SECCOMP_RET_LOG,
  SECCOMP_RET_TRACE,
  SECCOMP_RET_TRAP,
} from "../abi/seccomp.ts";
import { SYS_SECCOMP } from "../abi/siginfo.ts";
import { SIGKILL, SIGSYS } from "../abi/signal-numbers.ts";
import { SYSCALL_NUMBERS } from "../abi/syscalls.ts";
import { waitStatusSignaled } from "../abi/wait.ts";
import { REG_A0, REG_A7, REG_PC } from "../hw/registers.ts";
import type { Kpath } from "../lib/wait.ts";
import { forceSignal } from "../signal/send.ts";
import { doExit } from "./exit.ts";
import type { Kernel } from "./kernel.ts";
import type { Task } from "./task.ts";

/** struct sock_filter. */
export interface BpfInstruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** A filter, and those that were there before it. */
export interface SeccompFilter {
  readonly program: readonly BpfInstruction[];
  readonly before: SeccompFilter | undefined;
  /** SECCOMP_FILTER_FLAG_LOG was given. */
  readonly isLogged: boolean;
}

export type Seccomp =
  | { readonly mode: "strict" }
  | { readonly mode: "filter"; readonly filter: SeccompFilter };

/** struct seccomp_data: 64 bytes. */
const DATA_WORDS = 16;
const SCRATCH_WORDS = 16;
const ERRNO_MAX = 4095;

const STRICT_CALLS: readonly number[] = [
  SYSCALL_NUMBERS.read,
  SYSCALL_NUMBERS.write,
  SYSCALL_NUMBERS.exit,
  SYSCALL_NUMBERS.rt_sigreturn,
];

// Instruction classes and fields of linux/bpf_common.h.
const LD = 0;
const LDX = 1;
const ST = 2;
const STX = 3;
const ALU = 4;
const JMP = 5;
const RET = 6;
const MISC = 7;
const MODE = 0xe0;
const IMM = 0x00;
const ABS = 0x20;
const MEM = 0x60;
const LEN = 0x80;
const SOURCE_X = 0x08;
const RET_A = 0x10;
const TXA = 0x80;

type Operation = (a: number, b: number) => number;

/** By the operation field, in steps of 16. Division by zero of X ends the program before it is asked. */
const ARITHMETIC: readonly Operation[] = [
  (a, b) => a + b,
  (a, b) => a - b,
  (a, b) => Math.imul(a, b),
  (a, b) => Math.floor((a >>> 0) / (b >>> 0)),
  (a, b) => a | b,
  (a, b) => a & b,
  (a, b) => (b >>> 0 > 31 ? 0 : a << b),
  (a, b) => (b >>> 0 > 31 ? 0 : (a >>> 0) >>> b),
  (a) => -a,
];
const XOR = 10;
const DIVIDE = 3;
const SHIFTS: readonly number[] = [6, 7];
const NEGATE = 8;

type Condition = (a: number, b: number) => boolean;

const CONDITIONS: readonly Condition[] = [
  () => true,
  (a, b) => a === b,
  (a, b) => a >>> 0 > b >>> 0,
  (a, b) => a >>> 0 >= b >>> 0,
  (a, b) => (a & b) !== 0,
];

const operationOf = (code: number): number => (code >> 4) & 15;

/** Is this one instruction allowed at all, wherever it stands? */
function isInstruction({ code, k }: BpfInstruction): boolean {
  const operation = operationOf(code);
  switch (code & 7) {
    case LD:
      if (code === (LD | ABS)) return k % 4 === 0 && k < DATA_WORDS * 4;
      return isLoad(code, k);
    case LDX:
      return isLoad(code & ~1, k);
    case ST:
    case STX:
      return code < 4 && k < SCRATCH_WORDS;
    case ALU:
      return isArithmetic(code, operation, k);
    case JMP:
      return operation < CONDITIONS.length && (code & ~0xff) === 0;
    case RET:
      return code === RET || code === (RET | RET_A);
    default:
      return code === MISC || code === (MISC | TXA);
  }
}

const isLoad = (code: number, k: number): boolean =>
  code === IMM || code === LEN || (code === MEM && k < SCRATCH_WORDS);

function isArithmetic(code: number, operation: number, k: number): boolean {
  if (code > 0xff || (operation >= ARITHMETIC.length && operation !== XOR)) return false;
  const isConstant = (code & SOURCE_X) === 0;
  if (operation === NEGATE) return isConstant;
  if (!isConstant) return true;
  return operation === DIVIDE ? k !== 0 : !SHIFTS.includes(operation) || k < 32;
}

/** bpf_check_classic() and seccomp_check_filter(): ends in a return, jumps stay inside. */
export function isFilter(program: readonly BpfInstruction[]): boolean {
  const { length } = program;
  const last = program[length - 1];
  if (last === undefined || (last.code & 7) !== RET) return false;
  return program.every((instruction, at) => {
    if (!isInstruction(instruction)) return false;
    if ((instruction.code & 7) !== JMP) return true;
    const { jt, jf, k } = instruction;
    return operationOf(instruction.code) === 0
      ? at + k + 1 < length
      : at + Math.max(jt, jf) + 1 < length;
  });
}

/** Runs a checked filter over the words of a seccomp_data. Answers its return value, unsigned. */
export function runFilter(program: readonly BpfInstruction[], data: Int32Array): number {
  const scratch = new Int32Array(SCRATCH_WORDS);
  let a = 0;
  let x = 0;
  for (let pc = 0; ; pc++) {
    const instruction = program[pc] as BpfInstruction;
    const { code, k } = instruction;
    const operand = (code & SOURCE_X) !== 0 ? x : k | 0;
    const operation = operationOf(code);
    switch (code & 7) {
      case LD:
        a = loaded(code, k, data, scratch);
        break;
      case LDX:
        x = loaded(code, k, data, scratch);
        break;
      case ST:
        scratch[k] = a;
        break;
      case STX:
        scratch[k] = x;
        break;
      case ALU:
        if (operation === DIVIDE && operand === 0) return 0;
        a = computed(operation, a, operand);
        break;
      case JMP:
        pc += jumped(operation, instruction, a, operand);
        break;
      case RET:
        return (code === RET ? k : a) >>> 0;
      default:
        if (code === MISC) x = a;
        else a = x;
    }
  }
}

const computed = (operation: number, a: number, b: number): number =>
  (operation === XOR ? a ^ b : (ARITHMETIC[operation] as Operation)(a, b)) | 0;

/** How many instructions a jump leaves out. */
function jumped(operation: number, { jt, jf, k }: BpfInstruction, a: number, b: number): number {
  if (operation === 0) return k;
  return (CONDITIONS[operation] as Condition)(a, b) ? jt : jf;
}

function loaded(code: number, k: number, data: Int32Array, scratch: Int32Array): number {
  switch (code & MODE) {
    case ABS:
      return data[k / 4] as number;
    case MEM:
      return scratch[k] as number;
    case LEN:
      return DATA_WORDS * 4;
    default:
      return k | 0;
  }
}

/** struct seccomp_data of the call that the task is about to make. */
function dataOf(task: Task): Int32Array {
  const data = new Int32Array(DATA_WORDS);
  const { halves } = task.regs;
  data[0] = task.regs.get(REG_A7);
  data[1] = AUDIT_ARCH_RISCV64;
  data[2] = halves[REG_PC * 2] as number;
  data[3] = halves[REG_PC * 2 + 1] as number;
  data.set(halves.subarray(REG_A0 * 2, REG_A0 * 2 + 12), 4);
  return data;
}

/** What all filters together say: the strictest, and of equals the newest. */
function verdict(filter: SeccompFilter, data: Int32Array): number {
  let result: number = SECCOMP_RET_ALLOW;
  for (let at: SeccompFilter | undefined = filter; at !== undefined; at = at.before) {
    const value = runFilter(at.program, data);
    // KILL_PROCESS has the sign bit, and is the strictest of all.
    if (((value & SECCOMP_ACTION) | 0) < ((result & SECCOMP_ACTION) | 0)) result = value;
  }
  return result;
}

const tracerWants = (k: Kernel, task: Task, option: number): boolean =>
  task.ptrace.tracer !== undefined && (k.ptrace.options(task) & option) !== 0;

/** __secure_computing(): may the call be made? What it answers otherwise is in a0. Does not come back from a deadly one. */
export function* secureComputing(k: Kernel, task: Task): Kpath<boolean> {
  const { seccomp } = task;
  if (seccomp === undefined || tracerWants(k, task, PTRACE_O_SUSPEND_SECCOMP)) return true;
  if (seccomp.mode === "filter") return yield* filterCall(k, task, seccomp.filter, false);
  if (STRICT_CALLS.includes(task.regs.get(REG_A7))) return true;
  yield* doExit(k, task, waitStatusSignaled(SIGKILL, false), false);
  return false;
}

function* filterCall(
  k: Kernel,
  task: Task,
  filter: SeccompFilter,
  isRecheck: boolean,
): Kpath<boolean> {
  const value = verdict(filter, dataOf(task));
  const data = value & SECCOMP_DATA;
  const answer = (result: number): boolean => {
    task.regs.set(REG_A0, result);
    return false;
  };
  switch ((value & SECCOMP_ACTION) >>> 0) {
    case SECCOMP_RET_ALLOW:
    case SECCOMP_RET_LOG:
      return true;
    case SECCOMP_RET_ERRNO:
      return answer(-Math.min(data, ERRNO_MAX));
    case SECCOMP_RET_TRAP:
      trap(k, task, data);
      return false;
    case SECCOMP_RET_TRACE:
      return isRecheck || (yield* askTracer(k, task, filter, data));
    case SECCOMP_RET_KILL_THREAD:
      yield* kill(k, task, task.group.threads.length === 1);
      return false;
    case SECCOMP_RET_KILL_PROCESS:
      yield* kill(k, task, true);
      return false;
    default:
      return answer(-ENOSYS);
  }
}

function trap(k: Kernel, task: Task, data: number): void {
  task.regs.set(REG_A0, task.origA0);
  forceSignal(k, task, {
    si_signo: SIGSYS,
    si_errno: data,
    si_code: SYS_SECCOMP,
    si_call_addr: task.regs.get(REG_PC),
    si_syscall: task.regs.get(REG_A7),
    si_arch: AUDIT_ARCH_RISCV64,
  });
}

/** PTRACE_EVENT_SECCOMP: the tracer may change the call, which then has to pass the filters again. */
function* askTracer(k: Kernel, task: Task, filter: SeccompFilter, data: number): Kpath<boolean> {
  if (!tracerWants(k, task, PTRACE_O_TRACESECCOMP)) {
    task.regs.set(REG_A0, -ENOSYS);
    return false;
  }
  yield* k.ptrace.event(task, PTRACE_O_TRACESECCOMP, PTRACE_EVENT_SECCOMP, data);
  if (task.regs.get(REG_A7) < 0 || task.group.exiting) return false;
  return yield* filterCall(k, task, filter, true);
}

function* kill(k: Kernel, task: Task, wholeGroup: boolean): Kpath<void> {
  yield* doExit(k, task, waitStatusSignaled(SIGSYS, wholeGroup), wholeGroup);
}

/** A filter on top of what there is, or -EINVAL under strict mode. */
export function withFilter(
  seccomp: Seccomp | undefined,
  program: readonly BpfInstruction[],
  isLogged: boolean,
): Seccomp | number {
  if (seccomp?.mode === "strict") return -EINVAL;
  return { mode: "filter", filter: { program, before: seccomp?.filter, isLogged } };
}
