/**
 * An oops: kernel code failed, and the kernel says so, kills the task in whose context it happened,
 * and goes on, unless that task was one it cannot do without or there was none.
 *
 * Source: arch/riscv/kernel/traps.c (die), kernel/panic.c of 6.1.
 */
import { KernelOops, type OopsKind } from "../kmem/oops.ts";
import { TAINT_BAD_PAGE, TAINT_DIE, TAINT_SOFTLOCKUP } from "../lib/taint.ts";
import { oopsReport } from "../module/oops-report.ts";
import type { PortContext } from "../port/context.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";

/** What KASAN and the watchdog add to the mark of an oops. */
const TAINTS: Readonly<Partial<Record<OopsKind, number>>> = {
  "use-after-free": TAINT_BAD_PAGE,
  "out-of-bounds": TAINT_BAD_PAGE,
  "double-free": TAINT_BAD_PAGE,
  "invalid-free": TAINT_BAD_PAGE,
  lockup: TAINT_SOFTLOCKUP,
};

/** Whose turn it is when nobody can run: an interrupt finds the idle task. */
const SWAPPER = { comm: "swapper", tid: 0 } as const;

/** The run loop's `OopsHandler`: false for what is no failure of kernel code but ours. */
export function handleOops(
  port: PortContext,
  modules: readonly string[],
  k: Kernel,
  task: Task | undefined,
  error: unknown,
): boolean {
  if (!(error instanceof KernelOops)) return false;
  const { stack } = port.rt;
  const frames = stack.trace().map((id) => port.text.byId(id));
  const trace = frames.map((frame) => ({
    address: frame?.address ?? 0,
    symbol: port.text.describe(frame?.address ?? 0),
  }));
  const { comm, tid } = task ?? SWAPPER;
  const facts = { oops: error, trace, comm, tid, taint: k.taint, release: k.uts.release, modules };
  for (const line of oopsReport(facts)) k.printk(1, line);
  const owner = frames.map((frame) => frame?.module ?? "").find((name) => name !== "") ?? "";
  if (error.kind === "lockup") k.log.emit("lockup", error.message, owner);
  k.log.emit("oops", error.message, frames[0]?.name ?? "", owner);
  k.addTaint(TAINT_DIE | (TAINTS[error.kind] ?? 0));
  stack.depth = 0;
  port.rt.preemptCount = 0;
  if (task === undefined) k.panic("Fatal exception in interrupt");
  else if (k.security.panicOnOops) k.panic("Fatal exception");
  else if (task.group === k.init) k.panic("Attempted to kill init! exitcode=0x00000009");
  return true;
}
