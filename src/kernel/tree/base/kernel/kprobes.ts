/**
 * Kprobes and kretprobes. After kernel/kprobes.c and arch/x86/kernel/kprobes.c of 2.6.32.
 *
 * One breakpoint at a function serves every probe there. The core calls kprobe_handler() in its
 * stead, and the trampoline when a function returns whose return address was exchanged.
 * Left out: hash tables of probes and of instances, optimised (jump) probes, debugfs.
 */
import { note_probe, note_unprobe, patch_text, restore_text } from "core/port";
import { EINVAL, ENOENT, ENOMEM } from "linux/errno";
import { core_initcall } from "linux/init";
import { kallsyms_lookup_name } from "linux/kallsyms";
import {
  KPROBE_FLAG_DISABLED,
  kprobe,
  kretprobe,
  kretprobe_instance,
  NOKPROBE_SYMBOL,
} from "linux/kprobes";
import {
  INIT_LIST_HEAD,
  list_add,
  list_add_tail,
  list_del_init,
  list_empty,
  list_head,
} from "linux/list";
import { EXPORT_SYMBOL_GPL } from "linux/module";
import { might_sleep } from "linux/preempt";
import { pt_regs } from "linux/ptrace";
import { get_current, task_struct } from "linux/sched";
import { GFP_KERNEL, kfree, kzalloc } from "linux/slab";
import {
  addr,
  bool,
  cast,
  container_of,
  int,
  NULL,
  ptr,
  sizeof,
  unsigned_long,
  voidp,
} from "linux/types";

/** maxactive of those who do not say: what a preemptible kernel with one processor takes. */
const MAXACTIVE_DEFAULT = 10;

/** Made by the linker: where the functions are that NOKPROBE_SYMBOL has named, wherever it stands. */
declare let __start_kprobe_blacklist: unsigned_long;
declare let __stop_kprobe_blacklist: unsigned_long;

let kprobe_list: list_head = {};
/** Calls under way whose return is probed, newest first. */
let kretprobe_inst_list: list_head = {};
/** The probe that is being handled. */
let current_kprobe: ptr<kprobe> = NULL;

/** A probe at `address`; an enabled one, if `enabled`. */
function kprobe_at(address: unsigned_long, enabled: bool): ptr<kprobe> {
  let pos: ptr<list_head> = kprobe_list.next;
  while (pos !== addr(kprobe_list)) {
    const p: ptr<kprobe> = container_of<kprobe>(pos, "list");
    if (p.addr === address && (!enabled || !(p.flags & KPROBE_FLAG_DISABLED))) return p;
    pos = pos.next;
  }
  return NULL;
}
NOKPROBE_SYMBOL(kprobe_at);

/** Every probe of the address in turn, until one says that it has changed where execution goes on. */
function call_pre_handlers(regs: ptr<pt_regs>, address: unsigned_long): int {
  let pos: ptr<list_head> = kprobe_list.next;
  while (pos !== addr(kprobe_list)) {
    const p: ptr<kprobe> = container_of<kprobe>(pos, "list");
    pos = pos.next;
    if (p.addr !== address || p.flags & KPROBE_FLAG_DISABLED) continue;
    current_kprobe = p;
    if (p.pre_handler && p.pre_handler(p, regs)) return 1;
    if (p.post_handler) p.post_handler(p, regs, 0);
  }
  return 0;
}
NOKPROBE_SYMBOL(call_pre_handlers);

/** A breakpoint was hit. A probe in a handler is not told of, but counted. */
function kprobe_handler(regs: ptr<pt_regs>): int {
  const address: unsigned_long = regs.epc;
  if (current_kprobe) {
    const p: ptr<kprobe> = kprobe_at(address, true);
    if (p) p.nmissed++;
    return 0;
  }
  const ret: int = call_pre_handlers(regs, address);
  current_kprobe = NULL;
  return ret;
}
NOKPROBE_SYMBOL(kprobe_handler);

function in_kprobes_functions(address: unsigned_long): bool {
  let iter: ptr<unsigned_long> = addr(__start_kprobe_blacklist);
  while (iter !== addr(__stop_kprobe_blacklist)) {
    if (iter[0] === address) return true;
    iter++;
  }
  return false;
}

