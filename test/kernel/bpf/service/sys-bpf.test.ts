import { describe, expect, test } from "vitest";
import {
  E2BIG,
  EACCES,
  EBADF,
  EEXIST,
  EFAULT,
  EINVAL,
  ENOENT,
  ENOSYS,
  EPERM,
  SYSCALL_NUMBERS,
} from "#abi";
import { boot, writeInstructions } from "#kernel";
import { defineProgram, type Sys, type UserCall } from "#userland";
import {
  COST_BPF_HELPER_NS,
  COST_BPF_INSN_NS,
  COST_CALLBACK_NS,
  COST_SYSCALL_NS,
} from "../../../../src/kernel/hw/costs.ts";
import { bpf, perfEventOpen } from "../../../../src/tracers/bytecode/bpf-calls.ts";
import { assembleLines } from "../../../support/bpf-program.ts";
import { imageOf } from "../../../support/images.ts";

type Field = readonly [number, 4 | 8, number];

/** What a program of pid 1 finds on a release. */
function onRelease<T>(tag: string, run: (sys: Sys) => UserCall<T>): T | undefined {
  let found: T | undefined;
  const init = defineProgram("init", function* (p) {
    found = yield* run(p.sys);
    yield* p.sys.call(SYSCALL_NUMBERS.reboot, 0xfee1dead, 672274793, 0x4321fedc);
    return 0;
  });
  const machine = boot({
    image: imageOf(tag),
    seed: 1,
    root: { "/sbin/init": init, "/tmp": { dir: true } },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
  });
  machine.slice({ untilNs: 1e9, eventsMax: 100_000, atInput: true });
  return found;
}

const map = (sys: Sys, type: number, key: number, value: number, entries: number): UserCall =>
  bpf(sys, "BPF_MAP_CREATE", [
    [0, 4, type],
    [4, 4, key],
    [8, 4, value],
    [12, 4, entries],
  ]);

/** One element command on a map with 4-byte keys and 8-byte values. */
function* element(
  sys: Sys,
  command: "BPF_MAP_LOOKUP_ELEM" | "BPF_MAP_UPDATE_ELEM" | "BPF_MAP_DELETE_ELEM",
  fd: number,
  key: number,
  value = 0,
  flags = 0,
): UserCall<readonly [result: number, value: number]> {
  const mark = sys.mark();
  const keyAt = sys.push(4);
  const valueAt = sys.push(8);
  sys.mem.store32(keyAt, key);
  sys.mem.store64(valueAt, value);
  const fields: readonly Field[] = [
    [0, 4, fd],
    [8, 8, keyAt],
    [16, 8, valueAt],
    [24, 8, flags],
  ];
  const result = yield* bpf(sys, command, fields);
  const found = sys.mem.load64(valueAt);
  sys.popTo(mark);
  return [result, found];
}

/** Loads a program of these lines as a raw tracepoint's. */
function* load(sys: Sys, lines: string, type = 17): UserCall {
  const mark = sys.mark();
  const insns = assembleLines(lines);
  const code = sys.pushBytes(writeInstructions(insns));
  const license = sys.pushString("GPL");
  const fd = yield* bpf(sys, "BPF_PROG_LOAD", [
    [0, 4, type],
    [4, 4, insns.length],
    [8, 8, code],
    [16, 8, license],
  ]);
  sys.popTo(mark);
  return fd;
}

/** Hangs a program on a raw tracepoint. */
function* hang(sys: Sys, program: number, tracepoint: string): UserCall {
  const mark = sys.mark();
  const name: Field = [0, 8, sys.pushString(tracepoint)];
  const fd = yield* bpf(sys, "BPF_RAW_TRACEPOINT_OPEN", [name, [8, 4, program]]);
  sys.popTo(mark);
  return fd;
}

