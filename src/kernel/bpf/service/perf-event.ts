/**
 * perf_event_open(2) as far as programs need it: an event is a trace event by its id, or a function
 * by its name, and a program is hung on it. Nothing is counted or sampled.
 *
 * Source: perf_event_open(2); kernel/events/core.c (perf_event_set_bpf_prog), kernel/trace/trace_kprobe.c
 * (LOCKDOWN_KPROBES), 6.16. The format file
 * of an event is made from its record's struct, Documentation/trace/events.rst.
 */
import { BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_TRACEPOINT } from "../../abi/bpf.ts";
import { CAP_PERFMON, CAP_SYS_ADMIN } from "../../abi/capability.ts";
import { EACCES, EEXIST, EFAULT, EINVAL, ENOENT, EPERM } from "../../abi/errno.ts";
import type { CType, StructLayout } from "../../kmem/layout.ts";
import type { Kpath } from "../../lib/wait.ts";
import type { TraceEvent } from "../../port/context.ts";
import { isCapable } from "../../task/cred.ts";
import { isLockedDown, restrictionText } from "../../task/policy.ts";
import type { Task } from "../../task/task.ts";
import { readView } from "../../task/user-data.ts";
import type { Bpf } from "./bpf.ts";
import { HOW, type LinkObject, PerfEvent, type ProgramObject } from "./objects.ts";

const PERF_TYPE_TRACEPOINT = 2;
/** The type that /sys/bus/event_source/devices/kprobe/type tells. */
export const PERF_TYPE_KPROBE = 6;
/** PERF_ATTR_SIZE_VER0. */
const ATTR_SIZE_MIN_BYTES = 64;
const ATTR_SIZE_BYTES = 72;
const FUNCTION_NAME_MAX_BYTES = 128;

const recordOf = (bpf: Bpf, { name }: TraceEvent): StructLayout | undefined =>
  bpf.port.layouts[`trace_event_raw_${name}`];

/** The end of the last field, which is as far as a program may read. */
function recordEnd(layout: StructLayout | undefined): number {
  const last = layout?.fields.at(-1);
  return last === undefined ? 0 : last.offset + last.size;
}

/** The event that attributes at `address` describe, or -errno. */
export function openEvent(bpf: Bpf, task: Task, address: number): PerfEvent | number {
  if (!isCapable(task.cred, CAP_PERFMON) && !isCapable(task.cred, CAP_SYS_ADMIN)) return -EACCES;
  const head = readView(task, address, ATTR_SIZE_MIN_BYTES);
  if (typeof head === "number") return head;
  const size = head.getUint32(4, true);
  const view = readView(
    task,
    address,
    Math.max(ATTR_SIZE_MIN_BYTES, Math.min(size, ATTR_SIZE_BYTES)),
  );
  if (typeof view === "number") return view;
  const config = Number(view.getBigUint64(8, true));
  switch (view.getUint32(0, true)) {
    case PERF_TYPE_TRACEPOINT: {
      const event = bpf.port.traceEvents[config - 1];
      if (event === undefined) return -EINVAL;
      return new PerfEvent(HOW.event, event.name, recordEnd(recordOf(bpf, event)));
    }
    case PERF_TYPE_KPROBE: {
      if (config !== 0) return -EINVAL;
      const name = task.mm?.copyInString(
        Number(view.getBigUint64(56, true)),
        FUNCTION_NAME_MAX_BYTES,
      );
      if (name === undefined || typeof name === "number") return -EFAULT;
      if (isDenied(bpf, task, name)) return -EPERM;
      if (bpf.port.text.findByName(name) === undefined) return -ENOENT;
      return new PerfEvent(HOW.function, name, bpf.port.layouts["pt_regs"]?.size ?? 0);
    }
    default:
      return -ENOENT;
  }
}

/** A kprobe could read whatever the kernel keeps to itself. Modules may: they were let in. */
function isDenied({ port: { k } }: Bpf, { comm }: Task, name: string): boolean {
  if (!isLockedDown(k.security, "confidentiality")) return false;
  k.printk(5, restrictionText(comm, "use of kprobes"));
  k.log.emit("bpf-attach", "", name, EPERM);
  return true;
}

export function* attachToEvent(
  bpf: Bpf,
  program: ProgramObject,
  event: PerfEvent,
): Kpath<LinkObject | number> {
  const { type, contextEnd } = program.parts;
  const wanted = event.how === HOW.event ? BPF_PROG_TYPE_TRACEPOINT : BPF_PROG_TYPE_KPROBE;
  if (type !== wanted) return -EINVAL;
  // The record may have become shorter than what the program reads of it.
  if (contextEnd > event.sizeBytes) return -EACCES;
  if (event.link !== undefined && !event.link.gone) return -EEXIST;
  const link = yield* bpf.attach(program, event.how, event.what);
  if (typeof link !== "number") event.link = link;
  return link;
}

const C_NAMES: Readonly<Record<string, string>> = {
  u8: "unsigned char",
  u16: "unsigned short",
  unsigned_int: "unsigned int",
  unsigned_long: "unsigned long",
};

function cName(type: CType): string {
  switch (type.kind) {
    case "int":
      return C_NAMES[type.name] ?? type.name;
    case "bool":
      return "bool";
    case "array":
      return cName(type.of);
    default:
      return "void *";
  }
}

function isSigned(type: CType): boolean {
  if (type.kind === "array") return isSigned(type.of);
  return type.kind === "int" && type.signed;
}

/** events/SYSTEM/NAME/format. Left out: print fmt. */
export function formatText(bpf: Bpf, event: TraceEvent, id: number): string {
  const fields = (recordOf(bpf, event)?.fields ?? []).map(({ name, offset, size, type }) => {
    const suffix = type.kind === "array" ? `[${type.length}]` : "";
    const sign = isSigned(type) ? 1 : 0;
    const line = `\tfield:${cName(type)} ${name}${suffix};\toffset:${offset};\tsize:${size};\tsigned:${sign};\n`;
    return name === "common_pid" ? `${line}\n` : line;
  });
  return `name: ${event.name}\nID: ${id}\nformat:\n${fields.join("")}`;
}
