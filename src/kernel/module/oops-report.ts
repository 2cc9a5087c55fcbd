/**
 * The lines that an oops writes to the kernel log.
 *
 * Source: arch/riscv/kernel/traps.c (die), kernel/printk/printk.c (dump_stack_print_info),
 * kernel/module.c (print_modules), 6.1. Left out: registers and code bytes, which module code does
 * not have; hardware name.
 */
import { formatAddress } from "../kmem/address.ts";
import type { KernelOops, OopsKind } from "../kmem/oops.ts";
import { printTainted } from "../lib/taint.ts";

export interface OopsFacts {
  readonly oops: KernelOops;
  /** The call stack, innermost first; `symbol` is what %pS prints. */
  readonly trace: readonly { readonly address: number; readonly symbol: string }[];
  readonly comm: string;
  readonly tid: number;
  /** Flags before this oops. */
  readonly taint: number;
  readonly release: string;
  /** Loaded modules, each with its taint letters, as `counter(O)`. */
  readonly modules: readonly string[];
  /** How many oopses this boot has seen, this one included. */
  readonly count?: number;
}

/** These kill by a fault; the others are found by a check and have no `Oops` line. */
const FAULTS: ReadonlySet<OopsKind> = new Set(["null", "paging", "read-only", "execute", "bug"]);

export function oopsReport(facts: OopsFacts): string[] {
  const { oops, trace, modules } = facts;
  const where = trace[0]?.symbol ?? "0x0";
  const lines = [oops.headline(where), ...oops.details];
  if (FAULTS.has(oops.kind)) lines.push(`Oops [#${facts.count ?? 1}]`);
  lines.push(
    `Modules linked in:${modules.map((each) => ` ${each}`).join("")}`,
    `CPU: 0 PID: ${facts.tid} Comm: ${facts.comm} ${printTainted(facts.taint)} ${facts.release}`,
    `epc : ${where}`,
    "Call Trace:",
    ...trace.map(({ address, symbol }) => `[<${formatAddress(address)}>] ${symbol}`),
    "---[ end trace 0000000000000000 ]---",
  );
  return lines;
}
