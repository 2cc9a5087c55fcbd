/**
 * What no comparison of headers foretells, a sentence each: the tracer, the patch from which on run and
 * prediction differ, and why. A test holds the list against the whole matrix: a difference that is
 * not here is either a mistake of the prediction or a story that wants to be told, and a line that
 * nothing bears out has to go.
 */
export interface Explained {
  readonly tracer: string;
  /** The patch's number, or `config NAME`. */
  readonly patch: string;
  readonly why: string;
}

export const EXPLAINED: readonly Explained[] = [
  {
    tracer: "acct",
    patch: "0011",
    why: "utime is counted in nanoseconds: the same name, the same type, and a hundredth of a second is ten million of them",
  },
  {
    tracer: "callmix",
    patch: "0018",
    why: "nothing that it uses has changed: the build asks for -Wimplicit-fallthrough and takes warnings for errors",
  },
  {
    tracer: "careful",
    patch: "0004",
    why: "the state has another name and lies where it lay: a file that was built before reads the right bytes",
  },
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
    tracer: "cswatch",
    patch: "0019",
    why: "the probe hangs there as an address, and nobody compares its arguments: prev is now the state, a small number",
  },
  {
    tracer: "epitaph",
    patch: "0110",
    why: "it wants the thread for itself, and a debugger on it is an engine now: the call is the same, and says EEXIST",
  },
  {
    tracer: "family",
    patch: "0023",
    why: "the inline now calls an export for GPL modules, which a rebuild is refused; the file that was built before carries the old body and goes on",
  },
  {
    tracer: "execlog",
    patch: "0014",
    why: "struct kretprobe has grown at its end: no member that it uses has moved, but it hands the kernel one of its own, of the old size, and the kernel writes behind it",
  },
  {
    tracer: "fdwatch",
    patch: "0005",
    why: "probes of the syscall tracepoints may now be preempted: its table has no lock, and notes get lost",
  },
  ...["callmix", "fdwatch", "heldfiles", "latency"].map((tracer) => ({
    tracer,
    patch: "config up",
    why: "this kernel has no tracepoints of system calls: a module looks for them by name, and only when it runs",
  })),
  {
    tracer: "firstreport",
    patch: "0104",
    why: "attaching no longer brings a first report: the tracer waits for one to set its events, and it never comes",
  },
  {
    tracer: "lifelog",
    patch: "0006",
    why: "before, a probe is told nothing of its group: the third argument is whatever nobody passed, and it counts no group that died",
  },
  {
    tracer: "poker",
    patch: "0004",
    why: "the state has another name and lies where it lay: built for 5.14, it reads the right bytes before, too",
  },
  {
    tracer: "secprod",
    patch: "0091",
    why: "the table that it overwrites is write-protected: it is not a symbol that anybody offers, so that no header tells",
  },
  {
    tracer: "uidwatch",
    patch: "0010",
    why: "the uid is in a structure of its own now, but lies where it lay: only the source does not know it any more",
  },
  {
    tracer: "heartbeat",
    patch: "0013",
    why: "forced in, it is handed the timer where its data should be; the timer is the first member of what it wants, and the address is the same",
  },
  {
    tracer: "kopen",
    patch: "0021",
    why: "do_sys_open() is compiled into its callers: no header had it, and a probe finds no such function",
  },
  {
    tracer: "opensnoop",
    patch: "0021",
    why: "do_sys_open() is compiled into its callers: no type changed, and there is no such function to hang a program on",
  },
  {
    tracer: "vercheck",
    patch: "0204",
    why: "its probe is called with one argument more than it was built for, and does not look at it",
  },
  {
    tracer: "heldfiles",
    patch: "0025",
    why: "fcheck() takes a reference under the same name and prototype: the module does not know, does not put it, and counts its own",
  },
  {
    tracer: "execlog",
    patch: "0031",
    why: "do_execve() is compiled into its callers: no header had it, and a probe finds no such function",
  },
];