function kprobe_addr(p: ptr<kprobe>): int {
  if (p.symbol_name) {
    if (p.addr) return -EINVAL;
    p.addr = kallsyms_lookup_name(p.symbol_name);
    if (!p.addr) return -ENOENT;
    p.addr += p.offset;
  }
  return p.addr && !in_kprobes_functions(p.addr) ? 0 : -EINVAL;
}

function is_registered(p: ptr<kprobe>): bool {
  let pos: ptr<list_head> = kprobe_list.next;
  while (pos !== addr(kprobe_list)) {
    if (container_of<kprobe>(pos, "list") === p) return true;
    pos = pos.next;
  }
  return false;
}

/** Puts the breakpoint in when the first enabled probe comes, takes it out after the last. */
function arm_kprobe(p: ptr<kprobe>): int {
  return patch_text(p.addr, kprobe_handler);
}

function disarm_kprobe(p: ptr<kprobe>): void {
  if (!kprobe_at(p.addr, true)) restore_text(p.addr);
}

function __register_kprobe(p: ptr<kprobe>): int {
  let ret: int = kprobe_addr(p);
  if (ret) return ret;
  p.nmissed = 0;
  p.flags &= KPROBE_FLAG_DISABLED;
  if (!(p.flags & KPROBE_FLAG_DISABLED) && !kprobe_at(p.addr, true)) {
    ret = arm_kprobe(p);
    if (ret) return ret;
  }
  list_add_tail(addr(p.list), addr(kprobe_list));
  return 0;
}

export function register_kprobe(p: ptr<kprobe>): int {
  if (is_registered(p)) return -EINVAL;
  const ret: int = __register_kprobe(p);
  if (ret) return ret;
  note_probe(NULL, p, p.symbol_name ? p.symbol_name : "kprobe", p.pre_handler);
  return 0;
}

function __unregister_kprobe(p: ptr<kprobe>): void {
  list_del_init(addr(p.list));
  disarm_kprobe(p);
  // Handlers run with preemption off and there is one processor: whoever runs this has waited.
  might_sleep();
}

export function unregister_kprobe(p: ptr<kprobe>): void {
  if (!is_registered(p)) return;
  __unregister_kprobe(p);
  note_unprobe(NULL, p, p.symbol_name ? p.symbol_name : "kprobe", p.pre_handler);
  if (p.symbol_name) p.addr = 0;
}

export function disable_kprobe(p: ptr<kprobe>): int {
  if (!is_registered(p)) return -EINVAL;
  if (p.flags & KPROBE_FLAG_DISABLED) return 0;
  p.flags |= KPROBE_FLAG_DISABLED;
  disarm_kprobe(p);
  return 0;
}

export function enable_kprobe(p: ptr<kprobe>): int {
  if (!is_registered(p)) return -EINVAL;
  if (!(p.flags & KPROBE_FLAG_DISABLED)) return 0;
  const armed: bool = kprobe_at(p.addr, true) !== NULL;
  p.flags &= ~KPROBE_FLAG_DISABLED;
  return armed ? 0 : arm_kprobe(p);
}

function newest_instance(task: ptr<task_struct>): ptr<kretprobe_instance> {
  let pos: ptr<list_head> = kretprobe_inst_list.next;
  while (pos !== addr(kretprobe_inst_list)) {
    const ri: ptr<kretprobe_instance> = container_of<kretprobe_instance>(pos, "list");
    if (ri.task === task) return ri;
    pos = pos.next;
  }
  return NULL;
}
NOKPROBE_SYMBOL(newest_instance);

function recycle_rp_inst(ri: ptr<kretprobe_instance>): void {
  list_del_init(addr(ri.list));
  // The kretprobe has gone while the call was under way.
  if (!ri.rp) kfree(ri);
  else list_add(addr(ri.list), addr(ri.rp.free_instances));
}

/** A probed function has returned to where its return address pointed: here. */
function trampoline_handler(regs: ptr<pt_regs>): int {
  const here: unsigned_long = cast<unsigned_long>(trampoline_handler);
  let ri: ptr<kretprobe_instance> = newest_instance(get_current());
  while (ri) {
    const orig_ret_address: unsigned_long = ri.ret_addr;
    if (ri.rp && ri.rp.handler && !current_kprobe) {
      current_kprobe = addr(ri.rp.kp);
      ri.rp.handler(ri, regs);
      current_kprobe = NULL;
    }
    recycle_rp_inst(ri);
    regs.ra = orig_ret_address;
    // Several kretprobes of one call: each has put the trampoline where the next found it.
    if (orig_ret_address !== here) break;
    ri = newest_instance(get_current());
  }
  return 0;
}
NOKPROBE_SYMBOL(trampoline_handler);

