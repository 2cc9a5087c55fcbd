/**
 * BPF_PROG_LOAD: from attributes to a program that the verifier has accepted.
 *
 * Source: bpf_prog_load() of kernel/bpf/syscall.c, bpf_check() of kernel/bpf/verifier.c, 6.16. Left
 * out: signatures, devices, relocation by the kernel itself, insns of an unprivileged user.
 */
import { BPF_INSN_SIZE_BYTES, BPF_OBJ_NAME_LEN, BPF_PSEUDO_MAP_FD } from "../../abi/bpf.ts";
import { E2BIG, EACCES, EBADF, EINVAL, EPERM } from "../../abi/errno.ts";
import { isGplCompatible } from "../../lib/license.ts";
import { BPF_PROGRAM_SLOTS_MAX } from "../../lib/limits.ts";
import { encodeUtf8 } from "../../lib/text.ts";
import type { Task } from "../../task/task.ts";
import type { Btf } from "../btf/btf.ts";
import { type Instruction, isWide, readInstructions } from "../isa/instruction.ts";
import type { SourceLine } from "../verifier/log.ts";
import type { RefusalErrno } from "../verifier/refusal.ts";
import { type Verified, verify } from "../verifier/verify.ts";
import type { Attributes } from "./attributes.ts";
import { BtfObject, MapObject } from "./objects.ts";
import { type Shape, shapeFor } from "./program-shape.ts";
import { readSourceLines } from "./source-lines.ts";

const LICENSE_MAX_BYTES = 128;
const LOG_SIZE_MAX_BYTES = 16 * 1024 * 1024;
/** Lines that a log of any size needs to be made of. */
const LOG_LINES_MAX = 4000;

const ERRNO: Readonly<Record<RefusalErrno, number>> = { EACCES, EINVAL, E2BIG, EPERM };

/** A program that may run. */
export interface Loaded {
  readonly name: string;
  readonly type: number;
  readonly insns: readonly Instruction[];
  readonly tracepoint: string;
  /** The map that each wide load names, by slot. */
  readonly maps: ReadonlyMap<number, MapObject>;
  readonly verified: Extract<Verified, { readonly ok: true }>;
}

export interface Refused {
  readonly name: string;
  readonly errno: number;
  /** Why; the verifier's words, with the source line if it knows it. */
  readonly reason: string;
}

export interface LoadContext {
  readonly task: Task;
  /** The kernel's own types. */
  readonly btf: Btf | undefined;
  readonly registersSize: number;
  /** What the kernel keeps to itself is not for programs. */
  readonly isConfidential: boolean;
  readonly objectAt: (fd: number) => object | undefined;
}

const refused = (name: string, errno: number, reason: string): Refused => ({ name, errno, reason });

export function loadProgram(context: LoadContext, a: Attributes): Loaded | Refused {
  const name = a.name(48, BPF_OBJ_NAME_LEN);
  const insns = readProgram(a);
  if (typeof insns === "number") return refused(name, -insns, "insns");
  const license = a.string(a.u64(16), LICENSE_MAX_BYTES);
  if (typeof license === "number") return refused(name, -license, "license");
  const type = a.u32(0);
  const shape = shapeFor({
    type,
    expectedAttachType: a.u32(68),
    attachBtfId: a.u32(108),
    btf: context.btf,
    registersSize: context.registersSize,
    isConfidential: context.isConfidential,
  });
  if (typeof shape === "number") return refused(name, -shape, `program type ${type}`);
  const maps = readMaps(context, insns);
  if (typeof maps === "number") return refused(name, -maps, "map descriptor");
  const sources = readLines(context, a);
  if (typeof sources === "number") return refused(name, -sources, "line_info");
  const isGpl = isGplCompatible(license);
  return check({ name, type, insns, maps, shape, sources, isGpl, btf: context.btf }, a);
}

interface Checked {
  readonly name: string;
  readonly type: number;
  readonly insns: readonly Instruction[];
  readonly maps: ReadonlyMap<number, MapObject>;
  readonly shape: Shape;
  readonly sources: ReadonlyMap<number, SourceLine>;
  readonly isGpl: boolean;
  readonly btf: Btf | undefined;
}

function check(parts: Checked, a: Attributes): Loaded | Refused {
  const { name, type, insns, maps, shape } = parts;
  const level = a.u32(24);
  const logSize = a.u32(28);
  const hasLog = level !== 0 && a.u64(32) !== 0;
  if ((level !== 0) !== (a.u64(32) !== 0) || logSize > LOG_SIZE_MAX_BYTES)
    return refused(name, EINVAL, "log buffer");
  const verified = verify({
    insns,
    shape: shape.shape,
    mapAt: (slot) => maps.get(slot)?.map.shape,
    btf: parts.btf,
    sources: parts.sources,
    isGpl: parts.isGpl,
    logLinesMax: hasLog ? LOG_LINES_MAX : 0,
  });
  if (hasLog) {
    const problem = writeLog(a, verified.log, logSize);
    if (problem < 0) return refused(name, -problem, "log buffer");
  }
  if (verified.ok) return { name, type, insns, maps, tracepoint: shape.tracepoint, verified };
  const { source } = verified;
  const at = source === undefined ? "" : ` (${source.file}:${source.line}: ${source.text})`;
  return refused(name, ERRNO[verified.errno], `${verified.slot}: ${verified.message}${at}`);
}

/** The end of the log, with a NUL. */
function writeLog(a: Attributes, log: string, size: number): number {
  if (size === 0) return 0;
  const bytes = encodeUtf8(log);
  const kept = bytes.subarray(Math.max(0, bytes.length - (size - 1)));
  return a.write(a.u64(32), Uint8Array.from([...kept, 0]));
}

function readProgram(a: Attributes): readonly Instruction[] | number {
  const count = a.u32(4);
  if (count === 0 || count > BPF_PROGRAM_SLOTS_MAX) return -E2BIG;
  const bytes = a.bytes(a.u64(8), count * BPF_INSN_SIZE_BYTES);
  return typeof bytes === "number" ? bytes : readInstructions(bytes);
}

function readMaps(
  { objectAt }: LoadContext,
  insns: readonly Instruction[],
): ReadonlyMap<number, MapObject> | number {
  const maps = new Map<number, MapObject>();
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot] as Instruction;
    if (!isWide(insn)) continue;
    if (insn.src === BPF_PSEUDO_MAP_FD) {
      const object = objectAt(insn.imm);
      if (object === undefined) return -EBADF;
      if (!(object instanceof MapObject)) return -EINVAL;
      maps.set(slot, object);
    }
    slot++;
  }
  return maps;
}

function readLines(
  { objectAt }: LoadContext,
  a: Attributes,
): ReadonlyMap<number, SourceLine> | number {
  const [recordSize, count] = [a.u32(92), a.u32(104)];
  if (count === 0) return new Map();
  if (count > BPF_PROGRAM_SLOTS_MAX || recordSize > 256) return -EINVAL;
  const object = objectAt(a.u32(72));
  if (!(object instanceof BtfObject)) return -EINVAL;
  const records = a.bytes(a.u64(96), count * recordSize);
  return typeof records === "number" ? records : readSourceLines(records, recordSize, object.bytes);
}
