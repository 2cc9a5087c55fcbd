import { describe, expect, test } from "vitest";
import { Btf, BtfBuilder, printInstruction, readBtf, writeInstructions } from "#kernel";
import { assemble } from "../../../src/tracers/bytecode/assemble.ts";
import { linkProgram } from "../../../src/tracers/bytecode/link-program.ts";

/** Types of a kernel: structs of four-byte integers, in the order given, and one enum. */
function kernelOf(
  structs: Readonly<Record<string, readonly string[]>>,
  values: Readonly<Record<string, number>> = {},
  size = 4,
): Btf {
  const builder = new BtfBuilder();
  const int = builder.int("unsigned int", size);
  for (const [name, fields] of Object.entries(structs)) {
    const members = fields.map((field, i) => ({ name: field, type: int, bitOffset: 8 * size * i }));
    builder.add({ kind: "struct", name, size: size * fields.length, members });
  }
  const listed = Object.entries(values).map(([name, value]) => ({ name, value }));
  builder.add({ kind: "enum", name: "state", size: 4, values: listed });
  const read = readBtf(builder.bytes());
  if (!(read instanceof Btf)) throw new Error(read);
  return read;
}

const HEAD = `license GPL
struct task { pid: u32; state: u32 }
struct task___new { __state: u32 }
struct gone { x: u32 }
enum state { IDLE, BUSY = 5 }
program p: raw_tp/sched_switch
  r6 = *(u64 *)(r1 + 0)
`;

/** The instruction behind the first one, as it is for that kernel. */
function relocated(line: string, kernel: Btf): readonly string[] {
  const assembled = assemble("p.bpf", `${HEAD}${line}\n  r0 = 0\n  exit\n`);
  if (!assembled.ok) throw new Error(JSON.stringify(assembled.complaints));
  const [program] = assembled.object.programs;
  const linked = program && linkProgram(assembled.object, program, kernel);
  if (linked === undefined || typeof linked === "string") throw new Error(linked);
  const insn = linked.insns[1];
  return [insn === undefined ? "" : printInstruction(insn), ...linked.failures];
}

const KERNEL = kernelOf({ task: ["pid", "state"] }, { IDLE: 0, BUSY: 5 });

describe("a relocation", () => {
  test("leaves a field where it is", () => {
    expect(relocated("r7 = *(u32 *)(r6 + task.state)", KERNEL)).toEqual(["r7 = *(u32 *)(r6 + 4)"]);
  });

  test("follows a field that moved", () => {
    const moved = kernelOf({ task: ["stack", "flags", "state", "pid"] });
    expect(relocated("r7 = *(u32 *)(r6 + task.state)", moved)).toEqual(["r7 = *(u32 *)(r6 + 8)"]);
    expect(relocated("r7 = *(u32 *)(r6 + task.pid)", moved)).toEqual(["r7 = *(u32 *)(r6 + 12)"]);
    expect(relocated("r6 += task.pid", moved)).toEqual(["r6 += 12"]);
  });

  test("reads a field in the width that it has now", () => {
    const wide = kernelOf({ task: ["pid", "state"] }, {}, 8);
    expect(relocated("r7 = *(u32 *)(r6 + task.state)", wide)).toEqual(["r7 = *(u64 *)(r6 + 8)"]);
    expect(relocated("r7 = size(task.state)", wide)).toEqual(["r7 = 8"]);
  });

  test("poisons what reads a field that is gone", () => {
    const renamed = kernelOf({ task: ["pid", "__state"] });
    expect(relocated("r7 = *(u32 *)(r6 + task.state)", renamed)).toEqual([
      "call 195896080",
      "failed to resolve CO-RE relocation <byte_off> struct task.state",
    ]);
  });

  test("says whether a field is there, under either name", () => {
    const renamed = kernelOf({ task: ["pid", "__state"] });
    expect(relocated("r7 = exists(task.state)", KERNEL)).toEqual(["r7 = 1"]);
    expect(relocated("r7 = exists(task.state)", renamed)).toEqual(["r7 = 0"]);
    expect(relocated("r7 = exists(task___new.__state)", KERNEL)).toEqual(["r7 = 0"]);
    expect(relocated("r7 = exists(task___new.__state)", renamed)).toEqual(["r7 = 1"]);
    expect(relocated("r7 = *(u32 *)(r6 + task___new.__state)", renamed)).toEqual([
      "r7 = *(u32 *)(r6 + 4)",
    ]);
  });

  test("says whether a type is there, and how large it is", () => {
    expect(relocated("r7 = type_exists(gone)", KERNEL)).toEqual(["r7 = 0"]);
    expect(relocated("r7 = type_exists(task)", KERNEL)).toEqual(["r7 = 1"]);
    expect(relocated("r7 = type_size(task)", KERNEL)).toEqual(["r7 = 8"]);
  });

  test("follows a constant that was renumbered, and knows one that is gone", () => {
    const renumbered = kernelOf({}, { BUSY: 2, IDLE: 1 });
    expect(relocated("r7 = enum_value(state.BUSY)", KERNEL)).toEqual(["r7 = 5"]);
    expect(relocated("r7 = enum_value(state.BUSY)", renumbered)).toEqual(["r7 = 2"]);
    expect(relocated("r7 = enum_exists(state.BUSY)", kernelOf({}))).toEqual(["r7 = 0"]);
  });

  test("does not see that a field means something else now", () => {
    // Ticks became nanoseconds, say: the name and the type are the same.
    const now = kernelOf({ task: ["pid", "state"] });
    const line = "r7 = *(u32 *)(r6 + task.state)";
    expect(relocated(line, now)).toEqual(relocated(line, KERNEL));
  });
});

describe("a source that is none", () => {
  test.each([
    ["program p: raw_tp/x\n  exit\n", "p.bpf:1: no license: `license GPL`"],
    ["license GPL\n", "p.bpf:1: no program: `program NAME: tp_btf/EVENT`"],
    ["license GPL\nr0 = 0\n", "p.bpf:2: neither license, struct, map nor program: r0 = 0"],
    ["license GPL\nmap m: tree, key 4, value 4, 1 entries\n", "p.bpf:2: no kind of map: tree"],
    [
      "license GPL\nprogram p: raw_tp/x\n  r0 = task.pid\n  exit\n",
      "p.bpf:3: unknown name task.pid",
    ],
    ["license GPL\nprogram p: raw_tp/x\n  call bpf_fly\n  exit\n", "p.bpf:3: unknown name bpf_fly"],
    ["license GPL\nprogram p: raw_tp/x\n  r1 = m ll\n  exit\n", "p.bpf:3: unknown name m"],
    ["license GPL\nprogram p: raw_tp/x\n  goto out\n  exit\n", "p.bpf:3: unknown name out"],
    ["license GPL\nprogram p: raw_tp/x\n  r1 = + 5\n  exit\n", "p.bpf:3: no instruction: r1 = + 5"],
    ["license GPL\nstruct s { x: widget }\n", "p.bpf:2: no member: x: widget"],
  ])("%j", (source, complaint) => {
    const assembled = assemble("p.bpf", source);
    const told = assembled.ok
      ? []
      : assembled.complaints.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    expect(told.some((each) => each.startsWith(complaint))).toBe(true);
  });
});

test("an object is the same bytes every time", () => {
  const make = (): Uint8Array => {
    const assembled = assemble("p.bpf", `${HEAD}  r0 = 0\n  exit\n`);
    return assembled.ok ? assembled.object.btf : writeInstructions([]);
  };
  expect(make()).toEqual(make());
});
