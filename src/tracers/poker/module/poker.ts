/**
 * poker: which processes are there, in which state, and whose children are they? It asks nobody, but
 * walks the list of tasks and reads what it wants from each task_struct. Written for 5.14.
 */
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { rcu_read_lock, rcu_read_unlock } from "linux/preempt";
import { init_task, next_task, task_struct } from "linux/sched";
import { addr, int, ptr } from "linux/types";

function poker_init(): int {
  rcu_read_lock();
  let task: ptr<task_struct> = next_task(addr(init_task));
  while (task !== addr(init_task)) {
    const parent: int = task.real_parent ? task.real_parent.pid : 0;
    printk("poker: %s, pid %d of %d\n", task.comm, task.pid, parent);
    printk("poker: state %u, exit state %d, uid %u\n", task.__state, task.exit_state, task.cred.uid.val);
    task = next_task(task);
  }
  rcu_read_unlock();
  return 0;
}

function poker_exit(): void {}

module_init(poker_init);
module_exit(poker_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prints the processes that there are, from their task_structs");
