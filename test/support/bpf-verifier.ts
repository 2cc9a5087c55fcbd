import type { HelperHost } from "../../src/kernel/bpf/helpers/helper.ts";
import { HELPERS, helperByName, helperByNumber } from "../../src/kernel/bpf/helpers/table.ts";
import type { Instruction } from "../../src/kernel/bpf/isa/instruction.ts";
import { parseInstruction } from "../../src/kernel/bpf/isa/parse.ts";
import { makeMap } from "../../src/kernel/bpf/maps/make-map.ts";
import type { ProgramShape } from "../../src/kernel/bpf/verifier/signature.ts";
import type { MapShape } from "../../src/kernel/bpf/verifier/state.ts";
import { type Verified, verify } from "../../src/kernel/bpf/verifier/verify.ts";
import { BpfMachine } from "../../src/kernel/bpf/vm/machine.ts";
import { Kmem } from "../../src/kernel/kmem/kmem.ts";
import type { Task } from "../../src/kernel/task/task.ts";

export const CONTEXT_SIZE = 64;

/** A context of 64 bytes that are all numbers. */
export const PLAIN_SHAPE: ProgramShape = {
  readContext: (off, size) =>
    off >= 0 && off + size <= CONTEXT_SIZE && off % size === 0
      ? { kind: "scalar" }
      : { kind: "problem" },
  helper: helperByNumber,
  helperName: (number) => helperByNumber(number)?.name ?? "unknown",
};

export const TEST_MAPS: readonly MapShape[] = [
  { name: "hash", type: 1, keySize: 4, valueSize: 16, maxEntries: 8 },
  { name: "array", type: 2, keySize: 4, valueSize: 64, maxEntries: 4 },
];

/** Lines of assembly with labels, helper names and the maps above. */
export function assembleProgram(text: string): Instruction[] {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/;.*$/, "").trim())
    .filter((line) => line !== "");
  const labels = new Map<string, number>();
  let slot = 0;
  for (const line of lines) {
    if (line.endsWith(":")) labels.set(line.slice(0, -1), slot);
    else slot += line.endsWith(" ll") ? 2 : 1;
  }
  const insns: Instruction[] = [];
  for (const line of lines) {
    if (line.endsWith(":")) continue;
    const at = insns.length;
    insns.push(
      ...parseInstruction(line, (name, use) => {
        if (use === "helper") return helperByName(name)?.number;
        if (use === "map") return TEST_MAPS.findIndex((map) => map.name === name);
        const to = labels.get(name);
        return use === "target" && to !== undefined ? to - at - 1 : undefined;
      }),
    );
  }
  return insns;
}

/** What a test lets the verifier walk. */
export const COMPLEXITY_MAX = 5000;

export function verifyPlain(insns: readonly Instruction[], logLinesMax = 0): Verified {
  return verify({
    insns,
    shape: PLAIN_SHAPE,
    mapAt: (slot) => TEST_MAPS[insns[slot]?.imm ?? -1],
    btf: undefined,
    sources: new Map(),
    isGpl: true,
    logLinesMax,
    complexityMax: COMPLEXITY_MAX,
  });
}

/** Runs an accepted program on a context of these bytes. */
export function runVerified(
  insns: readonly Instruction[],
  context: Uint8Array,
  limit: number,
  walked?: ReadonlySet<number>,
): number {
  const memory = new Kmem({});
  const maps = TEST_MAPS.map((shape) => {
    const map = makeMap(memory, shape, 0);
    if (typeof map === "number") throw new Error(`no map: ${map}`);
    return map;
  });
  const task = { tid: 7, tgid: 7, comm: "fuzz", cred: { uid: 0, gid: 0 }, mm: undefined };
  const host: HelperHost = {
    memory,
    mapAt: (address) => {
      const found = maps.find((map) => map.address === address);
      if (found === undefined) throw new Error(`no map at ${address}`);
      return found;
    },
    currentTask: () => task as unknown as Task,
    taskAddress: () => maps[0]?.address ?? 0,
    nowNs: () => 1,
    random: () => 4,
  };
  const at = memory.alloc(CONTEXT_SIZE, "context", 0);
  memory.writeBytes(at, context);
  const stack = memory.alloc(512, "stack", 0x5a);
  const machine = new BpfMachine(insns, memory, {
    helper: (number) => {
      const row = HELPERS.find((helper) => helper.number === number);
      return row && ((x) => row.run(host, x));
    },
    mapAddress: (slot) => maps[insns[slot]?.imm ?? -1]?.address ?? 0,
    probeLoads: new Set(),
    ...(walked === undefined ? {} : { walked }),
  });
  return machine.run(at, stack + 512, limit);
}
