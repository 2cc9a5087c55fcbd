/**
 * What /proc/PID says of one task, as text.
 *
 * Source: proc(5); fs/proc/array.c (do_task_stat, proc_pid_status), task_mmu.c and base.c of 6.1.
 * Left out: page faults, priorities, cpusets. Fields that are not kept are 0 where the form has a
 * place for them.
 */
import { makeDevice } from "../abi/stat.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { REG_A0, REG_PC, REG_SP } from "../hw/registers.ts";
import { decodeUtf8 } from "../lib/text.ts";
import { PROT_EXEC } from "../mm/address-space.ts";
import type { Region } from "../mm/region.ts";
import { STATE_LETTERS, STATE_WORDS } from "../task/run-state.ts";
import type { Task } from "../task/task.ts";

/** The terminal, as far as a task's line in /proc says something of it. */
export interface ProcTerminal {
  /** The session that it controls; 0 for none. */
  readonly session: number;
  readonly foregroundPgid: number;
}

const CONSOLE: number = makeDevice(5, 1);
const TICK_NS = 1e7;
const RLIM_INFINITY = "18446744073709551615";

const hexMask = (mask: bigint): string => mask.toString(16).padStart(16, "0");
const ticks = (ns: number): number => Math.floor(ns / TICK_NS);

/** Signals with a handler (SigCgt) and ignored ones (SigIgn). */
function dispositions(t: Task): { readonly caught: bigint; readonly ignored: bigint } {
  let caught = 0n;
  let ignored = 0n;
  for (const [sig, action] of t.sighand.entries()) {
    if (sig === 0 || action === undefined || action.handler === 0) continue;
    const bit = 1n << BigInt(sig - 1);
    if (action.handler === 1) ignored |= bit;
    else caught |= bit;
  }
  return { caught, ignored };
}

/** Sizes in bytes, as the Vm lines of status name them. */
function memorySizes(t: Task): Readonly<Record<"all" | "resident" | "stack" | "text", number>> {
  const regions = t.mm?.regions ?? [];
  const sum = (wanted: typeof regions): number => wanted.reduce((n, r) => n + r.end - r.start, 0);
  return {
    all: sum(regions),
    resident: (t.mm?.residentPages ?? 0) * PAGE_SIZE,
    stack: sum(regions.filter((r) => r.name === "[stack]")),
    text: sum(regions.filter((r) => (r.prot & PROT_EXEC) !== 0)),
  };
}

function memoryLines(t: Task): readonly (readonly [string, string])[] {
  // A zombie has no memory, and its status no Vm lines.
  if (t.mm === undefined) return [];
  const { all, resident, stack, text } = memorySizes(t);
  const kB = (bytes: number): string => `${String(bytes / 1024).padStart(8)} kB`;
  return [
    ["VmPeak", kB(all)],
    ["VmSize", kB(all)],
    ["VmHWM", kB(resident)],
    ["VmRSS", kB(resident)],
    ["VmData", kB(all - stack - text)],
    ["VmStk", kB(stack)],
    ["VmExe", kB(text)],
  ];
}

