import { describe, expect, test } from "vitest";
import { boot } from "#kernel";
import { Prng } from "../../src/kernel/lib/prng.ts";
import { EMPTY_RELEASE } from "../support/bare-machine.ts";
import { buildElf } from "../support/elf-builder.ts";

/** QUICKSAND_FUZZ_CODE=20000 for a long run. */
const PROGRAMS = Number(process.env["QUICKSAND_FUZZ_CODE"] ?? 300);
const BASE = 0x10000;
const SIZE_BYTES = 4096;
/** read, write and execute. */
const RWX = 7;

/** Half of it noise, half of it instructions of common opcodes, so that some of it runs on. */
function randomCode(seed: number): Uint8Array {
  const random = new Prng(seed);
  const words = new Uint32Array(SIZE_BYTES / 4);
  const opcodes = [
    0x03, 0x13, 0x17, 0x1b, 0x23, 0x2f, 0x33, 0x37, 0x3b, 0x53, 0x63, 0x67, 0x6f, 0x73,
  ];
  for (let i = 0; i < words.length; i++) {
    const noise = random.next();
    const opcode = opcodes[random.below(opcodes.length)] as number;
    words[i] = random.below(2) === 0 ? noise : (noise & ~127) | opcode;
  }
  return new Uint8Array(words.buffer);
}

describe("random code", () => {
  test(`harms nobody but itself (${PROGRAMS} programs)`, () => {
    for (let seed = 1; seed <= PROGRAMS; seed++) {
      const bytes = randomCode(seed);
      const machine = boot({
        image: EMPTY_RELEASE,
        seed,
        root: { "/sbin/init": buildElf(BASE, [{ vaddr: BASE, bytes, flags: RWX }]) },
        evaluate: () => undefined,
      });
      try {
        machine.slice({ untilNs: 1e6, eventsMax: 10_000, atInput: false });
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      expect(machine.log.seq, `seed ${seed}`).toBeGreaterThan(0);
    }
  });
});
