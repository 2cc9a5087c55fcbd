/**
 * Kinds of programs: what each may read of its context, and what a program can be loaded as.
 *
 * Source: tp_prog_is_valid_access, raw_tp_prog_is_valid_access, kprobe_prog_is_valid_access of
 * kernel/trace/bpf_trace.c; btf_ctx_access of kernel/bpf/btf.c; 6.16. Left out: every other kind of
 * program, and BPF_PROG_TYPE_TRACING on functions.
 */
import {
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_RAW_TP,
} from "../../abi/bpf.ts";
import { EINVAL } from "../../abi/errno.ts";
import type { Btf } from "../btf/btf.ts";
import type { BtfProto } from "../btf/format.ts";
import { KERNEL_READERS } from "../helpers/read-helpers.ts";
import { helperByNumber } from "../helpers/table.ts";
import type { ContextRead, ProgramShape } from "../verifier/signature.ts";

/** Linux: PERF_MAX_TRACE_SIZE. */
const EVENT_SIZE_MAX_BYTES = 2048;
/** Linux: MAX_BPF_FUNC_ARGS. */
const ARGUMENTS_MAX = 12;
const WORD_BYTES = 8;
const TRACE_PREFIX = "btf_trace_";

export interface ShapeRequest {
  readonly type: number;
  readonly expectedAttachType: number;
  readonly attachBtfId: number;
  readonly btf: Btf | undefined;
  /** Bytes of pt_regs. */
  readonly registersSize: number;
  /** LOCKDOWN_BPF_READ_KERNEL: there are no helpers that read the kernel's memory. */
  readonly isConfidential: boolean;
}

/** A shape, and the tracepoint whose arguments it has, if it has one. */
export interface Shape {
  readonly shape: ProgramShape;
  readonly tracepoint: string;
}

const PROBLEM: ContextRead = { kind: "problem" };
const SCALAR: ContextRead = { kind: "scalar" };

type ReadContext = ProgramShape["readContext"];

const shapeOf = (readContext: ReadContext, { isConfidential }: ShapeRequest): ProgramShape => ({
  readContext,
  helper: (number) =>
    isConfidential && KERNEL_READERS.has(number) ? undefined : helperByNumber(number),
  helperName: (number) => helperByNumber(number)?.name ?? "unknown",
});

/** The first eight bytes of a record are the kernel's own. */
const readEvent: ReadContext = (off, size) =>
  off < WORD_BYTES || off + size > EVENT_SIZE_MAX_BYTES || off % size !== 0 ? PROBLEM : SCALAR;

const readArguments: ReadContext = (off, size) =>
  off < 0 || off + size > ARGUMENTS_MAX * WORD_BYTES || off % size !== 0 ? PROBLEM : SCALAR;

export function shapeFor(request: ShapeRequest): Shape | number {
  switch (request.type) {
    case BPF_PROG_TYPE_TRACEPOINT:
      return { shape: shapeOf(readEvent, request), tracepoint: "" };
    case BPF_PROG_TYPE_RAW_TRACEPOINT:
      return { shape: shapeOf(readArguments, request), tracepoint: "" };
    case BPF_PROG_TYPE_KPROBE: {
      const { registersSize } = request;
      const read: ReadContext = (off, size) =>
        off < 0 || off + size > registersSize || off % size !== 0 ? PROBLEM : SCALAR;
      return { shape: shapeOf(read, request), tracepoint: "" };
    }
    case BPF_PROG_TYPE_TRACING:
      return request.expectedAttachType === BPF_TRACE_RAW_TP ? typedShape(request) : -EINVAL;
    default:
      return -EINVAL;
  }
}

/** The prototype of a tracepoint's probes, without the data that comes before the arguments. */
export function tracepointProto(btf: Btf, id: number): BtfProto | undefined {
  const typedef = btf.type(id);
  if (typedef.kind !== "typedef") return undefined;
  const pointer = btf.stripped(id);
  const proto = pointer.kind === "ptr" ? btf.stripped(pointer.type) : undefined;
  return proto?.kind === "func_proto"
    ? { ...proto, parameters: proto.parameters.slice(1) }
    : undefined;
}

/** How many arguments a tracepoint has, by name. */
export function argumentCount(btf: Btf | undefined, tracepoint: string): number {
  const id = btf?.find("typedef", `${TRACE_PREFIX}${tracepoint}`) ?? 0;
  const proto = btf === undefined ? undefined : tracepointProto(btf, id);
  return proto?.parameters.length ?? ARGUMENTS_MAX;
}

function typedShape(request: ShapeRequest): Shape | number {
  const { btf, attachBtfId } = request;
  if (btf === undefined) return -EINVAL;
  const { name } = btf.type(attachBtfId);
  const proto = tracepointProto(btf, attachBtfId);
  if (proto === undefined || !name.startsWith(TRACE_PREFIX)) return -EINVAL;
  const tracepoint = name.slice(TRACE_PREFIX.length);
  return {
    shape: shapeOf((off, size) => readTyped(btf, tracepoint, proto, off, size), request),
    tracepoint,
  };
}

function readTyped(
  btf: Btf,
  name: string,
  proto: BtfProto,
  off: number,
  size: number,
): ContextRead {
  if (off % WORD_BYTES !== 0)
    return { kind: "problem", text: `func '${name}' offset ${off} is not multiple of 8` };
  const index = off / WORD_BYTES;
  const parameter = proto.parameters[index];
  if (parameter === undefined || off < 0)
    return { kind: "problem", text: `func '${name}' doesn't have ${index + 1}-th argument` };
  const type = btf.stripped(parameter.type);
  if (type.kind !== "ptr") return SCALAR;
  const target = btf.strip(type.type);
  if (btf.composite(target) === undefined) return SCALAR;
  return size === WORD_BYTES ? { kind: "object", type: target } : PROBLEM;
}
