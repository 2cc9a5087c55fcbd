/**
 * Port rows every kernel file needs: the log, memory, strings, locks, time, and dying.
 *
 * Source: the functions of the same names in 2.6.32; kernel/panic.c, lib/spinlock_debug.c,
 * mm/slub.c. Left out: per-CPU anything, interrupts; a spinlock only keeps the processor.
 */
import { KernelOops, kernelBug } from "../kmem/oops.ts";
import { PRINTK_LINE_STEPS, PRINTK_MAX_BYTES } from "../lib/limits.ts";
import { TAINT_WARN } from "../lib/taint.ts";
import { PREEMPT } from "../lib/wait.ts";
import { type PortContext, type PortRow, whoRuns } from "./context.ts";
import { formatText } from "./format.ts";
import { callSite, checkLocksFreed, noteLock, noteUnlock } from "./held.ts";

const KERN_INFO = 6;
const GFP_WAIT = 0x10;

/** "<4>" in front of a format is its level. */
function printk(p: PortContext, format: number, ...args: number[]): number {
  const text = formatText(p, format, args).slice(0, PRINTK_MAX_BYTES - 1);
  const tagged = /^<([0-7])>/.exec(text);
  const level = tagged === null ? KERN_INFO : Number(tagged[1]);
  const lines = text
    .slice(tagged === null ? 0 : 3)
    .replace(/\n$/, "")
    .split("\n");
  p.rt.fuel -= lines.length * PRINTK_LINE_STEPS;
  for (const line of lines) p.k.printk(level, line, ownerOfCaller(p));
  return text.length;
}

function warn(p: PortContext, text: string): void {
  p.k.printk(4, text);
  p.k.addTaint(TAINT_WARN);
  p.k.log.emit("warn", text, ownerOfCaller(p));
  if (p.k.security.panicOnWarn) p.k.panic("kernel: panic_on_warn set ...");
}

const innermost = (p: PortContext): number => p.rt.stack.frames[p.rt.stack.depth - 1] ?? -1;

/** Module of the innermost function on the call stack; the kernel's own is "". */
export function ownerOfCaller(p: PortContext): string {
  return p.text.byId(innermost(p))?.module ?? "";
}

function mightSleep(p: PortContext): number {
  const task = whoRuns(p);
  if (p.rt.preemptCount > 0) {
    warn(
      p,
      `BUG: sleeping function called from invalid context, in_atomic(): 1, pid: ${task.tid}, name: ${task.comm}`,
    );
  }
  return 0;
}

function kmalloc(p: PortContext, size: number, flags: number, fill?: number): number {
  if ((flags & GFP_WAIT) !== 0) mightSleep(p);
  if (size <= 0) return 0;
  if (!p.mem.hasRoom(size)) {
    noteFailure(p, size, flags);
    return 0;
  }
  const address =
    fill === undefined ? p.mem.alloc(size, "kmalloc") : p.mem.alloc(size, "kmalloc", fill);
  noteOrigin(p, address);
  return address;
}

function noteFailure(p: PortContext, size: number, flags: number): void {
  if (!p.allocationFailures.allows(p.k.clock.now)) return;
  p.k.log.emit("limit", "KERNEL_ALLOCATION_MAX_BYTES", size);
  const mode = flags.toString(16);
  p.k.printk(4, `${whoRuns(p).comm}: page allocation failure. order:0, mode:0x${mode}`);
}

/** So that memory which nobody gives back can be told whose it was. */
function noteOrigin(p: PortContext, address: number): void {
  const { site, owner } = callSite(p);
  const object = owner === "" ? undefined : p.mem.objectCovering(address);
  if (object === undefined) return;
  const { comm, tid } = whoRuns(p);
  object.origin = { owner, site, comm, tid };
}

function kfree(p: PortContext, address: number): void {
  const object = p.mem.objectCovering(address);
  if (object !== undefined) checkLocksFreed(p, object.address, object.sizeBytes);
  p.mem.free(address, callerName(p));
}

function spinLock(p: PortContext, lock: number): number {
  const task = whoRuns(p);
  p.rt.preemptCount++;
  // One processor: a lock that is held now will never be let go of while we spin.
  if (p.mem.i32(lock) !== 0) {
    throw new KernelOops(
      "lockup",
      lock,
      `BUG: spinlock recursion on CPU#0, ${task.comm}/${task.tid}`,
    );
  }
  p.mem.store32(lock, 1);
  noteLock(p, lock, task);
  return 0;
}

function spinUnlock(p: PortContext, lock: number): number {
  const task = whoRuns(p);
  if (p.mem.i32(lock) === 0)
    warn(p, `BUG: spinlock already unlocked on CPU#0, ${task.comm}/${task.tid}`);
  else p.mem.store32(lock, 0);
  noteUnlock(p, lock);
  return preemptEnable(p);
}

const preemptDisable = (p: PortContext): number => {
  p.rt.preemptCount++;
  return 0;
};

function preemptEnable(p: PortContext): number {
  const task = whoRuns(p);
  if (p.rt.preemptCount === 0) warn(p, `BUG: preempt_count underflow, ${task.comm}/${task.tid}`);
  else p.rt.preemptCount--;
  return 0;
}