/** pre_handler of every kretprobe. */
function pre_handler_kretprobe(p: ptr<kprobe>, regs: ptr<pt_regs>): int {
  const rp: ptr<kretprobe> = container_of<kretprobe>(p, "kp");
  if (list_empty(addr(rp.free_instances))) {
    rp.nmissed++;
    return 0;
  }
  const ri: ptr<kretprobe_instance> = container_of<kretprobe_instance>(
    rp.free_instances.next,
    "list",
  );
  ri.rp = rp;
  ri.task = get_current();
  if (rp.entry_handler && rp.entry_handler(ri, regs)) return 0;
  list_del_init(addr(ri.list));
  list_add(addr(ri.list), addr(kretprobe_inst_list));
  ri.ret_addr = regs.ra;
  regs.ra = cast<unsigned_long>(trampoline_handler);
  return 0;
}
NOKPROBE_SYMBOL(pre_handler_kretprobe);

function free_rp_inst(rp: ptr<kretprobe>): void {
  while (!list_empty(addr(rp.free_instances))) {
    const ri: ptr<kretprobe_instance> = container_of<kretprobe_instance>(
      rp.free_instances.next,
      "list",
    );
    list_del_init(addr(ri.list));
    kfree(ri);
  }
}

function alloc_rp_inst(rp: ptr<kretprobe>): int {
  INIT_LIST_HEAD(addr(rp.free_instances));
  let i: int = 0;
  while (i < rp.maxactive) {
    const size: unsigned_long = sizeof<kretprobe_instance>();
    const ri: ptr<kretprobe_instance> = kzalloc(size + rp.data_size, GFP_KERNEL);
    if (!ri) {
      free_rp_inst(rp);
      return -ENOMEM;
    }
    ri.data = cast<voidp>(cast<unsigned_long>(ri) + size);
    list_add(addr(ri.list), addr(rp.free_instances));
    i++;
  }
  return 0;
}

export function register_kretprobe(rp: ptr<kretprobe>): int {
  rp.kp.pre_handler = pre_handler_kretprobe;
  rp.kp.post_handler = NULL;
  if (rp.maxactive <= 0) rp.maxactive = MAXACTIVE_DEFAULT;
  rp.nmissed = 0;
  let ret: int = alloc_rp_inst(rp);
  if (ret) return ret;
  ret = __register_kprobe(addr(rp.kp));
  if (ret) free_rp_inst(rp);
  else note_probe(NULL, rp, rp.kp.symbol_name ? rp.kp.symbol_name : "kretprobe", rp.handler);
  return ret;
}

/** Calls that are under way return as if nothing had been: nobody is told any more. */
export function unregister_kretprobe(rp: ptr<kretprobe>): void {
  if (!is_registered(addr(rp.kp))) return;
  __unregister_kprobe(addr(rp.kp));
  let pos: ptr<list_head> = kretprobe_inst_list.next;
  while (pos !== addr(kretprobe_inst_list)) {
    const ri: ptr<kretprobe_instance> = container_of<kretprobe_instance>(pos, "list");
    if (ri.rp === rp) ri.rp = NULL;
    pos = pos.next;
  }
  free_rp_inst(rp);
  note_unprobe(NULL, rp, rp.kp.symbol_name ? rp.kp.symbol_name : "kretprobe", rp.handler);
  if (rp.kp.symbol_name) rp.kp.addr = 0;
}

export function kprobe_flush_task(task: ptr<task_struct>): void {
  let ri: ptr<kretprobe_instance> = newest_instance(task);
  while (ri) {
    recycle_rp_inst(ri);
    ri = newest_instance(task);
  }
}

function init_kprobes(): int {
  INIT_LIST_HEAD(addr(kprobe_list));
  INIT_LIST_HEAD(addr(kretprobe_inst_list));
  return 0;
}

core_initcall(init_kprobes);
EXPORT_SYMBOL_GPL(register_kprobe);
EXPORT_SYMBOL_GPL(unregister_kprobe);
EXPORT_SYMBOL_GPL(disable_kprobe);
EXPORT_SYMBOL_GPL(enable_kprobe);
EXPORT_SYMBOL_GPL(register_kretprobe);
EXPORT_SYMBOL_GPL(unregister_kretprobe);
