import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BareHart } from "../../support/bare-hart.ts";
import { randomProgram } from "../../support/random-code.ts";

const QEMU = "qemu-riscv64-static";
const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;
/** QUICKSAND_ISA_PROGRAMS=5000 for a long run. */
const COUNT = Number(process.env["QUICKSAND_ISA_PROGRAMS"] ?? 60);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quicksand-isa-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("random programs of RV64GC", () => {
  test.skipIf(!hasQemu)(
    `leave in every register, flag and byte of memory what ${QEMU} leaves${hasQemu ? "" : " (skipped: it is not installed)"}`,
    () => {
      const file = join(folder, "program");
      for (let seed = 1; seed <= COUNT; seed++) {
        const elf = randomProgram(seed);
        writeFileSync(file, elf, { mode: 0o755 });
        const expected = execFileSync(QEMU, [file]);
        const run = new BareHart(elf).run();
        expect({ seed, status: run.status, pc: run.pc }).toMatchObject({ seed, status: 0 });
        expect(Buffer.from(run.output).equals(expected), `seed ${seed}`).toBe(true);
      }
    },
  );

  test("do the same in slices of any size, and execute as many instructions", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const elf = randomProgram(seed);
      const whole = new BareHart(elf).run();
      for (const slice of [1, 2, 7, 101])
        expect({ seed, slice, ...new BareHart(elf).run(slice) }).toEqual({ seed, slice, ...whole });
    }
  });
});
