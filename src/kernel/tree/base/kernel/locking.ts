/**
 * Exports of locks and of preemption control. After kernel/spinlock.c, rcupdate.c and sched.c of
 * 2.6.32; the work is done by the core.
 */
import { NOKPROBE_SYMBOL } from "asm-generic/kprobes";
import { EXPORT_SYMBOL, EXPORT_SYMBOL_GPL } from "linux/module";
import {
  might_sleep,
  preempt_disable,
  preempt_enable,
  rcu_read_lock,
  rcu_read_unlock,
} from "linux/preempt";
import { spin_lock, spin_unlock } from "linux/spinlock";

EXPORT_SYMBOL(spin_lock);
EXPORT_SYMBOL(spin_unlock);
EXPORT_SYMBOL(preempt_disable);
NOKPROBE_SYMBOL(preempt_disable);
EXPORT_SYMBOL(preempt_enable);
NOKPROBE_SYMBOL(preempt_enable);
EXPORT_SYMBOL(might_sleep);
EXPORT_SYMBOL_GPL(rcu_read_lock);
EXPORT_SYMBOL_GPL(rcu_read_unlock);
