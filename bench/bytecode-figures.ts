/** How many bytecode instructions a second the machine interprets. */
import { parseInstruction } from "../src/kernel/bpf/isa/parse.ts";
import { BpfMachine } from "../src/kernel/bpf/vm/machine.ts";
import { Kmem } from "../src/kernel/kmem/kmem.ts";

/** Sums, products, shifts, the stack and a jump, ten million times. */
const PROGRAM = `r0 = 0
r2 = 10000000
r3 = 7
r0 += r2
r0 ^= r3
r3 *= 5
w3 >>= 1
*(u32 *)(r10 - 8) = r3
r4 = *(u32 *)(r10 - 8)
r0 += r4
r2 += -1
if r2 != 0 goto -9
exit`;

export function bytecodeRate(): number {
  const insns = PROGRAM.split("\n").flatMap((line) => [...parseInstruction(line, () => undefined)]);
  const memory = new Kmem({});
  const frame = memory.alloc(512, "stack", 0) + 512;
  const links = { helper: () => undefined, mapAddress: () => 0, probeLoads: new Set<number>() };
  const machine = new BpfMachine(insns, memory, links);
  const start = performance.now();
  machine.run(0, frame);
  return machine.executed / ((performance.now() - start) / 1e3);
}
