/**
 * execve(2): a new program in an old task. The other threads die first; then the address space is
 * replaced, the stack gets its arguments as the psABI lays them out, and what exec resets is reset.
 *
 * Source: fs/exec.c and fs/binfmt_script.c of 6.1; execve(2). Formats: static ELF files,
 * TypeScript programs and `#!` scripts. Left out: dynamic linking, set-user-ID files, binfmt_misc.
 */
import {
  AT_BASE,
  AT_CLKTCK,
  AT_EGID,
  AT_ENTRY,
  AT_EUID,
  AT_EXECFN,
  AT_FLAGS,
  AT_GID,
  AT_HWCAP,
  AT_NULL,
  AT_PAGESZ,
  AT_PHDR,
  AT_PHENT,
  AT_PHNUM,
  AT_RANDOM,
  AT_SECURE,
  AT_UID,
} from "../abi/auxv.ts";
import { ELF_PROGRAM_HEADER_SIZE_BYTES } from "../abi/elf.ts";
import { E2BIG, EACCES, EFAULT, ELOOP, ENOEXEC, ENOMEM } from "../abi/errno.ts";
import { SIG_DFL, SIG_IGN } from "../abi/signal.ts";
import type { Inode } from "../fs/inode.ts";
import { COST_EXEC_NS } from "../hw/costs.ts";
import { FloatRegisters } from "../hw/float-registers.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { REG_PC, REG_SP, REG_TP, Registers } from "../hw/registers.ts";
import {
  ARGUMENT_LENGTH_MAX_BYTES,
  ARGUMENTS_SIZE_MAX_BYTES,
  INTERPRETERS_MAX,
  STACK_SIZE_MAX_BYTES,
} from "../lib/limits.ts";
import { encodeUtf8 } from "../lib/text.ts";
import type { Kpath } from "../lib/wait.ts";
import { AddressSpace, PROT_EXEC, PROT_READ, PROT_WRITE, USER_TOP } from "../mm/address-space.ts";
import { ProgramMemory } from "../mm/user-memory.ts";
import { credAfterExec } from "../task/cred.ts";
import { dropAddressSpace, killOtherThreads, releaseTask } from "../task/exit.ts";
import { HartContext, TRAMPOLINE, TRAMPOLINE_CODE } from "../task/hart-context.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { ENTRY_SIZE, ProgramContext, TEXT_BASE } from "../task/user-context.ts";
import { type ElfImage, type ElfLoad, isElf, pageEnd, pageStart, parseElf } from "./elf.ts";
import type { ProgramImage } from "./program.ts";

/** What is to run: the file named, after following `#!` lines. */
interface Target {
  readonly image: ProgramImage | ElfImage;
  readonly path: string;
  readonly argv: readonly string[];
}

const STACK_TOP = USER_TOP - PAGE_SIZE;
/** AT_HWCAP: one bit a letter of "IMAFDC". */
const HWCAP_GC = 0x112d;
/** AT_RANDOM's bytes seed a C library's stack guard; a simulated one needs no secret. */
const RANDOM_BYTES = Uint8Array.from({ length: 16 }, (_, i) => (i * 151 + 89) & 255);

/** Replaces the task's program. Answers 0 (in the new program) or a negative errno (in the old one). */
export function* execve(
  k: Kernel,
  task: Task,
  path: string,
  argv: readonly string[],
  envp: readonly string[],
): Kpath<number> {
  const target = resolveProgram(k, task, path, argv);
  if (typeof target === "number") return target;
  const space = buildSpace(k, task, target, path, envp);
  if (typeof space === "number") return space;
  k.clock.now += COST_EXEC_NS;
  const formerTid = task.tid;
  if (!(yield* becomeOnlyThread(k, task))) return 0;
  install(k, task, target, space);
  k.log.emit("exec", target.path, target.argv.join(" "), formerTid);
  task.vforkDone?.();
  task.vforkDone = undefined;
  yield* k.tree.exec(task, formerTid);
  yield* k.ptrace.exec(task, formerTid);
  return 0;
}