function strlcpy(p: PortContext, to: number, from: number, size: number): number {
  const text = p.mem.readCString(from);
  p.mem.writeCString(to, text, size);
  return text.length;
}

function memcpy(p: PortContext, to: number, from: number, size: number): number {
  p.mem.writeBytes(to, p.mem.readBytes(from, size));
  return to;
}

function memset(p: PortContext, to: number, value: number, size: number): number {
  p.mem.fillBytes(to, value, size);
  return to;
}

function strcmp(p: PortContext, a: number, b: number): number {
  const [left, right] = [p.mem.readCString(a), p.mem.readCString(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

export const ROWS_BASE: readonly PortRow[] = [
  { proto: "printk(fmt: cstring, ...args: varargs): int", plain: printk },
  {
    proto: "snprintf(buf: ptr<char>, size: size_t, fmt: cstring, ...args: varargs): int",
    plain: (p, buf, size, format, ...args) => {
      const text = formatText(p, format as number, args);
      p.mem.writeCString(buf as number, text, size as number);
      return text.length;
    },
  },
  {
    proto: "panic(fmt: cstring, ...args: varargs): void",
    plain: (p, format, ...args) => {
      p.k.panic(formatText(p, format as number, args));
      return 0;
    },
  },
  {
    proto: "warn_slowpath(text: cstring): void",
    plain: (p, text) => {
      warn(p, `WARNING: ${p.mem.readCString(text as number)}`);
      return 0;
    },
  },
  {
    proto: "bug(text: cstring): void",
    plain: (p, text) => {
      throw kernelBug(`kernel BUG: ${p.mem.readCString(text as number)}`);
    },
  },
  {
    proto: "kmalloc(size: size_t, flags: unsigned_int): voidp",
    plain: (p, size, flags) => kmalloc(p, size as number, flags as number),
  },
  {
    proto: "kzalloc(size: size_t, flags: unsigned_int): voidp",
    plain: (p, size, flags) => kmalloc(p, size as number, flags as number, 0),
  },
  {
    proto: "kfree(object: voidp): void",
    plain: (p, address) => {
      if (address !== 0) kfree(p, address as number);
      return 0;
    },
  },
  {
    proto: "memset(to: voidp, value: int, size: size_t): voidp",
    plain: (p, to, value, size) => memset(p, to as number, value as number, size as number),
  },
  {
    proto: "memcpy(to: voidp, from: voidp, size: size_t): voidp",
    plain: (p, to, from, size) => memcpy(p, to as number, from as number, size as number),
  },
  {
    proto: "strcmp(a: cstring, b: cstring): int",
    plain: (p, a, b) => strcmp(p, a as number, b as number),
  },
  {
    proto: "strlcpy(to: ptr<char>, from: cstring, size: size_t): size_t",
    plain: (p, to, from, size) => strlcpy(p, to as number, from as number, size as number),
  },
  {
    proto: "simple_strtol(text: cstring): int",
    plain: (p, text) => Number.parseInt(p.mem.readCString(text as number), 10) | 0,
  },
  {
    proto: "spin_lock(lock: ptr<spinlock_t>): void",
    plain: (p, lock) => spinLock(p, lock as number),
  },
  {
    proto: "spin_unlock(lock: ptr<spinlock_t>): void",
    plain: (p, lock) => spinUnlock(p, lock as number),
  },
  { proto: "preempt_disable(): void", plain: preemptDisable },
  { proto: "preempt_enable(): void", plain: preemptEnable },
  { proto: "rcu_read_lock(): void", plain: preemptDisable },
  { proto: "rcu_read_unlock(): void", plain: preemptEnable },
  { proto: "might_sleep(): void", plain: mightSleep, gen: sleepPoint },
  {
    proto: "sprint_symbol(buffer: ptr<char>, address: unsigned_long): int",
    plain: (p, buffer, address) => {
      const text = p.text.describe(address as number);
      p.mem.writeCString(buffer as number, text, text.length + 1);
      return text.length;
    },
  },
  {
    proto: "kallsyms_lookup_name(name: cstring): unsigned_long",
    plain: (p, name) => lookUpName(p, p.mem.readCString(name as number)),
  },
  {
    proto: "try_module_get(address: voidp): int",
    plain: (p, address) => (p.moduleGet(address as number) ? 1 : 0),
  },
  {
    proto: "module_put(address: voidp): void",
    plain: (p, address) => {
      p.modulePut(address as number);
      return 0;
    },
  },
];

/** might_sleep() in code that can be preempted is a place where it is. */
function* sleepPoint(p: PortContext): ReturnType<NonNullable<PortRow["gen"]>> {
  mightSleep(p);
  if (p.rt.preemptCount === 0) yield PREEMPT;
  return 0;
}

/** Functions and variables of the kernel: CONFIG_KALLSYMS_ALL. */
const lookUpName = (p: PortContext, name: string): number =>
  p.text.findByName(name, "")?.address ?? p.variables.get(name) ?? 0;

/** Who is calling, for "freed by". */
export function callerName(p: PortContext): string {
  return p.text.byId(innermost(p))?.name ?? "";
}
