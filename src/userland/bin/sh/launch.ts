/**
 * Child processes of a shell. Where a shell in C would fork and go on in the child, this one starts
 * its own entry `child` with an order: what to run, in which process group, on which descriptors.
 * The order is JSON on the stack, which the child finds in its copy of the memory.
 *
 * Source: POSIX.1-2017, XCU 2.12 "Shell Execution Environment"; the order of steps is dash's
 * forkchild().
 */
import {
  O_RDONLY,
  SIG_DFL,
  SIG_IGN,
  SIGINT,
  SIGQUIT,
  SIGTERM,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
} from "#abi";
import type { Proc } from "../../libc/proc.ts";
import type { UserCall } from "../../libc/trap.ts";
import type { Node } from "./ast.ts";
import type { ResolvedRedirect } from "./redirect.ts";
import type { SavedState, Shell } from "./state.ts";

/** Signals that an interactive shell keeps from itself and gives back to its children. */
export const JOB_CONTROL_SIGNALS: readonly number[] = [
  SIGINT,
  SIGQUIT,
  SIGTERM,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
];

export type ChildWork =
  | {
      readonly kind: "exec";
      readonly argv: readonly string[];
      readonly env: readonly string[];
      readonly redirects: readonly ResolvedRedirect[];
    }
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "script"; readonly text: string };

export interface ChildPlace {
  /** Descriptors to duplicate, in order, as `[from, to]`. */
  readonly dups: readonly (readonly [from: number, to: number])[];
  readonly closes: readonly number[];
  /** Process group to join; 0 starts one, null stays. */
  readonly pgid: number | null;
  /** Descriptor of the terminal that the child's group takes, or null. */
  readonly terminal: number | null;
  /** A `&` without job control: no keyboard signals, no terminal input. */
  readonly detached: boolean;
}

export interface ChildOrder {
  readonly work: ChildWork;
  readonly place: ChildPlace;
  readonly saved: SavedState;
  readonly jobControl: boolean;
}

/** Starts a child; answers its pid, or -errno. */
export function* launch(sh: Shell, work: ChildWork, place: ChildPlace): UserCall {
  const { sys } = sh.p;
  const order: ChildOrder = { work, place, saved: sh.save(), jobControl: sh.jobControl };
  const mark = sys.mark();
  const pid = yield* sys.spawn(sh.p.entry("child"), sys.pushString(JSON.stringify(order)));
  sys.popTo(mark);
  if (pid < 0) {
    yield* sh.p.error(`${sh.name}: can't fork: ${sh.p.strerror(pid)}\n`);
  } else if (place.pgid !== null) {
    // Parent and child both do this: whichever runs first, the group exists before it is used.
    yield* sys.setpgid(pid, place.pgid === 0 ? pid : place.pgid);
  }
  return pid;
}

/** The child's first steps: group, terminal, signals, descriptors. */
export function* takePlace(p: Proc, order: ChildOrder): UserCall<void> {
  const { place, jobControl } = order;
  const { sys } = p;
  if (place.pgid !== null) yield* sys.setpgid(0, place.pgid);
  if (place.terminal !== null) {
    // SIGTTOU is still ignored here, so a background group may do this.
    yield* sys.tcsetpgrp(
      place.terminal,
      place.pgid === 0 ? yield* sys.getpid() : (place.pgid ?? 0),
    );
  }
  if (jobControl) {
    for (const sig of JOB_CONTROL_SIGNALS) yield* sys.sigaction(sig, { handler: SIG_DFL });
  }
  if (place.detached) {
    yield* sys.sigaction(SIGINT, { handler: SIG_IGN });
    yield* sys.sigaction(SIGQUIT, { handler: SIG_IGN });
    const fd = yield* sys.open("/dev/null", O_RDONLY);
    if (fd > 0) {
      yield* sys.dup3(fd, 0);
      yield* sys.close(fd);
    }
  }
  for (const [from, to] of place.dups) yield* sys.dup3(from, to);
  for (const fd of place.closes) yield* sys.close(fd);
}
