/**
 * threads: how many threads has each process? Processes hang on init_task.tasks, the threads of one on
 * each other's thread_group. Written for 5.14.
 */
import { printk } from "linux/kernel";
import { list_head } from "linux/list";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { init_task, next_task, task_struct } from "linux/sched";
import { addr, int, ptr } from "linux/types";

function count_threads(leader: ptr<task_struct>): int {
  let threads: int = 1;
  let pos: ptr<list_head> = leader.thread_group.next;
  while (pos !== addr(leader.thread_group)) {
    threads++;
    pos = pos.next;
  }
  return threads;
}

function threads_init(): int {
  let process: ptr<task_struct> = next_task(addr(init_task));
  while (process !== addr(init_task)) {
    printk("threads: %d has %d\n", process.pid, count_threads(process));
    process = next_task(process);
  }
  return 0;
}

function threads_exit(): void {}

module_init(threads_init);
module_exit(threads_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("counts the threads of every process");
