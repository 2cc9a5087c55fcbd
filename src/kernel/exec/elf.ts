/**
 * Reading an ELF64 file for riscv64: what to map where. Nothing in the file is trusted.
 *
 * Source: fs/binfmt_elf.c of Linux 6.1; elf(5). Left out: PT_GNU_STACK, as stacks are never
 * executable.
 */
import {
  ELF_HEADER_SIZE_BYTES,
  ELF_PROGRAM_HEADER_SIZE_BYTES,
  EM_RISCV,
  ET_DYN,
  ET_EXEC,
  PF_R,
  PF_W,
  PF_X,
  PT_INTERP,
  PT_LOAD,
} from "../abi/elf.ts";
import { EINVAL, ENOEXEC, ENOMEM } from "../abi/errno.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { decodeUtf8 } from "../lib/text.ts";
import { PROT_EXEC, PROT_READ, PROT_WRITE } from "../mm/address-space.ts";

/** A part of the file, or zeros beyond it, at addresses `[start, end)` rounded to pages. */
export interface ElfLoad {
  readonly vaddr: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly memSize: number;
  readonly prot: number;
}

export interface ElfImage {
  readonly entry: number;
  /** Where the program headers will lie, for AT_PHDR. */
  readonly headers: number;
  readonly headerCount: number;
  readonly loads: readonly ElfLoad[];
  /** PT_INTERP: who loads what the file needs, when it is linked dynamically. */
  readonly interpreter: string | undefined;
  /** ET_DYN: addresses count from wherever it is put. */
  readonly isRelocatable: boolean;
}

/** Below this nobody maps: vm.mmap_min_addr. */
const MIN_ADDRESS = 0x10000;
/** Mappings and the stack are above; Linux would find out when they collide. */
const LOAD_TOP = 0x3000000000;
const HEADERS_MAX = 65536 / ELF_PROGRAM_HEADER_SIZE_BYTES;

export const isElf = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;

/** Enough of a file to hold its headers, as Linux wants them. */
export const ELF_HEAD_SIZE_BYTES: number = 65536 + ELF_HEADER_SIZE_BYTES;
const INTERPRETER_MAX_BYTES = 4096;

/**
 * The image in a file of `fileSize` bytes that begins with `bytes`, or the errno that execve answers.
 * What is relocatable counts from 0; see `placed`.
 */
export function parseElf(bytes: Uint8Array, fileSize: number = bytes.length): ElfImage | number {
  if (bytes.length < ELF_HEADER_SIZE_BYTES || !isElf(bytes)) return -ENOEXEC;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const type = view.getUint16(16, true);
  const isRight = bytes[4] === 2 && bytes[5] === 1 && view.getUint16(18, true) === EM_RISCV;
  if (!isRight || (type !== ET_EXEC && type !== ET_DYN)) return -ENOEXEC;
  const tableAt = Number(view.getBigUint64(32, true));
  const count = view.getUint16(56, true);
  const isTable = view.getUint16(54, true) === ELF_PROGRAM_HEADER_SIZE_BYTES && count > 0;
  if (!isTable || count > HEADERS_MAX) return -ENOEXEC;
  if (tableAt + count * ELF_PROGRAM_HEADER_SIZE_BYTES > bytes.length) return -ENOEXEC;
  const isRelocatable = type === ET_DYN;
  const loads = readLoads(view, tableAt, count, fileSize, isRelocatable ? 0 : MIN_ADDRESS);
  if (typeof loads === "number") return loads;
  const interpreter = readInterpreter(bytes, view, tableAt, count);
  if (typeof interpreter === "number") return interpreter;
  const first = loads[0] as ElfLoad;
  return {
    entry: Number(view.getBigUint64(24, true)),
    headers: tableAt - first.offset + first.vaddr,
    headerCount: count,
    loads,
    interpreter,
    isRelocatable,
  };
}

/** The image with all its addresses moved up by `base`. */
export const placed = (image: ElfImage, base: number): ElfImage => ({
  ...image,
  entry: image.entry + base,
  headers: image.headers + base,
  loads: image.loads.map((load) => ({ ...load, vaddr: load.vaddr + base })),
});

/** How much room an image takes from its first address on. */
export const spanOf = (image: ElfImage): number => pageEnd(image.loads.at(-1) as ElfLoad);

function readInterpreter(
  bytes: Uint8Array,
  view: DataView,
  tableAt: number,
  count: number,
): string | undefined | number {
  for (let i = 0; i < count; i++) {
    const at = tableAt + i * ELF_PROGRAM_HEADER_SIZE_BYTES;
    if (view.getUint32(at, true) !== PT_INTERP) continue;
    const start = Number(view.getBigUint64(at + 8, true));
    const size = Number(view.getBigUint64(at + 32, true));
    if (size < 2 || size > INTERPRETER_MAX_BYTES || start + size > bytes.length) return -ENOEXEC;
    if (bytes[start + size - 1] !== 0) return -ENOEXEC;
    return decodeUtf8(bytes.subarray(start, start + size - 1));
  }
  return undefined;
}

function readLoads(
  view: DataView,
  tableAt: number,
  count: number,
  fileSize: number,
  lowest: number,
): readonly ElfLoad[] | number {
  const loads: ElfLoad[] = [];
  for (let i = 0; i < count; i++) {
    const at = tableAt + i * ELF_PROGRAM_HEADER_SIZE_BYTES;
    const type = view.getUint32(at, true);
    if (type !== PT_LOAD) continue;
    const load = readLoad(view, at);
    const refused = refusal(load, loads[loads.length - 1], fileSize, lowest);
    if (refused < 0) return refused;
    if (load.memSize > 0) loads.push(load);
  }
  return loads.length === 0 ? -ENOEXEC : loads;
}

function readLoad(view: DataView, at: number): ElfLoad {
  const field = (offset: number): number => Number(view.getBigUint64(at + offset, true));
  const flags = view.getUint32(at + 4, true);
  return {
    vaddr: field(16),
    offset: field(8),
    fileSize: field(32),
    memSize: field(40),
    prot:
      ((flags & PF_R) !== 0 ? PROT_READ : 0) |
      ((flags & PF_W) !== 0 ? PROT_READ | PROT_WRITE : 0) |
      ((flags & PF_X) !== 0 ? PROT_EXEC : 0),
  };
}

/** Sizes are exact doubles or far too large, so that sums cannot wrap. */
function refusal(
  load: ElfLoad,
  before: ElfLoad | undefined,
  fileSize: number,
  lowest: number,
): number {
  if (load.fileSize > load.memSize) return -EINVAL;
  if (load.vaddr % PAGE_SIZE !== load.offset % PAGE_SIZE) return -EINVAL;
  if (load.offset + load.fileSize > fileSize) return -ENOEXEC;
  if (load.vaddr < lowest) return -EINVAL;
  if (load.vaddr + load.memSize > LOAD_TOP) return -ENOMEM;
  // Linux would map the later one over the earlier; no linker makes such a file.
  if (before !== undefined && pageEnd(before) > pageStart(load)) return -EINVAL;
  return 0;
}

export const pageStart = (load: ElfLoad): number => Math.floor(load.vaddr / PAGE_SIZE) * PAGE_SIZE;
export const pageEnd = (load: ElfLoad): number =>
  Math.ceil((load.vaddr + load.memSize) / PAGE_SIZE) * PAGE_SIZE;
