/** What get_signal_to_deliver() asks before a task dumps core. See kernel/trace/crash_suspend. */
import { task_struct } from "linux/sched";
import { bool, int, ptr } from "linux/types";

export declare function crash_suspend_active(): bool;
/** Stops the task until it is let go. */
export declare function crash_suspend(task: ptr<task_struct>, sig: int): void;
