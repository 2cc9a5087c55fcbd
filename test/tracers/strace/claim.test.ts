import fc from "fast-check";
import { expect, test } from "vitest";
import { boot, decodeUtf8 } from "#kernel";
import { judgeReport, STRACE_TRACER } from "#tracers";
import { userlandRoot } from "#userland";
import { EMPTY_RELEASE } from "../../support/bare-machine.ts";

/** One run of the shipped workload: what was claimed and what was reported. */
function watch(seed: number): { claimed: readonly string[]; reported: readonly string[] } {
  if (STRACE_TRACER.house !== "rock") throw new Error("strace is a program");
  const script = `TRACE="/usr/bin/strace -o /tmp/report"\n${STRACE_TRACER.workload}\npoweroff\n`;
  const machine = boot({
    image: EMPTY_RELEASE,
    seed,
    root: { ...userlandRoot(), "/usr/bin/strace": STRACE_TRACER.main, "/root/w": script },
    evaluate: () => undefined,
    init: ["/sbin/init", "/bin/sh", "/root/w"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 60e9, eventsMax: 1e6, atInput: true });
  const { events } = machine.log;
  const reported = decodeUtf8(machine.readFile("/tmp/report") ?? [])
    .split("\n")
    .slice(0, -1);
  return { claimed: STRACE_TRACER.claim({ events, watched: events }), reported };
}

test("strace reports what its claim makes of the history, under any seed", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const { claimed, reported } = watch(seed);
    expect(claimed.length).toBeGreaterThan(6);
    expect(reported).toEqual(claimed);
  }
});

test("a report with a line dropped, doubled or altered is not believed", () => {
  const { claimed, reported } = watch(1);
  fc.assert(
    fc.property(
      fc.nat(reported.length - 1),
      fc.constantFrom("drop", "double", "alter"),
      fc.nat(),
      (at, how, place) => {
        const line = reported[at] ?? "";
        const index = place % line.length;
        const altered = `${line.slice(0, index)}#${line.slice(index + 1)}`;
        const put = how === "drop" ? [] : how === "double" ? [line, line] : [altered];
        const forged = [...reported.slice(0, at), ...put, ...reported.slice(at + 1)];
        expect(judgeReport(claimed, forged)).not.toBe("works");
      },
    ),
  );
});
