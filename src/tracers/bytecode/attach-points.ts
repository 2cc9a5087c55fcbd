/**
 * Where a program hangs, read off the name of its section, and how it is loaded for that.
 *
 * Source: libbpf's section_defs, 1.5 (docs: "Program Types and ELF Sections"). Left out: all others.
 */
import {
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_RAW_TP,
} from "#abi";

export interface AttachPoint {
  readonly kind: "event" | "raw" | "typed" | "function";
  readonly programType: number;
  readonly expectedAttachType: number;
  /** `sched/sched_switch`, `sched_switch`, or a function. */
  readonly target: string;
}

const KINDS: Readonly<Record<string, Omit<AttachPoint, "target">>> = {
  tracepoint: { kind: "event", programType: BPF_PROG_TYPE_TRACEPOINT, expectedAttachType: 0 },
  tp: { kind: "event", programType: BPF_PROG_TYPE_TRACEPOINT, expectedAttachType: 0 },
  raw_tracepoint: { kind: "raw", programType: BPF_PROG_TYPE_RAW_TRACEPOINT, expectedAttachType: 0 },
  raw_tp: { kind: "raw", programType: BPF_PROG_TYPE_RAW_TRACEPOINT, expectedAttachType: 0 },
  tp_btf: {
    kind: "typed",
    programType: BPF_PROG_TYPE_TRACING,
    expectedAttachType: BPF_TRACE_RAW_TP,
  },
  kprobe: { kind: "function", programType: BPF_PROG_TYPE_KPROBE, expectedAttachType: 0 },
};

export const SECTION_KINDS: readonly string[] = Object.keys(KINDS);

/** Undefined: no such kind of section. */
export function attachPoint(section: string): AttachPoint | undefined {
  const slash = section.indexOf("/");
  const kind = KINDS[section.slice(0, slash)];
  return kind === undefined || slash < 0
    ? undefined
    : { ...kind, target: section.slice(slash + 1) };
}
