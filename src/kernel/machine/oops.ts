/**
 * An oops: kernel code failed, and the kernel says so, kills the task in whose context it happened,
 * and goes on, unless that task was one it cannot do without.
 *
 * Source: arch/riscv/kernel/traps.c (die), kernel/panic.c of 6.1.
 */
import { formatAddress } from "../kmem/address.ts";
import { KernelOops } from "../kmem/oops.ts";

import { TAINT_DIE } from "../module/taint.ts";
import type { PortContext } from "../port/context.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";

/** The run loop's `OopsHandler`: false for what is no failure of kernel code but ours. */
export function handleOops(port: PortContext, k: Kernel, task: Task, error: unknown): boolean {
  if (!(error instanceof KernelOops)) return false;
  const { stack } = port.rt;
  const trace = stack.trace();
  const where = port.text.byId(trace[0] ?? -1);
  k.printk(1, error.headline(port.text.describe(where?.address ?? 0)));
  for (const id of trace)
    k.printk(
      1,
      `[<${formatAddress(port.text.byId(id)?.address ?? 0)}>] ${port.text.describe(port.text.byId(id)?.address ?? 0)}`,
    );
  const owner =
    trace.map((id) => port.text.byId(id)?.module ?? "").find((name) => name !== "") ?? "";
  if (error.kind === "lockup") k.log.emit("lockup", error.message, owner);
  k.log.emit("oops", error.message, where?.name ?? "", owner);
  k.addTaint(TAINT_DIE);
  stack.depth = 0;
  port.rt.preemptCount = 0;
  if (task.group === k.init) k.panic("Attempted to kill init! exitcode=0x00000009");
  return true;
}
