/**
 * family: the tree of processes, as it is when the module is loaded. It takes care to use nothing
 * that is exported to GPL modules only. Written for 5.14.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { init_task, next_task, task_ppid_nr, task_struct } from "linux/sched";
import { addr, int, ptr } from "linux/types";

function family_init(): int {
  let task: ptr<task_struct> = next_task(addr(init_task));
  while (task !== addr(init_task)) {
    // pid 1 was made by the idle task.
    const parent: int = task.pid === 1 ? 0 : task_ppid_nr(task);
    printk("family: %d is a child of %d\n", task.pid, parent);
    task = next_task(task);
  }
  return 0;
}

function family_exit(): void {}

module_init(family_init);
module_exit(family_exit);
MODULE_LICENSE("Proprietary");
MODULE_DESCRIPTION("lists who is whose child");
