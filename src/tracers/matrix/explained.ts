/**
 * What no comparison of headers foretells, a sentence each: the tracer, the patch from which on run and
 * prediction differ, and why. A test holds the list against the whole matrix: a difference that is
 * not here is either a mistake of the prediction or a story that wants to be told, and a line that
 * nothing bears out has to go.
 */
export interface Explained {
  readonly tracer: string;
  /** The patch's number. */
  readonly patch: string;
  readonly why: string;
}

export const EXPLAINED: readonly Explained[] = [
  {
    tracer: "counter",
    patch: "0105",
    why: "the callbacks have another prototype, but this tracer reads no argument behind the one that came or went",
  },
  {
    tracer: "counter",
    patch: "0201",
    why: "report_exit is called with the engine's lock held, and detaching in it takes that lock again: no prototype says what is held",
  },
  {
    tracer: "fdwatch",
    patch: "0005",
    why: "probes of the syscall tracepoints may now be preempted: its table has no lock, and notes get lost",
  },
  {
    tracer: "firstreport",
    patch: "0104",
    why: "attaching no longer brings a first report: the tracer waits for one to set its events, and it never comes",
  },
];
