/**
 * Verdicts: what became of a tracer on a release, decided from what the machine recorded and from
 * the difference between claim and report. No verdict is ever declared.
 */
import type { EventOf, KernelEvent } from "#kernel";

export const VERDICTS = [
  "works",
  "build fails",
  "load refused",
  "attach fails",
  "verifier rejects",
  "denied by policy",
  "misses events",
  "reports wrong data",
  "oops",
  "lockup",
  "panic",
] as const;

export type Verdict = (typeof VERDICTS)[number];

/** The outcome of comparing a report with the claim. */
export type Judgement = "works" | "misses events" | "reports wrong data";

/**
 * Holds a report against what was claimed, line by line and in order. Lines that are simply not there
 * are missed events; anything else that differs is wrong data.
 */
export function judgeReport(claimed: readonly string[], reported: readonly string[]): Judgement {
  if (claimed.length === reported.length && claimed.every((line, i) => line === reported[i]))
    return "works";
  let at = 0;
  for (const line of claimed) if (line === reported[at]) at++;
  return at === reported.length && reported.length < claimed.length
    ? "misses events"
    : "reports wrong data";
}

const EPERM = 1;
const EKEYREJECTED = 129;

const find = <K extends KernelEvent["kind"]>(
  events: readonly KernelEvent[],
  kind: K,
): EventOf<K> | undefined => events.find((event) => event.kind === kind) as EventOf<K> | undefined;

/** What became of a tracer's programs: refused, or without a place to hang. */
export function judgeBytecode(events: readonly KernelEvent[]): Verdict | undefined {
  const refused = events.find((event) => event.kind === "bpf-load" && event.errno !== 0);
  if (refused?.kind === "bpf-load")
    return refused.errno === EPERM ? "denied by policy" : "verifier rejects";
  const loaded = events.filter((event) => event.kind === "bpf-load").length;
  // There is no bpf(2), or the loader did not get as far as calling it.
  if (loaded === 0) return "load refused";
  const attached = events.flatMap((event) => (event.kind === "bpf-attach" ? [event.errno] : []));
  if (attached.includes(EPERM)) return "denied by policy";
  return attached.filter((errno) => errno === 0).length < loaded ? "attach fails" : undefined;
}

/**
 * The kernel did not let a module in: no code of it runs now or later. One whose init failed is another
 * matter, since what it registered before may still be there.
 */
export const wasTurnedAway = (events: readonly KernelEvent[]): boolean => {
  const refused = find(events, "module-refused");
  return refused !== undefined && !isInitFailure(refused);
};

/** Its own init may answer EPERM too; that is no policy of the machine. */
const isInitFailure = ({ reason }: EventOf<"module-refused">): boolean =>
  reason.includes("init failed");

/** What the machine itself says went wrong, worst first; undefined if nothing did. */
export function judgeEvents(events: readonly KernelEvent[]): Verdict | undefined {
  if (find(events, "panic") !== undefined) return "panic";
  if (find(events, "lockup") !== undefined) return "lockup";
  if (find(events, "oops") !== undefined) return "oops";
  const refused = find(events, "module-refused");
  if (refused === undefined) return undefined;
  if (isInitFailure(refused)) return "attach fails";
  const isPolicy = refused.errno === EKEYREJECTED || refused.errno === EPERM;
  return isPolicy ? "denied by policy" : "load refused";
}