describe("bpf(2)", () => {
  test("is not there before the release that has it", () => {
    expect(onRelease("v4.11", (sys) => bpf(sys, "BPF_MAP_CREATE", []))).toBe(-ENOSYS);
  });

  test("is for those with CAP_BPF", () => {
    const seen = onRelease("v5.7", function* (sys) {
      yield* sys.setuid(1000);
      return yield* map(sys, 1, 4, 8, 1);
    });
    expect(seen).toBe(-EPERM);
  });

  test("refuses what it does not have, and shapes that no map can have", () => {
    const seen = onRelease("v5.7", function* (sys) {
      const results = [yield* bpf(sys, "BPF_OBJ_PIN", []), yield* map(sys, 99, 4, 8, 1)];
      results.push(yield* map(sys, 1, 0, 8, 1), yield* map(sys, 2, 8, 8, 1));
      results.push(yield* map(sys, 1, 4, 8, 0), yield* map(sys, 1, 600, 8, 1));
      results.push(yield* sys.call(SYSCALL_NUMBERS.bpf, 0, 16, 8));
      results.push(...(yield* element(sys, "BPF_MAP_LOOKUP_ELEM", 77, 1)));
      return results;
    });
    const refused = [-EINVAL, -EINVAL, -EINVAL, -EINVAL, -EINVAL, -E2BIG, -EFAULT, -EBADF, 0];
    expect(seen).toEqual(refused);
  });

  test("a hash map holds what is put there, no more than it has room for", () => {
    const seen = onRelease("v5.7", function* (sys) {
      const fd = yield* map(sys, 1, 4, 8, 2);
      const [update, lookup] = ["BPF_MAP_UPDATE_ELEM", "BPF_MAP_LOOKUP_ELEM"] as const;
      const results = [yield* element(sys, lookup, fd, 1)];
      results.push(yield* element(sys, update, fd, 1, 11), yield* element(sys, update, fd, 2, 22));
      results.push(
        yield* element(sys, update, fd, 3, 33),
        yield* element(sys, update, fd, 1, 5, 1),
      );
      results.push(yield* element(sys, lookup, fd, 2));
      results.push(yield* element(sys, "BPF_MAP_DELETE_ELEM", fd, 2));
      results.push(yield* element(sys, update, fd, 3, 33), yield* element(sys, lookup, fd, 3));
      return results;
    });
    expect(seen?.map(([result]) => result)).toEqual([
      ...[-ENOENT, 0, 0, -E2BIG, -EEXIST],
      ...[0, 0, 0, 0],
    ]);
    expect(seen?.[5]?.[1]).toBe(22);
    expect(seen?.[8]?.[1]).toBe(33);
  });

  test("an array has all its elements from the start, and loses none", () => {
    const seen = onRelease("v5.7", function* (sys) {
      const fd = yield* map(sys, 2, 4, 8, 2);
      const results = [yield* element(sys, "BPF_MAP_LOOKUP_ELEM", fd, 1, 9)];
      results.push(yield* element(sys, "BPF_MAP_LOOKUP_ELEM", fd, 2));
      results.push(yield* element(sys, "BPF_MAP_UPDATE_ELEM", fd, 2, 1));
      results.push(yield* element(sys, "BPF_MAP_DELETE_ELEM", fd, 1));
      return results.map(([result]) => result);
    });
    expect(seen).toEqual([0, -ENOENT, -E2BIG, -EINVAL]);
  });
});

describe("a program", () => {
  test("is loaded, or refused by the verifier, and hung where there is something", () => {
    const seen = onRelease("v5.7", function* (sys) {
      const refused = yield* load(sys, "r0 = *(u64 *)(r1 + 96)\nexit");
      const unknown = yield* load(sys, "r0 = 0\nexit", 3);
      const program = yield* load(sys, "r0 = 0\nexit");
      const missing = yield* hang(sys, program, "no_such_event");
      const there = yield* hang(sys, program, "sched_switch");
      const event = yield* perfEventOpen(sys, 2, 999, 0);
      return [refused, unknown, program > 0, missing, there > 0, event];
    });
    expect(seen).toEqual([-EACCES, -EINVAL, true, -ENOENT, true, -EINVAL]);
  });

  test("takes time when it runs: its call, each instruction, each helper", () => {
    const callNs = (lines: string): number | undefined =>
      onRelease("v5.7", function* (sys) {
        const program = yield* load(sys, lines);
        yield* hang(sys, program, "sys_enter");
        const before = yield* sys.clockGettime();
        return (yield* sys.clockGettime()) - before;
      });
    // Of two calls the second's entry is between the two times.
    const short = callNs("r0 = 0\nexit") ?? 0;
    // The tree's own steps on the way to the program are in it, too.
    expect(short).toBeGreaterThan(COST_SYSCALL_NS + COST_CALLBACK_NS + 2 * COST_BPF_INSN_NS);
    const long = `r0 = 0\n${"r0 += 1\n".repeat(100)}exit`;
    expect(callNs(long)).toBe(short + 100 * COST_BPF_INSN_NS);
    expect(callNs("call 5\nr0 = 0\nexit")).toBe(short + COST_BPF_INSN_NS + COST_BPF_HELPER_NS);
  });
});
