/**
 * execve(2): a new program in an old task. The other threads die first; then the address space is
 * replaced, the stack gets its arguments as the psABI lays them out, and what exec resets is reset.
 *
 * Source: fs/exec.c, fs/binfmt_elf.c and fs/binfmt_script.c of 6.1; execve(2). Formats: ELF files,
 * TypeScript programs and `#!` scripts. Left out: set-user-ID files, binfmt_misc.
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
import { E2BIG, EACCES, EFAULT, EIO, ELOOP, ENOEXEC, ENOMEM } from "../abi/errno.ts";
import { SIG_DFL, SIG_IGN } from "../abi/signal.ts";
import type { FileData } from "../fs/file-data.ts";
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
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import type { Kpath } from "../lib/wait.ts";
import { AddressSpace, PROT_EXEC, PROT_READ, PROT_WRITE, USER_TOP } from "../mm/address-space.ts";
import { findRoom } from "../mm/placement.ts";
import { ProgramMemory } from "../mm/user-memory.ts";
import { credAfterExec } from "../task/cred.ts";
import { dropAddressSpace, killOtherThreads, releaseTask } from "../task/exit.ts";
import { HartContext, TRAMPOLINE, TRAMPOLINE_CODE } from "../task/hart-context.ts";
import { stopTimers } from "../task/interval-timer.ts";
import type { Kernel } from "../task/kernel.ts";
import { walkRobustList } from "../task/robust-list.ts";
import { NO_ALT_STACK, type Task } from "../task/task.ts";
import { ENTRY_SIZE, ProgramContext, TEXT_BASE } from "../task/user-context.ts";
import {
  ELF_HEAD_SIZE_BYTES,
  type ElfImage,
  type ElfLoad,
  isElf,
  pageEnd,
  pageStart,
  parseElf,
  placed,
  spanOf,
} from "./elf.ts";
import type { ProgramImage } from "./program.ts";

/** An ELF file, and the one that its PT_INTERP names. */
interface ElfFile {
  readonly elf: ElfImage;
  readonly data: FileData;
  readonly path: string;
  readonly interpreter?: ElfFile;
}

/** What is to run: the file named, after following `#!` lines. */
interface Target {
  readonly image: ProgramImage | ElfFile;
  readonly path: string;
  readonly argv: readonly string[];
}

/** ELF_ET_DYN_BASE: where a position-independent program goes. */
const DYN_BASE = 0x2aaaaaa000;
const STACK_TOP = USER_TOP - PAGE_SIZE;
/** AT_HWCAP: one bit a letter of "IMAFDC". */
const HWCAP_GC = 0x112d;
/** AT_RANDOM's bytes seed a C library's stack guard; a simulated one needs no secret. */
const RANDOM_BYTES = Uint8Array.from({ length: 16 }, (_, i) => (i * 151 + 89) & 255);

/**
 * Replaces the task's program by the file at `path`, or by `found`, which execveat(2) was given and
 * calls so. Answers 0 (in the new program) or a negative errno (in the old one).
 */
export function* execve(
  k: Kernel,
  task: Task,
  path: string,
  argv: readonly string[],
  envp: readonly string[],
  found?: Inode,
): Kpath<number> {
  const file = found ?? k.vfs.lookup(task, path);
  const target = typeof file === "number" ? file : resolveProgram(k, task, file, path, argv);
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
  found: Inode,
  path: string,
  argv: readonly string[],
): Target | number {
  let inode: Inode | number = found;
  let file = path;
  let args = argv.length === 0 ? [path] : [...argv];
  for (let depth = 0; depth <= INTERPRETERS_MAX; depth++) {
    if (typeof inode === "number") return inode;
    if (inode.kind !== "file" || !inode.mayExecute(task.cred)) return -EACCES;
    if (inode.program !== undefined) return { image: inode.program, path: file, argv: args };
    const head = inode.readBytes(ELF_HEAD_SIZE_BYTES);
    if (isElf(head)) {
      const image = openElf(k, task, inode, file, head);
      return typeof image === "number" ? image : { image, path: file, argv: args };
    }
    const line = interpreterLine(head);
    if (line === undefined) return -ENOEXEC;
    args = [
      line.interpreter,
      ...(line.argument === undefined ? [] : [line.argument]),
      file,
      ...args.slice(1),
    ];
    file = line.interpreter;
    inode = k.vfs.lookup(task, file);
  }
  return -ELOOP;
}

