/**
 * The machine as a whole: its name, its log, memory of a process, random bytes, and
 * switching it off.
 *
 * Source: uname(2), syslog(2), reboot(2), brk(2), getrandom(2).
 */
import { CAP_SYS_ADMIN, CAP_SYS_BOOT, CAP_SYSLOG } from "../abi/capability.ts";
import { EFAULT, EINVAL, ENOMEM, EPERM } from "../abi/errno.ts";
import { DEVICE_READ_MAX_BYTES } from "../lib/limits.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import { type Kpath, PREEMPT } from "../lib/wait.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { writeBytes } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

const UTS_FIELD_BYTES = 65;
const REBOOT_MAGIC1 = 0xfee1dead;
const REBOOT_MAGIC2 = 672274793;
const REBOOT_POWER_OFF = 0x4321fedc;
const REBOOT_RESTART = 0x01234567;
const REBOOT_RESTART2 = 0xa1b2c3d4;
const REBOOT_HALT = 0xcdef0123;
const SYSLOG_ACTION_READ_ALL = 3;
const SYSLOG_ACTION_CLEAR = 5;
const SYSLOG_ACTION_SIZE_BUFFER = 10;

function uname(k: Kernel, t: Task, addr: number): number {
  const { uts } = k;
  const bytes = new Uint8Array(UTS_FIELD_BYTES * 6);
  [uts.sysname, uts.hostname, uts.release, uts.version, uts.machine, uts.domainname].forEach(
    (text, i) => {
      bytes.set(encodeUtf8(text).subarray(0, UTS_FIELD_BYTES - 1), i * UTS_FIELD_BYTES);
    },
  );
  return writeBytes(t, addr, bytes);
}

function sethostname(k: Kernel, t: Task, addr: number, size: number): number {
  if (!isCapable(t.cred, CAP_SYS_ADMIN)) return -EPERM;
  if (size < 0 || size > 64) return -EINVAL;
  const bytes = t.mm?.copyIn(addr, size) ?? -EFAULT;
  if (typeof bytes === "number") return bytes;
  k.uts.hostname = decodeUtf8(bytes);
  return 0;
}

/** reboot(2). RESTART2's argument names the release to boot. */
function reboot(
  k: Kernel,
  t: Task,
  magic1: number,
  magic2: number,
  cmd: number,
  arg: number,
): number {
  if (!isCapable(t.cred, CAP_SYS_BOOT)) return -EPERM;
  if (magic1 >>> 0 !== REBOOT_MAGIC1 || magic2 !== REBOOT_MAGIC2) return -EINVAL;
  const command = cmd >>> 0;
  if (command === REBOOT_POWER_OFF || command === REBOOT_HALT)
    k.stopMachine({ reason: "poweroff", argument: "" });
  else if (command === REBOOT_RESTART) k.stopMachine({ reason: "restart", argument: "" });
  else if (command === REBOOT_RESTART2) {
    const release = t.mm?.copyInString(arg, 256) ?? -EINVAL;
    if (typeof release === "number") return release;
    k.stopMachine({ reason: "restart", argument: release });
  } else return -EINVAL;
  return 0;
}

/** The kernel log as dmesg(1) shows it, `[    0.000000] text`. */
export function formatLog(k: Kernel): string {
  return k.klog
    .map(({ timeNs, text }) => `[${(timeNs / 1e9).toFixed(6).padStart(12)}] ${text}\n`)
    .join("");
}

function syslog(k: Kernel, t: Task, action: number, addr: number, size: number): number {
  if (action === SYSLOG_ACTION_SIZE_BUFFER) return encodeUtf8(formatLog(k)).length + 1;
  if (action === SYSLOG_ACTION_CLEAR) {
    if (!isCapable(t.cred, CAP_SYSLOG)) return -EPERM;
    k.klog.length = 0;
    return 0;
  }
  if (action !== SYSLOG_ACTION_READ_ALL || size < 0) return -EINVAL;
  const bytes = encodeUtf8(formatLog(k));
  const tail = bytes.subarray(Math.max(0, bytes.length - size));
  return writeBytes(t, addr, tail) < 0 ? -EFAULT : tail.length;
}

function getrandom(k: Kernel, t: Task, addr: number, size: number): number {
  // A count is unsigned: what reads as negative is far more than is given at once.
  const bytes = new Uint8Array(
    size < 0 ? DEVICE_READ_MAX_BYTES : Math.min(size, DEVICE_READ_MAX_BYTES),
  );
  for (let i = 0; i < bytes.length; i++) bytes[i] = k.prng.next();
  return writeBytes(t, addr, bytes) < 0 ? -EFAULT : bytes.length;
}

export const ROWS_SYSTEM: readonly Row[] = [
  row("uname", ["out:utsname"], (k, t, addr) => uname(k, t, addr)),
  row("sethostname", ["buf-in", "size"], (k, t, addr, size) => sethostname(k, t, addr, size)),
  row(
    "reboot",
    ["enum:reboot-magic", "enum:reboot-magic", "enum:reboot-cmd", "ptr"],
    (k, t, m1, m2, cmd, arg) => reboot(k, t, m1, m2, cmd, arg),
  ),
  row(
    "syslog",
    ["int", "buf-out", "size"],
    (k, t, action, addr, size) => syslog(k, t, action, addr, size),
    {
      support: "partial",
      note: "READ_ALL, CLEAR, SIZE_BUFFER",
    },
  ),
  row("getrandom", ["hex-out", "size", "flags:getrandom"], (k, t, addr, size) =>
    getrandom(k, t, addr, size),
  ),
  row("brk", ["ptr"], (_k, t, end) => t.mm?.setBrk(end) ?? -ENOMEM, { returns: "ptr" }),
  row("sched_yield", [], () => yieldProcessor()),
];

function* yieldProcessor(): Kpath<number> {
  yield PREEMPT;
  return 0;
}
