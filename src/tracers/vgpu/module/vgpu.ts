/**
 * vgpu: what the vendor of an imaginary graphics card ships as a binary. This is its source as the
 * vendor has it: vgpu.ko was built from it once, for 2.6.32, and is never built again.
 *
 * At start it lists the processes that might want the card: it walks the kernel's list of tasks and
 * reads each one with the offsets of the day it was compiled.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { EXIT_DEAD, EXIT_ZOMBIE, init_task, next_task, task_struct } from "linux/sched";
import { addr, cstring, int, ptr } from "linux/types";

function state_of(task: ptr<task_struct>): cstring {
  if (task.exit_state === EXIT_ZOMBIE) return "zombie";
  if (task.exit_state === EXIT_DEAD) return "dead";
  return task.state === 0 ? "running" : "sleeping";
}

function vgpu_init(): int {
  let task: ptr<task_struct> = next_task(addr(init_task));
  while (task !== addr(init_task)) {
    printk("vgpu: client %d %s %s\n", task.pid, task.comm, state_of(task));
    task = next_task(task);
  }
  return 0;
}

function vgpu_exit(): void {}

module_init(vgpu_init);
module_exit(vgpu_exit);
MODULE_LICENSE("Proprietary");
MODULE_DESCRIPTION("graphics driver");