export function statusText(t: Task): string {
  const { cred, group } = t;
  const { caught, ignored } = dispositions(t);
  const lines: readonly (readonly [string, string | number])[] = [
    ["Name", t.comm],
    ["Umask", t.fs.umask.toString(8).padStart(4, "0")],
    ["State", `${STATE_LETTERS[t.runState]} (${STATE_WORDS[t.runState]})`],
    ["Tgid", t.tgid],
    ["Pid", t.tid],
    ["PPid", group.parent?.tgid ?? 0],
    ["TracerPid", t.ptrace.tracer?.tgid ?? 0],
    ["Uid", `${cred.uid}\t${cred.euid}\t${cred.suid}\t${cred.euid}`],
    ["Gid", `${cred.gid}\t${cred.egid}\t${cred.sgid}\t${cred.egid}`],
    ...memoryLines(t),
    ["Threads", group.threads.length],
    ["SigPnd", hexMask(t.pending.set)],
    ["ShdPnd", hexMask(group.pending.set)],
    ["SigBlk", hexMask(t.blocked)],
    ["SigIgn", hexMask(ignored)],
    ["SigCgt", hexMask(caught)],
    ["voluntary_ctxt_switches", t.voluntarySwitches],
    ["nonvoluntary_ctxt_switches", t.involuntarySwitches],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

/** /proc/PID/stat: 52 fields on one line. */
export function statText(t: Task, terminal: ProcTerminal): string {
  const { group } = t;
  const hasTerminal = terminal.session !== 0 && terminal.session === group.sid;
  const { caught, ignored } = dispositions(t);
  const { all, resident } = memorySizes(t);
  // Only what fits in 31 signals is shown here; status has all of them.
  const low = (mask: bigint): string => String(mask & 0x7fffffffn);
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  const fields: readonly (string | number)[] = [
    t.tid,
    `(${t.comm})`,
    STATE_LETTERS[t.runState],
    group.parent?.tgid ?? 0,
    group.pgid,
    group.sid,
    hasTerminal ? CONSOLE : 0,
    hasTerminal ? terminal.foregroundPgid : -1,
    ...zeros(5),
    ticks(t.userNs),
    ticks(t.timeNs - t.userNs),
    ticks(group.childTime.userNs),
    ticks(group.childTime.systemNs),
    20,
    0,
    group.threads.length,
    0,
    ticks(t.startNs),
    all,
    resident / PAGE_SIZE,
    RLIM_INFINITY,
    ...zeros(5),
    low(t.pending.set),
    low(t.blocked),
    low(ignored),
    low(caught),
    ...zeros(3),
    group.exitSignal,
    ...zeros(13),
    t.isDead ? t.exitCode : 0,
  ];
  return `${fields.join(" ")}\n`;
}

export function cmdlineText(t: Task): string {
  const { mm } = t;
  if (mm === undefined) return "";
  const bytes = mm.copyIn(mm.argStart, mm.argEnd - mm.argStart);
  return typeof bytes === "number" ? "" : decodeUtf8(bytes);
}

export function mapsText(t: Task): string {
  const hex = (n: number): string => n.toString(16).padStart(8, "0");
  const prot = (bits: number): string =>
    `${bits & 1 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 4 ? "x" : "-"}`;
  const how = (r: Region): string => `${prot(r.prot)}${r.backing?.shared === true ? "s" : "p"}`;
  return (t.mm?.regions ?? [])
    .map((r) =>
      `${`${hex(r.start)}-${hex(r.end)} ${how(r)} ${hex(r.backing?.offset ?? 0)} 00:00 0`.padEnd(73)}${r.name}`
        .trimEnd()
        .concat("\n"),
    )
    .join("");
}

/** Pages: size, resident, shared, text, (lib), data and stack, (dirty). */
export function statmText(t: Task): string {
  const { all, resident, text } = memorySizes(t);
  const pages = [all, resident, 0, text, 0, all - text, 0].map((bytes) => bytes / PAGE_SIZE);
  return `${pages.join(" ")}\n`;
}

/** The call that a task is blocked in, its arguments, sp and pc: proc_pid_syscall(). */
export function syscallText(t: Task): string {
  if (t.runState === "running") return "running\n";
  const hex = (register: number): string =>
    `0x${BigInt.asUintN(64, t.regs.getBig(register)).toString(16)}`;
  const place = [hex(REG_SP), hex(REG_PC)];
  if (t.syscallNr < 0) return `${[-1, ...place].join(" ")}\n`;
  const rest = [1, 2, 3, 4, 5].map((index) => hex(REG_A0 + index));
  const first = `0x${BigInt.asUintN(64, BigInt(t.origA0)).toString(16)}`;
  return `${[t.syscallNr, first, ...rest, ...place].join(" ")}\n`;
}
