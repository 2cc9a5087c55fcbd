/**
 * Writes the bytecode executor, src/kernel/bpf/vm/execute.generated.ts, from the instruction table:
 * one function, one switch, every instruction in line. A test says when the file is stale.
 *
 * Why generated: see scripts/build-hart.ts. A call for each instruction costs twice as much.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CASES } from "../src/kernel/bpf/vm/operations.ts";

const TARGET = fileURLToPath(new URL("../src/kernel/bpf/vm/execute.generated.ts", import.meta.url));

const HEAD = `/**
 * Generated from the instruction table by \`npm run bpf\`; do not edit. Types are not checked here:
 * every access to a typed array is in range by construction.
 */
// @ts-nocheck
import { divide, divideUnsigned, remainder, remainderUnsigned } from "../../hw/hart/arithmetic.ts";
import type { BpfMachine } from "./machine.ts";
import { addressIn as address, SCRATCH, swapWord } from "./registers.ts";

/** Runs prepared instructions from the first one to an exit; answers the low half of r0. */
export function execute(vm: BpfMachine, limit: number): number {
  const { x, ops, memory, helpers, probe } = vm;
  const t = SCRATCH;
  let executed = 0;
  for (let ip = 0; ; ) {
    if (++executed > limit) vm.runAway();
    const code = ops[ip], d = ops[ip + 1], s = ops[ip + 2], to = ops[ip + 3];
    ip += 4;
    switch (code) {`;

const TAIL = `    }
  }
}
`;

export function generate(): string {
  const cases = CASES.map(({ name, run }, code) =>
    `      case ${code}: { // ${name}
        ${run.split("\n").join("\n        ")}
        ${name === "exit" ? "" : "continue;"}
      }`.replace(/\n\s*\n/g, "\n"),
  );
  return `${HEAD}\n${cases.join("\n")}\n${TAIL}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET, generate());
