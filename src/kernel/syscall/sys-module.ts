/**
 * Kernel modules: finit_module(2), init_module(2) and delete_module(2). What loading means is the
 * module layer's; here is who may, and where the bytes come from.
 */
import { CAP_SYS_MODULE } from "../abi/capability.ts";
import { EFAULT, EINVAL, ENOSYS, EPERM } from "../abi/errno.ts";
import type { Kpath } from "../lib/wait.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { type Row, row } from "./rows.ts";

/** A .ko larger than this is not read: it would be no module of anybody's. */
const MODULE_SIZE_MAX_BYTES = 4 * 1024 * 1024;

function* load(
  k: Kernel,
  t: Task,
  bytes: Uint8Array,
  paramsAddr: number,
  flags: number,
): Kpath<number> {
  if (k.modules === undefined) return -ENOSYS;
  const params = t.mm?.copyInString(paramsAddr, 4096);
  if (params === undefined || typeof params === "number") return -EFAULT;
  return yield* k.modules.load(t, bytes, params, flags);
}

function initModule(
  k: Kernel,
  t: Task,
  addr: number,
  size: number,
  params: number,
): number | Kpath<number> {
  if (!isCapable(t.cred, CAP_SYS_MODULE)) return -EPERM;
  if (size <= 0 || size > MODULE_SIZE_MAX_BYTES) return -EINVAL;
  const bytes = t.mm?.copyIn(addr, size) ?? -EFAULT;
  return typeof bytes === "number" ? bytes : load(k, t, bytes, params, 0);
}

function finitModule(
  k: Kernel,
  t: Task,
  fd: number,
  params: number,
  flags: number,
): number | Kpath<number> {
  if (!isCapable(t.cred, CAP_SYS_MODULE)) return -EPERM;
  const bytes = t.files.readWhole(fd, MODULE_SIZE_MAX_BYTES);
  return typeof bytes === "number" ? bytes : load(k, t, bytes, params, flags);
}

function* deleteModule(k: Kernel, t: Task, nameAddr: number, flags: number): Kpath<number> {
  if (!isCapable(t.cred, CAP_SYS_MODULE)) return -EPERM;
  if (k.modules === undefined) return -ENOSYS;
  const name = t.mm?.copyInString(nameAddr, 64);
  if (name === undefined || typeof name === "number") return -EFAULT;
  return yield* k.modules.unload(t, name, flags);
}

export const ROWS_MODULE: readonly Row[] = [
  row("init_module", ["ptr", "size", "str"], (k, t, addr, size, params) =>
    initModule(k, t, addr, size, params),
  ),
  row("finit_module", ["fd", "str", "hex"], (k, t, fd, params, flags) =>
    finitModule(k, t, fd, params, flags),
  ),
  row("delete_module", ["str", "flags:open"], deleteModule),
];
