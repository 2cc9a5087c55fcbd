/**
 * epoll, eventfd, signalfd, timerfd and memfd: flags and structures.
 *
 * Source: linux/eventpoll.h, eventfd.h, signalfd.h, timerfd.h and memfd.h of Linux 6.1. struct
 * epoll_event is packed on x86 alone; riscv64 has padding after `events`.
 */
export const EPOLL_CTL_ADD = 1;
export const EPOLL_CTL_DEL = 2;
export const EPOLL_CTL_MOD = 3;
export const EPOLLIN = 0x1;
export const EPOLLOUT = 0x4;
export const EPOLLERR = 0x8;
export const EPOLLHUP = 0x10;
export const EPOLLEXCLUSIVE = 0x10000000;
export const EPOLLWAKEUP = 0x20000000;
export const EPOLLONESHOT = 0x40000000;
export const EPOLLET = 0x80000000;

/** struct epoll_event; `data` in two words, for it is the program's own 64 bits. */
export const EPOLL_EVENT_LAYOUT = {
  size: 16,
  fields: { events: [0, "u32"], data_low: [8, "u32"], data_high: [12, "u32"] },
} as const;

export const EFD_SEMAPHORE = 1;
export const TFD_TIMER_ABSTIME = 1;
export const TFD_TIMER_CANCEL_ON_SET = 2;
export const MFD_CLOEXEC = 1;
export const MFD_ALLOW_SEALING = 2;

/** struct itimerspec. */
export const ITIMERSPEC_LAYOUT = {
  size: 32,
  fields: {
    it_interval_sec: [0, "s64"],
    it_interval_nsec: [8, "s64"],
    it_value_sec: [16, "s64"],
    it_value_nsec: [24, "s64"],
  },
} as const;

/** struct signalfd_siginfo. */
export const SIGNALFD_SIGINFO_LAYOUT = {
  size: 128,
  fields: {
    ssi_signo: [0, "u32"],
    ssi_errno: [4, "s32"],
    ssi_code: [8, "s32"],
    ssi_pid: [12, "u32"],
    ssi_uid: [16, "u32"],
    ssi_status: [40, "s32"],
    ssi_int: [44, "s32"],
    ssi_addr: [72, "u64"],
  },
} as const;
