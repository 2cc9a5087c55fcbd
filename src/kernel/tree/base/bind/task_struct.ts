/**
 * task_struct and what hangs on it, as views of the core's tasks. Fields that are not named here are
 * plain memory, kept by tree code: tasks, thread_group, usage, ...
 */
import type { BindApi } from "../../../kmem/bind-api.ts";
import type { AddressSpace } from "../../../mm/address-space.ts";
import type { SigAction } from "../../../signal/signal-types.ts";
import type { RunState } from "../../../task/run-state.ts";
import type { Cred, Task, ThreadGroup } from "../../../task/task.ts";

/** task_struct.state, in the words of linux/sched; TASK_DEAD is 64. */
const STATE: Readonly<Record<RunState, number>> = {
  running: 0,
  sleeping: 1,
  uninterruptible: 2,
  stopped: 4,
  traced: 8,
  zombie: 64,
  dead: 64,
};

/** task_struct.exit_state: EXIT_ZOMBIE and EXIT_DEAD. */
const EXIT_STATE: Readonly<Partial<Record<RunState, number>>> = { zombie: 16, dead: 32 };

const PF_EXITING = 0x4;
const NICE_0_PRIO = 120;
/** HZ is 100. */
const TICK_NS = 10_000_000;
const SIGNAL_STOP_STOPPED = 1;
const SIGNAL_GROUP_EXIT = 8;

export function bind({ bindStruct, variable }: BindApi): void {
  // pid 1 was made by the idle task, which the core does not have.
  const parentOf = (t: Task): Task | number => t.group.parent?.leader ?? variable("init_task");
  bindStruct<Task>("task_struct", {
    state: (t) => STATE[t.runState],
    flags: (t) => (t.isDead || t.group.exiting ? PF_EXITING : 0),
    ptrace: (t) => (t.ptrace.tracer === undefined ? 0 : 1),
    prio: () => NICE_0_PRIO,
    static_prio: () => NICE_0_PRIO,
    mm: (t) => t.mm,
    exit_state: (t) => EXIT_STATE[t.isZombieToBe && !t.isDead ? "zombie" : t.runState] ?? 0,
    exit_code: (t) => t.exitCode,
    exit_signal: (t) => (t.isLeader ? t.group.exitSignal : -1),
    pid: (t) => t.tid,
    tgid: (t) => t.tgid,
    real_parent: parentOf,
    parent: (t) => t.ptrace.tracer ?? parentOf(t),
    group_leader: (t) => t.group.leader,
    utime: (t) => Math.floor(t.timeNs / TICK_NS),
    nvcsw: (t) => t.voluntarySwitches,
    nivcsw: (t) => t.involuntarySwitches,
    start_time: (t) => t.startNs,
    real_cred: (t) => t.cred,
    cred: (t) => t.cred,
    comm: {
      get: (t) => t.comm,
      set: (t, value: string) => {
        t.comm = value;
        return true;
      },
    },
    signal: (t) => t.group,
    sighand: (t) => t.sighand,
    blocked: (t) => Number(BigInt.asIntN(64, t.blocked)),
  });
  bindStruct<ThreadGroup>("signal_struct", {
    count: (g) => g.threads.length,
    live: (g) => g.threads.length,
    group_exit_code: (g) => g.exitCode,
    group_stop_count: (g) => g.stopCount,
    flags: (g) =>
      (g.stopSignal === 0 ? 0 : SIGNAL_STOP_STOPPED) | (g.exiting ? SIGNAL_GROUP_EXIT : 0),
  });
  bindStruct<SigAction[]>("sighand_struct", { count: () => 1 });
  bindStruct<AddressSpace>("mm_struct", { mm_users: () => 1, mm_count: () => 1 });
  bindStruct<Cred>("cred", {
    usage: () => 1,
    uid: (c) => c.uid,
    gid: (c) => c.gid,
    suid: (c) => c.suid,
    sgid: (c) => c.sgid,
    euid: (c) => c.euid,
    egid: (c) => c.egid,
    fsuid: (c) => c.euid,
    fsgid: (c) => c.egid,
  });
}
