/**
 * Resource limits of a process: a soft one that counts, a hard one up to which it may be raised.
 *
 * Source: getrlimit(2); include/asm-generic/resource.h (INIT_RLIMITS) of Linux 6.1, the figures that
 * follow memory for a machine of 2 GiB. Infinity is JavaScript's.
 */
import {
  RLIMIT_CORE,
  RLIMIT_MEMLOCK,
  RLIMIT_MSGQUEUE,
  RLIMIT_NICE,
  RLIMIT_NOFILE,
  RLIMIT_NPROC,
  RLIMIT_RTPRIO,
  RLIMIT_SIGPENDING,
  RLIMIT_STACK,
} from "../abi/resource.ts";
import { OPEN_FILES_MAX, STACK_SIZE_MAX_BYTES } from "../lib/limits.ts";
import type { ThreadGroup } from "./task.ts";

export type Rlimit = readonly [soft: number, hard: number];

const { POSITIVE_INFINITY: INFINITE } = Number;
const MEMLOCK_BYTES = 8 * 1024 * 1024;
const THREADS_OF_2_GIB = 7823;

const DEFAULTS: ReadonlyMap<number, Rlimit> = new Map<number, Rlimit>([
  [RLIMIT_STACK, [STACK_SIZE_MAX_BYTES, INFINITE]],
  [RLIMIT_CORE, [0, INFINITE]],
  [RLIMIT_NPROC, [THREADS_OF_2_GIB, THREADS_OF_2_GIB]],
  [RLIMIT_NOFILE, [OPEN_FILES_MAX, 4096]],
  [RLIMIT_MEMLOCK, [MEMLOCK_BYTES, MEMLOCK_BYTES]],
  [RLIMIT_SIGPENDING, [THREADS_OF_2_GIB, THREADS_OF_2_GIB]],
  [RLIMIT_MSGQUEUE, [819_200, 819_200]],
  [RLIMIT_NICE, [0, 0]],
  [RLIMIT_RTPRIO, [0, 0]],
]);

export const rlimitOf = (group: ThreadGroup, resource: number): Rlimit =>
  group.rlimits.get(resource) ?? DEFAULTS.get(resource) ?? [INFINITE, INFINITE];