function resolveProgram(
  k: Kernel,
  task: Task,
  path: string,
  argv: readonly string[],
): Target | number {
  let file = path;
  let args = argv.length === 0 ? [path] : [...argv];
  for (let depth = 0; depth <= INTERPRETERS_MAX; depth++) {
    const inode = k.vfs.lookup(task, file);
    if (typeof inode === "number") return inode;
    if (inode.kind !== "file" || !inode.mayExecute(task.cred)) return -EACCES;
    if (inode.program !== undefined) return { image: inode.program, path: file, argv: args };
    const bytes = inode.readBytes();
    if (isElf(bytes)) {
      const image = parseElf(bytes);
      return typeof image === "number" ? image : { image, path: file, argv: args };
    }
    const line = interpreterLine(inode);
    if (line === undefined) return -ENOEXEC;
    args = [
      line.interpreter,
      ...(line.argument === undefined ? [] : [line.argument]),
      file,
      ...args.slice(1),
    ];
    file = line.interpreter;
  }
  return -ELOOP;
}

function interpreterLine(inode: Inode): { interpreter: string; argument?: string } | undefined {
  const head = inode.readText().slice(0, 256).split("\n")[0] ?? "";
  const found = /^#![ \t]*([^ \t]+)(?:[ \t]+(.*?))?[ \t]*$/.exec(head);
  if (found === null) return undefined;
  return { interpreter: found[1] as string, ...(found[2] ? { argument: found[2] } : {}) };
}

/** The new address space and where its stack pointer starts. */
interface Built {
  readonly space: AddressSpace;
  readonly sp: number;
}

function buildSpace(
  k: Kernel,
  task: Task,
  target: Target,
  execfn: string,
  envp: readonly string[],
): Built | number {
  const strings = [...target.argv, ...envp];
  const sizes = strings.map((text) => encodeUtf8(text).length + 1);
  if (sizes.some((size) => size > ARGUMENT_LENGTH_MAX_BYTES)) return -E2BIG;
  if (sizes.reduce((sum, size) => sum + size + 8, 0) > ARGUMENTS_SIZE_MAX_BYTES) return -E2BIG;
  const space = new AddressSpace(k.memory);
  const { image } = target;
  const textEnd =
    "loads" in image ? mapElf(space, image, target.path) : mapText(space, image, target.path);
  if (textEnd < 0) return textEnd;
  space.brkStart = textEnd + PAGE_SIZE;
  space.brk = space.brkStart;
  space.map(STACK_TOP - STACK_SIZE_MAX_BYTES, STACK_TOP, PROT_READ | PROT_WRITE, "[stack]");
  const sp = writeStack(space, task, target, envp, execfn);
  return sp < 0 ? -EFAULT : { space, sp };
}

/** The entries of a TypeScript program look like text. Answers its end. */
function mapText(space: AddressSpace, image: ProgramImage, path: string): number {
  const textSize = Math.max(1, Object.keys(image.entries).length) * ENTRY_SIZE;
  const textEnd = TEXT_BASE + Math.ceil(textSize / PAGE_SIZE) * PAGE_SIZE;
  space.map(TEXT_BASE, textEnd, PROT_READ | PROT_EXEC, path);
  return textEnd;
}

/** An ELF file's segments, and the page that handlers return to. Answers the segments' end, or an errno. */
function mapElf(space: AddressSpace, image: ElfImage, path: string): number {
  for (const load of image.loads) {
    space.map(pageStart(load), pageEnd(load), load.prot, path);
    const bytes = image.bytes.subarray(load.offset, load.offset + load.fileSize);
    if (space.poke(load.vaddr, bytes) < 0) return -ENOMEM;
  }
  space.map(TRAMPOLINE, TRAMPOLINE + PAGE_SIZE, PROT_READ | PROT_EXEC, "[vdso]");
  space.poke(TRAMPOLINE, new Uint8Array(new Int32Array(TRAMPOLINE_CODE).buffer));
  return pageEnd(image.loads[image.loads.length - 1] as ElfLoad);
}

