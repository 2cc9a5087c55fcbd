import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KernelEvent } from "#kernel";
import { applyEvent, initialState } from "../../../src/ui/tui/fold.ts";
import { FoldIndex } from "../../../src/ui/tui/fold-index.ts";
import { EventScript, fakeSession } from "./fake-session.ts";

const tid = fc.integer({ min: 1, max: 6 });
const text = fc.constantFrom("a\n", "longer text", "\r", "\b", "\x1b[1mbold\x1b[0m\n", "\x1b[");

/** Any event that the fold looks at, with arguments that need not make sense together. */
const anyEvent: fc.Arbitrary<Partial<KernelEvent>> = fc.oneof(
  fc.record({ kind: fc.constant("task-new"), child: tid, tgid: tid, flags: tid, comm: text }),
  fc.record({
    kind: fc.constant("task-state"),
    task: tid,
    state: fc.constantFrom("R", "S", "t", "Z", "X"),
  }),
  fc.record({ kind: fc.constant("exec"), path: text, argv: text, formerTid: tid }),
  fc.record({ kind: fc.constant("exit"), status: tid }),
  fc.record({ kind: fc.constant("reap"), child: tid, status: tid }),
  fc.record({ kind: fc.constant("ptrace-attach"), tracee: tid, how: text }),
  fc.record({ kind: fc.constant("ptrace-detach"), tracee: tid }),
  fc.record({ kind: fc.constant("tty-write"), text }),
  fc.record({ kind: fc.constant("printk"), level: tid, text }),
  fc.record({
    kind: fc.constant("probe-attach"),
    target: tid,
    address: tid,
    what: text,
    owner: text,
  }),
  fc.record({
    kind: fc.constant("probe-detach"),
    target: tid,
    address: tid,
    what: text,
    owner: text,
  }),
  fc.record({ kind: fc.constant("boot"), release: text, seed: tid }),
  fc.record({ kind: fc.constant("switch"), prev: tid }),
) as fc.Arbitrary<Partial<KernelEvent>>;

function stamped(drafts: readonly Partial<KernelEvent>[]): KernelEvent[] {
  return drafts.map(
    (draft, seq) => ({ seq, t: seq * 7, tid: 1 + (seq % 6), ...draft }) as KernelEvent,
  );
}

function fromScratch(events: readonly KernelEvent[], position: number) {
  const state = initialState();
  for (const event of events.slice(0, position)) applyEvent(state, event);
  return state;
}

describe("the fold", () => {
  it("gives the same state from a checkpoint as from the start, in any order of asking", () => {
    // A thousand events make a checkpoint: the drafts are repeated until there are three of them.
    fc.assert(
      fc.property(
        fc.array(anyEvent, { minLength: 1, maxLength: 40 }),
        fc.array(fc.nat(3500), { minLength: 1, maxLength: 6 }),
        (drafts, positions) => {
          const repeated = Array.from({ length: 3500 }, (_, i) => drafts[i % drafts.length] ?? {});
          const events = stamped(repeated);
          const index = new FoldIndex(events);
          for (const position of positions) {
            expect(index.at(position)).toEqual(fromScratch(events, position));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it("follows a log that grows", () => {
    const script = new EventScript();
    const index = new FoldIndex(script.events);
    script.add("task-new", { child: 1, tgid: 1, flags: 0, comm: "init" });
    expect(index.at(9).tasks.size).toBe(1);
    script.tid = 1;
    script.add("task-new", { child: 2, tgid: 2, flags: 0, comm: "sh" });
    expect(index.at(9).tasks.get(2)?.parent).toBe(1);
    expect(index.at(1).tasks.size).toBe(1);
  });

  it("names the parent as the tracer of a task that asked to be traced", async () => {
    const { client, player } = fakeSession();
    await player?.start();
    await player?.next();
    await player?.next();
    const stop = client.events.findIndex((event) => event.kind === "ptrace-attach");
    const state = new FoldIndex(client.events).at(stop + 1);
    expect(state.tasks.get(4)).toMatchObject({ tracer: 3, parent: 3 });
  });

  it("lets a tracer's death end its tracing and hands its children to init", () => {
    const script = new EventScript();
    script.add("task-new", { child: 1, tgid: 1, flags: 0, comm: "init" });
    script.tid = 1;
    script.add("task-new", { child: 2, tgid: 2, flags: 0, comm: "strace" });
    script.tid = 2;
    script.add("task-new", { child: 3, tgid: 3, flags: 0, comm: "cat" });
    script.add("ptrace-attach", { tracee: 3, how: "seize" }).add("exit", { status: 9 });
    expect(new FoldIndex(script.events).at(99).tasks.get(3)).toMatchObject({
      tracer: 0,
      parent: 1,
    });
  });

  it("forgets tasks, probes and log at a reboot, but not what the terminal showed", () => {
    const script = new EventScript();
    script.add("boot", { release: "a", seed: 1 }).print("hello\n");
    script.add("printk", { level: 6, text: "old" });
    script.add("boot", { release: "b", seed: 1 });
    const state = new FoldIndex(script.events).at(99);
    expect(state).toMatchObject({ release: "b", boots: 2, kernelLog: [] });
    expect(state.console.lines).toEqual(["hello", ""]);
  });
});
