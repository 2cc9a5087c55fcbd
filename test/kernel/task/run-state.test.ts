import { describe, expect, test } from "vitest";
import { type RunState, STATE_LETTERS, TRANSITIONS } from "../../../src/kernel/task/run-state.ts";

const STATES = Object.keys(TRANSITIONS) as RunState[];

describe("run states", () => {
  test("every living state leads to death, and death leads nowhere", () => {
    const reach = (from: RunState, seen = new Set<RunState>()): Set<RunState> => {
      for (const next of TRANSITIONS[from]) if (!seen.has(next)) reach(next, seen.add(next));
      return seen;
    };
    for (const state of STATES.filter((s) => s !== "dead")) expect(reach(state)).toContain("dead");
    expect(TRANSITIONS.dead).toEqual([]);
  });

  test("only a running task can become a zombie", () => {
    expect(STATES.filter((state) => TRANSITIONS[state].includes("zombie"))).toEqual(["running"]);
  });

  test("have the letters of proc(5), all different", () => {
    expect(new Set(Object.values(STATE_LETTERS)).size).toBe(STATES.length);
  });
});