function openElf(
  k: Kernel,
  task: Task,
  inode: Inode,
  path: string,
  head: Uint8Array,
): ElfFile | number {
  if (inode.body.kind !== "file") return -ENOEXEC;
  const { data } = inode.body;
  const parsed = parseElf(head, data.size);
  if (typeof parsed === "number") return parsed;
  const elf = parsed.isRelocatable ? placed(parsed, DYN_BASE) : parsed;
  if (elf.interpreter === undefined) return { elf, data, path };
  const interpreter = openInterpreter(k, task, elf.interpreter);
  return typeof interpreter === "number" ? interpreter : { elf, data, path, interpreter };
}

function openInterpreter(k: Kernel, task: Task, path: string): ElfFile | number {
  const inode = k.vfs.lookup(task, path);
  if (typeof inode === "number") return inode;
  if (inode.body.kind !== "file" || !inode.mayExecute(task.cred)) return -EACCES;
  const { data } = inode.body;
  const elf = parseElf(inode.readBytes(ELF_HEAD_SIZE_BYTES), data.size);
  return typeof elf === "number" || !elf.isRelocatable ? -EIO : { elf, data, path };
}

function interpreterLine(
  bytes: Uint8Array,
): { interpreter: string; argument?: string } | undefined {
  const head = decodeUtf8(bytes.subarray(0, 256)).split("\n")[0] ?? "";
  const found = /^#![ \t]*([^ \t]+)(?:[ \t]+(.*?))?[ \t]*$/.exec(head);
  if (found === null) return undefined;
  return { interpreter: found[1] as string, ...(found[2] ? { argument: found[2] } : {}) };
}

/** The new address space, where its stack pointer starts, and its first instruction. */
interface Built {
  readonly space: AddressSpace;
  readonly sp: number;
  readonly pc: number;
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
  const isElfFile = "elf" in image;
  const textEnd = isElfFile ? mapElf(space, image) : mapText(space, image, target.path);
  if (textEnd < 0) return refuse(space, textEnd);
  space.brkStart = textEnd + PAGE_SIZE;
  space.brk = space.brkStart;
  space.map(STACK_TOP - STACK_SIZE_MAX_BYTES, STACK_TOP, PROT_READ | PROT_WRITE, "[stack]");
  const interpreter = isElfFile ? mapInterpreter(space, image) : undefined;
  if (interpreter !== undefined && interpreter.base < 0) return refuse(space, interpreter.base);
  const sp = writeStack(space, task, target, envp, execfn, interpreter?.base ?? 0);
  if (sp < 0) return refuse(space, -EFAULT);
  return { space, sp, pc: interpreter?.entry ?? (isElfFile ? image.elf.entry : TEXT_BASE) };
}

/** The program will not be: what was made for it goes. */
function refuse(space: AddressSpace, error: number): number {
  space.destroy();
  return error;
}

/** The entries of a TypeScript program look like text. Answers its end. */
function mapText(space: AddressSpace, image: ProgramImage, path: string): number {
  const textSize = Math.max(1, Object.keys(image.entries).length) * ENTRY_SIZE;
  const textEnd = TEXT_BASE + Math.ceil(textSize / PAGE_SIZE) * PAGE_SIZE;
  space.map(TEXT_BASE, textEnd, PROT_READ | PROT_EXEC, path);
  return textEnd;
}

/** An ELF file's segments, and the page that handlers return to. Answers the segments' end, or an errno. */
function mapElf(space: AddressSpace, { elf, data, path }: ElfFile): number {
  for (const load of elf.loads) if (!mapLoad(space, load, data, path)) return -ENOMEM;
  space.map(TRAMPOLINE, TRAMPOLINE + PAGE_SIZE, PROT_READ | PROT_EXEC, "[vdso]");
  space.poke(TRAMPOLINE, new Uint8Array(new Int32Array(TRAMPOLINE_CODE).buffer));
  return pageEnd(elf.loads.at(-1) as ElfLoad);
}

