/**
 * struct rusage, as wait4(2), waitid(2) and getrusage(2) fill it in.
 *
 * Source: getrusage(2); kernel/sys.c of 6.1. Left out: faults, block and message counts, which are 0.
 */
import { structBytes } from "../abi/struct.ts";
import { RUSAGE_LAYOUT } from "../abi/wait.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import type { ResourceUsage } from "../task/cpu-time.ts";
import type { Task } from "../task/task.ts";
import { writeBytes } from "../task/user-data.ts";

const seconds = (ns: number): number => Math.floor(ns / 1e9);
const microseconds = (ns: number): number => Math.floor((ns % 1e9) / 1e3);

/** 0 or -EFAULT. */
export function writeRusage(t: Task, address: number, usage: ResourceUsage): number {
  return writeBytes(
    t,
    address,
    structBytes(RUSAGE_LAYOUT, {
      ru_utime_sec: seconds(usage.userNs),
      ru_utime_usec: microseconds(usage.userNs),
      ru_stime_sec: seconds(usage.systemNs),
      ru_stime_usec: microseconds(usage.systemNs),
      ru_maxrss: (usage.residentPages * PAGE_SIZE) / 1024,
      ru_nvcsw: usage.voluntarySwitches,
      ru_nivcsw: usage.involuntarySwitches,
    }),
  );
}
