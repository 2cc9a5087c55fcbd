/**
 * Clocks and time structures.
 *
 * Source: linux/time.h and linux/time_types.h of Linux 6.1.
 */
export const CLOCK_REALTIME = 0;
export const CLOCK_MONOTONIC = 1;
export const CLOCK_PROCESS_CPUTIME_ID = 2;
export const CLOCK_THREAD_CPUTIME_ID = 3;
export const CLOCK_MONOTONIC_RAW = 4;
export const CLOCK_REALTIME_COARSE = 5;
export const CLOCK_MONOTONIC_COARSE = 6;
export const CLOCK_BOOTTIME = 7;
export const CLOCK_REALTIME_ALARM = 8;
export const CLOCK_BOOTTIME_ALARM = 9;
export const CLOCK_SGI_CYCLE = 10;
export const CLOCK_TAI = 11;
export const TIMER_ABSTIME = 1;
export const ITIMER_REAL = 0;
export const ITIMER_VIRTUAL = 1;
export const ITIMER_PROF = 2;

/** struct __kernel_timespec. */
export const TIMESPEC_LAYOUT = {
  size: 16,
  fields: { tv_sec: [0, "s64"], tv_nsec: [8, "s64"] },
} as const;

/** struct timeval. */
export const TIMEVAL_LAYOUT = {
  size: 16,
  fields: { tv_sec: [0, "s64"], tv_usec: [8, "s64"] },
} as const;

/** struct itimerval. */
export const ITIMERVAL_LAYOUT = {
  size: 32,
  fields: {
    it_interval_sec: [0, "s64"],
    it_interval_usec: [8, "s64"],
    it_value_sec: [16, "s64"],
    it_value_usec: [24, "s64"],
  },
} as const;

/** struct tms, of times(2), in ticks of 1/100 s. */
export const TMS_LAYOUT = {
  size: 32,
  fields: {
    tms_utime: [0, "s64"],
    tms_stime: [8, "s64"],
    tms_cutime: [16, "s64"],
    tms_cstime: [24, "s64"],
  },
} as const;

/** utimensat's tv_nsec values: values of linux/stat.h, <sys/stat.h>. */
export const UTIME_NOW = 0x3fffffff;
export const UTIME_OMIT = 0x3ffffffe;
