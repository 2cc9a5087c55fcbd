/**
 * Holding on to the processor. After include/linux/preempt.h and rcupdate.h of 2.6.32.
 * An RCU read section of this tree is one with preemption off (the "sched" flavour).
 */
export declare function preempt_disable(): void;
export declare function preempt_enable(): void;
export declare function rcu_read_lock(): void;
export declare function rcu_read_unlock(): void;
export declare function might_sleep(): void;
