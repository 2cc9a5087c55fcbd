/**
 * peeker: a module on utrace that looks where ptrace(2) would not let it. Yama's mode 3 says that nobody
 * may attach to anybody; strace hears EPERM, and the module was never asked.
 */
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NR_PTRACE = 117;

/** What was written by a task that an engine hung on, and how ptrace(2) ended in one. */
function claim({ events }: History): readonly string[] {
  const hung = new Set<number>();
  const asking = new Set<number>();
  return events.flatMap((event) => {
    const { tid } = event;
    if (event.kind === "probe-attach" && event.owner === "peeker") hung.add(event.target);
    if (event.kind === "probe-detach" && event.owner === "peeker") hung.delete(event.target);
    if (!hung.has(tid)) return [];
    if (event.kind === "tty-write" && !asking.has(tid))
      return [`peeker: ${tid} writes: ${event.text.trimEnd()}`];
    if (event.kind !== "syscall-exit" || event.nr !== NR_PTRACE) return [];
    asking.add(tid);
    return [`peeker: ${tid} asks ptrace(2): ${event.ret}`];
  });
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "peeker",
  summary: "reads what another process writes, where ptrace(2) answers EPERM",
  source: "module/peeker.ts",
  home: "2.6.32-44.el6",
  workload: `
echo 3 > /proc/sys/kernel/yama/ptrace_scope
sh -c 'sleep 0.5; echo the secret is 4711; sleep 1; echo and no more of it' &
victim=$!
sh -c "sleep 0.2; exec strace -p $victim" &
$LOAD pid=$victim asker=$!
wait
$UNLOAD
`,
  claim,
});
