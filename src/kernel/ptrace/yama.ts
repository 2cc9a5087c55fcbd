/**
 * Yama: how much further than "the same user" attaching is restricted.
 *
 * Source: security/yama/yama_lsm.c of Linux 6.1 and Documentation/admin-guide/LSM/Yama.rst. The mode
 * is 0 at boot, as Debian ships it; /proc/sys/kernel/yama/ptrace_scope changes it.
 */
import { CAP_SYS_PTRACE } from "../abi/capability.ts";
import { EINVAL, EPERM } from "../abi/errno.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task, ThreadGroup } from "../task/task.ts";

/** Classic; descendants and who was named by PR_SET_PTRACER; CAP_SYS_PTRACE; nobody, for good. */
export const YAMA_SCOPE_DISABLED = 0;
export const YAMA_SCOPE_RELATIONAL = 1;
export const YAMA_SCOPE_CAPABILITY = 2;
export const YAMA_SCOPE_NO_ATTACH = 3;

/** task_is_descendant(), a process being its own descendant. */
function isDescendant(ancestor: ThreadGroup, group: ThreadGroup): boolean {
  for (let at: ThreadGroup | undefined = group; at !== undefined; at = at.parent)
    if (at === ancestor) return true;
  return false;
}

/** ptracer_exception_found(): does the target want to be traced by this one? */
function isException(tracer: Task, target: Task): boolean {
  if (target.ptrace.tracer?.group === tracer.group) return true;
  const named = target.group.ptracer;
  return named === "any" || (named !== undefined && isDescendant(named, tracer.group));
}

/** yama_ptrace_access_check() of an attach, or of what needs as much. */
export function yamaAllows(k: Kernel, tracer: Task, target: Task): boolean {
  switch (k.ptraceScope) {
    case YAMA_SCOPE_DISABLED:
      return true;
    case YAMA_SCOPE_RELATIONAL:
      return (
        isDescendant(tracer.group, target.group) ||
        isException(tracer, target) ||
        isCapable(tracer.cred, CAP_SYS_PTRACE)
      );
    case YAMA_SCOPE_CAPABILITY:
      return isCapable(tracer.cred, CAP_SYS_PTRACE);
    default:
      return false;
  }
}

/** yama_ptrace_traceme(): may the parent become the tracer of a child that asks for it? */
export function yamaAllowsTraceMe(k: Kernel, parent: Task): boolean {
  if (k.ptraceScope === YAMA_SCOPE_CAPABILITY) return isCapable(parent.cred, CAP_SYS_PTRACE);
  return k.ptraceScope !== YAMA_SCOPE_NO_ATTACH;
}

/** A write to ptrace_scope: one number; 3 is never left again. */
export function writePtraceScope(k: Kernel, text: string): number {
  if (k.current !== undefined && !isCapable(k.current.cred, CAP_SYS_PTRACE)) return -EPERM;
  const scope = /^\s*\d+\s*$/.test(text) ? Number(text) : -1;
  const least = k.ptraceScope === YAMA_SCOPE_NO_ATTACH ? YAMA_SCOPE_NO_ATTACH : 0;
  if (scope < least || scope > YAMA_SCOPE_NO_ATTACH) return -EINVAL;
  k.ptraceScope = scope;
  return 0;
}

/** PR_SET_PTRACER: 0 takes it back, -1 allows everybody. */
export function setPtracer(k: Kernel, task: Task, pid: number): number {
  const named = pid === -1 ? "any" : pid === 0 ? undefined : k.tasks.get(pid)?.group;
  if (named === undefined && pid !== 0) return -EINVAL;
  task.group.ptracer = named;
  return 0;
}
