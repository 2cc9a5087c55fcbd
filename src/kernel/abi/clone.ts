/**
 * clone(2) and clone3(2) flags, and scheduling policies.
 *
 * Source: linux/sched.h and linux/sched/types.h of Linux 6.1. riscv takes clone's arguments in the
 * order flags, stack, parent_tid, tls, child_tid (CONFIG_CLONE_BACKWARDS).
 */
/** Low byte of clone's flags: the signal sent to the parent at exit. */
export const CSIGNAL = 0xff;
export const CLONE_VM = 0x100;
export const CLONE_FS = 0x200;
export const CLONE_FILES = 0x400;
export const CLONE_SIGHAND = 0x800;
export const CLONE_PIDFD = 0x1000;
export const CLONE_PTRACE = 0x2000;
export const CLONE_VFORK = 0x4000;
export const CLONE_PARENT = 0x8000;
export const CLONE_THREAD = 0x10000;
export const CLONE_NEWNS = 0x20000;
export const CLONE_SYSVSEM = 0x40000;
export const CLONE_SETTLS = 0x80000;
export const CLONE_PARENT_SETTID = 0x100000;
export const CLONE_CHILD_CLEARTID = 0x200000;
/** Ignored since 2.6.2, except by clone3. */
export const CLONE_DETACHED = 0x400000;
export const CLONE_UNTRACED = 0x800000;
export const CLONE_CHILD_SETTID = 0x1000000;
export const CLONE_NEWCGROUP = 0x2000000;
export const CLONE_NEWUTS = 0x4000000;
export const CLONE_NEWIPC = 0x8000000;
export const CLONE_NEWUSER = 0x10000000;
export const CLONE_NEWPID = 0x20000000;
export const CLONE_NEWNET = 0x40000000;
export const CLONE_IO = 0x80000000;
export const CLONE_CLEAR_SIGHAND = 0x100000000;
export const CLONE_INTO_CGROUP = 0x200000000;
export const CLONE_NEWTIME = 0x80;

export const SCHED_NORMAL = 0;
export const SCHED_FIFO = 1;
export const SCHED_RR = 2;
export const SCHED_BATCH = 3;
export const SCHED_IDLE = 5;
export const SCHED_DEADLINE = 6;
export const SCHED_RESET_ON_FORK = 1073741824;

/** struct clone_args, version 2. */
export const CLONE_ARGS_LAYOUT = {
  size: 88,
  fields: {
    flags: [0, "u64"],
    pidfd: [8, "u64"],
    child_tid: [16, "u64"],
    parent_tid: [24, "u64"],
    exit_signal: [32, "u64"],
    stack: [40, "u64"],
    stack_size: [48, "u64"],
    tls: [56, "u64"],
    set_tid: [64, "u64"],
    set_tid_size: [72, "u64"],
    cgroup: [80, "u64"],
  },
} as const;