/** One segment: pages of the file, and zeros after them. False when memory is full. */
function mapLoad(space: AddressSpace, load: ElfLoad, data: FileData, path: string): boolean {
  const start = pageStart(load);
  const bytesEnd = load.vaddr + load.fileSize;
  const fileEnd = load.fileSize === 0 ? start : Math.ceil(bytesEnd / PAGE_SIZE) * PAGE_SIZE;
  const offset = load.offset - (load.vaddr - start);
  if (fileEnd > start)
    space.map(start, fileEnd, load.prot, path, { source: data, offset, shared: false });
  if (pageEnd(load) > fileEnd) space.map(fileEnd, pageEnd(load), load.prot, "");
  const isCut = load.memSize > load.fileSize && bytesEnd < fileEnd;
  return !isCut || space.poke(bytesEnd, new Uint8Array(fileEnd - bytesEnd)) === 0;
}

/** ld.so, where there is room. Its base is an errno where it cannot be mapped. */
function mapInterpreter(
  space: AddressSpace,
  { interpreter }: ElfFile,
): { base: number; entry: number } | undefined {
  if (interpreter === undefined) return undefined;
  const base = findRoom(space, spanOf(interpreter.elf));
  if (base < 0) return { base, entry: 0 };
  const elf = placed(interpreter.elf, base);
  for (const load of elf.loads)
    if (!mapLoad(space, load, interpreter.data, interpreter.path))
      return { base: -ENOMEM, entry: 0 };
  return { base, entry: elf.entry };
}

/** argc, argv, envp and auxv at the stack pointer, their strings above: create_elf_tables(). */
function writeStack(
  space: AddressSpace,
  task: Task,
  target: Target,
  envp: readonly string[],
  execfn: string,
  interpreterBase: number,
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
  const vector = [
    AT_PAGESZ,
    PAGE_SIZE,
    AT_UID,
    task.cred.uid,
    ...("elf" in target.image
      ? elfVector(target.image.elf, task, interpreterBase, execfnAt, randomAt)
      : []),
    AT_NULL,
    0,
  ];
  space.auxv = wordBytes(vector);
  const words = [argv.length, ...args, 0, ...environment, 0, ...vector];
  const sp = Math.floor((top - words.length * 8) / 16) * 16;
  return space.copyOut(sp, wordBytes(words)) < 0 ? -1 : sp;
}

const wordBytes = (words: readonly number[]): Uint8Array =>
  new Uint8Array(BigInt64Array.from(words, BigInt).buffer);

/** What a C library's start-up code reads besides. */
const elfVector = (
  image: ElfImage,
  task: Task,
  base: number,
  execfn: number,
  random: number,
): number[] => [
  AT_PHDR,
  image.headers,
  AT_PHENT,
  ELF_PROGRAM_HEADER_SIZE_BYTES,
  AT_PHNUM,
  image.headerCount,
  AT_BASE,
  base,
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
  if (group.threads.length > 1 || group.zombieThreads.size > 0) {
    group.exiting = true;
    group.execing = task;
    group.exitCode = 0;
    killOtherThreads(k, task);
    // Dead threads that are traced are in the way until their tracer has waited for them.
    while (group.threads.length > 1 || group.zombieThreads.size > 0) {
      yield { queue: group.threadWait, interruptible: false };
    }
    group.exiting = false;
    group.execing = undefined;
    group.threadWait.wakeAll();
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
  walkRobustList(k, task);
  if (task.mm !== undefined) dropAddressSpace(k, task.mm);
  task.mm = built.space;
  regs.copyFrom(new Registers());
  regs.set(REG_SP, built.sp);
  regs.set(REG_TP, 0);
  const { image } = target;
  if ("elf" in image) {
    regs.set(REG_PC, built.pc);
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
  task.rseq = undefined;
  task.altStack = NO_ALT_STACK;
  stopTimers(task.group, true);
  task.restart = undefined;
  task.group.didExec = true;
  task.group.exitSignal = task.group.exitSignal === 0 ? 0 : 17;
}
