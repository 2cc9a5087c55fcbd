/**
 * Resource limits, and whom getpriority and getrusage mean.
 *
 * Source: asm-generic/resource.h and linux/resource.h of Linux 6.1.
 */
export const RLIMIT_CPU = 0;
export const RLIMIT_FSIZE = 1;
export const RLIMIT_DATA = 2;
export const RLIMIT_STACK = 3;
export const RLIMIT_CORE = 4;
export const RLIMIT_RSS = 5;
export const RLIMIT_NPROC = 6;
export const RLIMIT_NOFILE = 7;
export const RLIMIT_MEMLOCK = 8;
export const RLIMIT_AS = 9;
export const RLIMIT_LOCKS = 10;
export const RLIMIT_SIGPENDING = 11;
export const RLIMIT_MSGQUEUE = 12;
export const RLIMIT_NICE = 13;
export const RLIMIT_RTPRIO = 14;
export const RLIMIT_RTTIME = 15;
export const PRIO_PROCESS = 0;
export const PRIO_PGRP = 1;
export const PRIO_USER = 2;
export const RUSAGE_SELF = 0;
export const RUSAGE_CHILDREN = -1;
export const RUSAGE_THREAD = 1;

/** RLIM_INFINITY is ~0UL, which a number does not hold exactly: both words of it. */
export const RLIM_INFINITY_WORD = 0xffffffff;

/** struct rlimit64, each limit in two words. */
export const RLIMIT_LAYOUT = {
  size: 16,
  fields: {
    rlim_cur_low: [0, "u32"],
    rlim_cur_high: [4, "u32"],
    rlim_max_low: [8, "u32"],
    rlim_max_high: [12, "u32"],
  },
} as const;
