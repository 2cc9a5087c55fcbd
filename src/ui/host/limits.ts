/**
 * Bounds of the host, with units.
 */

/** Events of one slice: after it the host looks after its own affairs. */
export const SLICE_EVENTS_MAX = 20_000;
/** Virtual time of one slice. */
export const SLICE_NS = 50_000_000;
/** A run that waits for input gives up after this much virtual time... */
export const RUN_NS_MAX = 100_000_000_000;
/** ...or after so many events... */
export const RUN_EVENTS_MAX = 500_000;
/** ...or when its programs have computed for so much virtual time... */
export const RUN_BUSY_NS_MAX = 2_000_000_000;
/** ...or when the console has been written full. */
export const RUN_OUTPUT_MAX_CHARS: number = 1024 * 1024;
/** Reboots of one run: a machine that reboots as it boots is stopped. */
export const REBOOTS_MAX = 16;
/** Nothing heard from a busy worker for so long: it hangs. */
export const WATCHDOG_MS = 10_000;
/** The same of a worker that is at our own work, such as building a kernel on a busy machine. */
export const PATIENCE_MS = 90_000;
/** Statements of a learner's TypeScript in one run; some tenths of a second of an empty loop. */
export const LEARNER_STATEMENTS_MAX = 100_000_000;
/** Heap of the worker in which a learner's tracers run. */
export const TRACER_HEAP_MAX_MIB = 1024;
/** Builds, diffs and cells of earlier runs, in the user's cache; each takes some 8 KiB. */
export const RESULTS_MAX = 20_000;
/** Images of trees that are no release, in the user's cache; each takes some 500 KiB. */
export const IMAGE_CACHE_MAX = 200;
