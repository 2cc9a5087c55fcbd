/**
 * Hanging probes on tracepoints and taking them off. After kernel/tracepoint.c of 2.6.32.
 *
 * A firing tracepoint walks its list of probes with preemption off and without a lock, so a probe
 * that is taken off may be freed only after tracepoint_synchronize_unregister().
 * Left out: probes on names that do not exist yet; here they are -ENOENT.
 */
import { note_probe, note_unprobe } from "core/port";
import { EEXIST, ENOENT, ENOMEM } from "linux/errno";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { might_sleep } from "linux/preempt";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import { spin_lock, spin_unlock, spinlock_t } from "linux/spinlock";
import { strcmp } from "linux/string";
import { tracepoint, tracepoint_func } from "linux/tracepoint";
import { addr, cstring, int, NULL, ptr, sizeof, voidp } from "linux/types";

/** All tracepoints of the kernel, linked by `next`; the linker's section of them in Linux. */
let tracepoints: ptr<tracepoint> = NULL;
let tracepoints_lock: spinlock_t = {};

/** Called by the file that defines the tracepoint, at boot. */
export function tracepoint_add(tp: ptr<tracepoint>): void {
  tp.next = tracepoints;
  tracepoints = tp;
}

function find_tracepoint(name: cstring): ptr<tracepoint> {
  let tp: ptr<tracepoint> = tracepoints;
  while (tp) {
    if (strcmp(tp.name, name) === 0) return tp;
    tp = tp.next;
  }
  return NULL;
}

function find_func(tp: ptr<tracepoint>, probe: voidp, data: voidp): ptr<tracepoint_func> {
  let it: ptr<tracepoint_func> = tp.funcs;
  while (it) {
    if (it.func === probe && it.data === data) return it;
    it = it.next;
  }
  return NULL;
}

/** Appends, so that probes run in the order in which they came. */
function func_add(tp: ptr<tracepoint>, func: ptr<tracepoint_func>): void {
  if (!tp.funcs) {
    tp.funcs = func;
    return;
  }
  let last: ptr<tracepoint_func> = tp.funcs;
  while (last.next) last = last.next;
  last.next = func;
}

function func_remove(tp: ptr<tracepoint>, func: ptr<tracepoint_func>): void {
  if (tp.funcs === func) {
    tp.funcs = func.next;
    return;
  }
  let before: ptr<tracepoint_func> = tp.funcs;
  while (before.next !== func) before = before.next;
  before.next = func.next;
}

function tracepoint_add_func(tp: ptr<tracepoint>, probe: voidp, data: voidp): int {
  const func: ptr<tracepoint_func> = kzalloc(sizeof<tracepoint_func>(), GFP_KERNEL);
  if (!func) return -ENOMEM;
  func.func = probe;
  func.data = data;
  spin_lock(addr(tracepoints_lock));
  if (find_func(tp, probe, data)) {
    spin_unlock(addr(tracepoints_lock));
    kfree(func);
    return -EEXIST;
  }
  func_add(tp, func);
  spin_unlock(addr(tracepoints_lock));
  note_probe(NULL, tp, tp.name, probe);
  tp.state++;
  if (tp.state === 1 && tp.regfunc) tp.regfunc();
  return 0;
}

function tracepoint_remove_func(tp: ptr<tracepoint>, probe: voidp, data: voidp): int {
  spin_lock(addr(tracepoints_lock));
  const func: ptr<tracepoint_func> = find_func(tp, probe, data);
  if (func) func_remove(tp, func);
  spin_unlock(addr(tracepoints_lock));
  if (!func) return -ENOENT;
  note_unprobe(NULL, tp, tp.name, probe);
  tp.state--;
  if (tp.state === 0 && tp.unregfunc) tp.unregfunc();
  tracepoint_synchronize_unregister();
  kfree(func);
  return 0;
}

export function tracepoint_probe_register(name: cstring, probe: voidp, data: voidp): int {
  const tp: ptr<tracepoint> = find_tracepoint(name);
  if (!tp) return -ENOENT;
  return tracepoint_add_func(tp, probe, data);
}

export function tracepoint_probe_unregister(name: cstring, probe: voidp, data: voidp): int {
  const tp: ptr<tracepoint> = find_tracepoint(name);
  if (!tp) return -ENOENT;
  return tracepoint_remove_func(tp, probe, data);
}

/** Probes run with preemption off and there is one processor: whoever runs this has waited. */
export function tracepoint_synchronize_unregister(): void {
  might_sleep();
}

EXPORT_SYMBOL_GPL(tracepoint_probe_register);
EXPORT_SYMBOL_GPL(tracepoint_probe_unregister);
EXPORT_SYMBOL_GPL(tracepoint_synchronize_unregister);
