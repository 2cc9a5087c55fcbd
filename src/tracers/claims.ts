/**
 * What most claims begin with: the part of the history in which a tracer's probe hung where it was
 * hung. The machine writes down when a probe comes and goes; what the tracer says about it is not
 * asked.
 */
import type { EventOf, KernelEvent } from "#kernel";

/** A probe's life. */
export interface Probed {
  /** The task it hung on; 0 is every task. */
  readonly target: number;
  /** Everything between its coming and its going. */
  readonly events: readonly KernelEvent[];
}

/** The first probe of module `owner`, on the place called `what` if that is given. */
export function probedBy(
  events: readonly KernelEvent[],
  owner: string,
  what?: string,
): Probed | undefined {
  const from = events.findIndex(
    (event) =>
      event.kind === "probe-attach" &&
      event.owner === owner &&
      (what === undefined || event.what === what),
  );
  if (from < 0) return undefined;
  const attach = events[from] as EventOf<"probe-attach">;
  const to = events.findIndex(
    (event, index) =>
      index > from &&
      event.kind === "probe-detach" &&
      event.address === attach.address &&
      event.target === attach.target,
  );
  return { target: attach.target, events: events.slice(from, to < 0 ? undefined : to) };
}

/** System calls that the probe's target entered. */
export function callsEntered({ target, events }: Probed): readonly EventOf<"syscall-enter">[] {
  return events.filter(
    (event): event is EventOf<"syscall-enter"> =>
      event.kind === "syscall-enter" && (target === 0 || event.tid === target),
  );
}

/** Numbers of the calls that the probe's target entered, in ascending order. */
export function callNumbers(probed: Probed): readonly number[] {
  return [...new Set(callsEntered(probed).map(({ nr }) => nr))].sort((a, b) => a - b);
}