/** argc, argv, envp and auxv at the stack pointer, their strings above: create_elf_tables(). */
function writeStack(
  space: AddressSpace,
  task: Task,
  target: Target,
  envp: readonly string[],
  execfn: string,
): number {
  const { argv } = target;
  let top = STACK_TOP - 8;
  const put = (text: string): number => {
    const bytes = encodeUtf8(`${text}\0`);
    top -= bytes.length;
    return space.copyOut(top, bytes) < 0 ? -1 : top;
  };
  put(execfn);
  const execfnAt = top;
  top -= 16;
  const randomAt = top;
  space.copyOut(randomAt, RANDOM_BYTES);
  const environment = [...envp].reverse().map(put).reverse();
  space.argEnd = environment[0] ?? top;
  const args = [...argv].reverse().map(put).reverse();
  space.argStart = args[0] ?? top;
  space.argEnd = environment[0] ?? space.argEnd;
  const words = [
    argv.length,
    ...args,
    0,
    ...environment,
    0,
    AT_PAGESZ,
    PAGE_SIZE,
    AT_UID,
    task.cred.uid,
    ...("loads" in target.image ? elfVector(target.image, task, execfnAt, randomAt) : []),
    AT_NULL,
    0,
  ];
  const sp = Math.floor((top - words.length * 8) / 16) * 16;
  const view = new DataView(new ArrayBuffer(words.length * 8));
  words.forEach((word, i) => {
    view.setBigInt64(i * 8, BigInt(word), true);
  });
  return space.copyOut(sp, new Uint8Array(view.buffer)) < 0 ? -1 : sp;
}

/** What a C library's start-up code reads besides. */
const elfVector = (image: ElfImage, task: Task, execfn: number, random: number): number[] => [
  AT_PHDR,
  image.headers,
  AT_PHENT,
  ELF_PROGRAM_HEADER_SIZE_BYTES,
  AT_PHNUM,
  image.headerCount,
  AT_BASE,
  0,
  AT_FLAGS,
  0,
  AT_ENTRY,
  image.entry,
  AT_EUID,
  task.cred.euid,
  AT_GID,
  task.cred.gid,
  AT_EGID,
  task.cred.egid,
  AT_SECURE,
  0,
  AT_HWCAP,
  HWCAP_GC,
  AT_CLKTCK,
  100,
  AT_RANDOM,
  random,
  AT_EXECFN,
  execfn,
];

/** de_thread(): kills the other threads and takes the leader's tid. False if we are dying instead. */
function* becomeOnlyThread(k: Kernel, task: Task): Kpath<boolean> {
  const { group } = task;
  if (group.exiting) return false;
  if (group.threads.length > 1) {
    group.exiting = true;
    group.execing = task;
    group.exitCode = 0;
    killOtherThreads(k, task);
    while (group.threads.length > 1) {
      yield { queue: group.threadWait, interruptible: false };
    }
    group.exiting = false;
    group.execing = undefined;
  }
  if (!task.isLeader) takeLeadership(k, task);
  return true;
}

/** The exec'ing thread becomes the leader; the old leader vanishes without being waited for. */
function takeLeadership(k: Kernel, task: Task): void {
  const { group } = task;
  const old = group.leader;
  k.tasks.delete(task.tid);
  group.leader = task;
  if (old.runState === "zombie") releaseTask(k, old);
  k.tasks.delete(old.tid);
  task.tid = group.tgid;
  k.tasks.set(task.tid, task);
  k.clock.tid = task.tid;
}

function install(k: Kernel, task: Task, target: Target, built: Built): void {
  const { regs } = task;
  if (task.mm !== undefined) dropAddressSpace(k, task.mm);
  task.mm = built.space;
  regs.copyFrom(new Registers());
  regs.set(REG_SP, built.sp);
  regs.set(REG_TP, 0);
  const { image } = target;
  if ("loads" in image) {
    regs.set(REG_PC, image.entry);
    task.user = new HartContext(k.hart, built.space, regs, new FloatRegisters());
    task.image = undefined;
  } else {
    const mem = new ProgramMemory(built.space, k.memory);
    task.user = new ProgramContext(image, { regs, mem }, TEXT_BASE, 0);
    task.image = image;
  }
  task.exe = target.path;
  task.comm = (target.path.split("/").pop() ?? "").slice(0, 15);
  task.files = task.files.forExec();
  task.sighand = task.sighand.map((action) => ({
    handler: action.handler === SIG_IGN ? SIG_IGN : SIG_DFL,
    flags: 0,
    mask: 0n,
  }));
  task.cred = credAfterExec(task.cred);
  task.clearChildTid = 0;
  task.robustList = 0;
  task.restart = undefined;
  task.group.didExec = true;
  task.group.exitSignal = task.group.exitSignal === 0 ? 0 : 17;
}
