import type { Instruction } from "../../src/kernel/bpf/isa/instruction.ts";
import { parseInstruction } from "../../src/kernel/bpf/isa/parse.ts";
import { BpfMachine } from "../../src/kernel/bpf/vm/machine.ts";
import { Kmem } from "../../src/kernel/kmem/kmem.ts";

/** Assembly without names, a line an instruction. */
export const assembleLines = (text: string): Instruction[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .flatMap((line) => parseInstruction(line, () => undefined));

const REGISTERS = 11;

/** Runs a program without helpers and maps on a stack of its own; registers come as 64-bit words. */
export function runBare(
  insns: readonly Instruction[],
  registers: readonly bigint[] = [],
): { readonly registers: readonly bigint[]; readonly stack: Uint8Array } {
  const memory = new Kmem({});
  const stack = memory.alloc(512, "stack", 0);
  const links = { helper: () => undefined, mapAddress: () => 0, probeLoads: new Set<number>() };
  const machine = new BpfMachine(insns, memory, links);
  registers.forEach((value, r) => {
    machine.x[2 * r] = Number(BigInt.asIntN(32, value));
    machine.x[2 * r + 1] = Number(BigInt.asIntN(32, value >> 32n));
  });
  machine.run(0, stack + 512);
  return {
    registers: Array.from({ length: REGISTERS }, (_, r) => {
      const low = BigInt((machine.x[2 * r] as number) >>> 0);
      return (BigInt((machine.x[2 * r + 1] as number) >>> 0) << 32n) | low;
    }),
    stack: memory.readBytes(stack, 512),
  };
}
