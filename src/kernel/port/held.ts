/**
 * What code holds and has to give back: spinlocks, and references to tasks and pids. Who forgets is told
 * when a task goes back to user mode, when an init returns, and when a module is unloaded.
 *
 * Source: kernel/locking/lockdep.c (lockdep_sys_exit, print_held_locks_bug, print_freed_lock_bug),
 * lib/ref_tracker.c of 6.1. Left out: lock classes and the order of locks; after its first report
 * lockdep is silent for the rest of the boot, as Linux's is.
 */
import { formatAddress } from "../kmem/address.ts";
import { printTainted } from "../lib/taint.ts";
import type { Task } from "../task/task.ts";
import { atomicBug, type PortContext } from "./context.ts";

/** A task, or what stands for one in an interrupt. */
type Holder = Pick<Task, "comm" | "tid">;

interface HeldLock {
  readonly address: number;
  readonly task: Holder;
  readonly site: string;
  readonly owner: string;
}

interface HeldReference {
  readonly what: string;
  readonly address: number;
  readonly owner: string;
  readonly site: string;
  count: number;
}

export class Held {
  readonly locks: HeldLock[] = [];
  readonly references: HeldReference[] = [];
  /** Linux: debug_locks. */
  isWatching = true;
}

/** The function that called, as a back trace prints it, and the innermost module on the stack. */
export function callSite(p: PortContext): { readonly site: string; readonly owner: string } {
  const { frames, depth } = p.rt.stack;
  const innermost = p.text.byId(frames[depth - 1] ?? -1);
  const site = innermost === undefined ? "0x0" : p.text.describe(innermost.address);
  for (let at = depth - 1; at >= 0; at--) {
    const owner = p.text.byId(frames[at] ?? -1)?.module ?? "";
    if (owner !== "") return { site, owner };
  }
  return { site, owner: "" };
}

export function noteLock(p: PortContext, address: number, task: Holder): void {
  p.held.locks.push({ address, task, ...callSite(p) });
}

export function noteUnlock(p: PortContext, address: number): void {
  const at = p.held.locks.findLastIndex((lock) => lock.address === address);
  if (at >= 0) p.held.locks.splice(at, 1);
}

/** Only what a module takes is kept: the kernel's own references are the tree's affair. */
export function noteGet(p: PortContext, what: string, address: number): void {
  const { site, owner } = callSite(p);
  if (owner === "") return;
  const known = p.held.references.find((ref) => ref.owner === owner && ref.address === address);
  if (known !== undefined) known.count++;
  else p.held.references.push({ what, address, owner, site, count: 1 });
}

export function notePut(p: PortContext, address: number): void {
  const { references } = p.held;
  const { owner } = callSite(p);
  const at = references.findIndex((ref) => ref.owner === owner && ref.address === address);
  const known = references[at];
  if (known !== undefined && --known.count === 0) references.splice(at, 1);
}

/** lockdep_sys_exit(): a task is about to leave the kernel. */
export function checkUserReturn(p: PortContext, task: Task): void {
  if (p.rt.preemptCount === 0 || !p.held.isWatching) return;
  p.held.isWatching = false;
  const locks = p.held.locks.filter((lock) => lock.task === task);
  if (locks.length === 0) {
    const text = atomicBug(p);
    p.k.printk(3, text);
    p.k.log.emit("warn", text, "");
    return;
  }
  const title = "WARNING: lock held when returning to user space!";
  const who = `${task.comm}/${task.tid}`;
  const many = locks.length === 1 ? "1 lock" : `${locks.length} locks`;
  say(p, title, [
    `${who} is leaving the kernel with locks still held!`,
    `${many} held by ${who}:`,
    ...locks.map(lockLine),
  ]);
  p.k.log.emit("warn", title, locks[0]?.owner ?? "");
}

/** debug_check_no_locks_freed(): memory goes, and a lock in it is held. */
export function checkLocksFreed(p: PortContext, address: number, sizeBytes: number): void {
  const end = address + sizeBytes;
  const lock = p.held.locks.find((each) => each.address >= address && each.address < end);
  if (lock === undefined || !p.held.isWatching) return;
  p.held.isWatching = false;
  const title = "WARNING: held lock freed!";
  const { comm, tid } = p.k.current ?? lock.task;
  const range = `${formatAddress(address)}-${formatAddress(end - 1)}`;
  say(p, title, [
    `${comm}/${tid} is freeing memory ${range}, with a lock still held there!`,
    lockLine(lock, 0),
  ]);
  p.k.log.emit("warn", title, lock.owner);
}

const lockLine = ({ address, site }: HeldLock, index: number): string =>
  ` #${index}: ${formatAddress(address)} (&lock){+.+.}-{2:2}, at: ${site}`;

function say(p: PortContext, title: string, lines: readonly string[]): void {
  const about = `${p.k.uts.release} ${printTainted(p.k.taint)}`;
  const rule = (sign: string): string => sign.repeat(title.length);
  for (const line of [rule("="), title, about, rule("-"), ...lines]) p.k.printk(4, line);
}

/** What a module that is gone has not given back. */
export function reportReferences(p: PortContext, owner: string): void {
  const { references } = p.held;
  for (const { what, address, site, count } of references.filter((ref) => ref.owner === owner)) {
    const text = `ref_tracker: ${what}@${formatAddress(address)} has ${count}/${count} users at`;
    p.k.printk(3, text);
    p.k.printk(3, `     ${site}`);
    p.k.log.emit("warn", text, owner);
  }
  const kept = references.filter((ref) => ref.owner !== owner);
  references.splice(0, references.length, ...kept);
}
