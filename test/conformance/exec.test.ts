import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildElf } from "../support/elf-builder.ts";
import { Desk } from "../support/quicksand.ts";

const has = (tool: string): boolean => spawnSync(tool, ["--version"]).status === 0;
const CC = "riscv64-linux-gnu-gcc";
const QEMU = "qemu-riscv64-static";
const canCompare = has(CC) && has(QEMU);

const desk = new Desk();
afterAll(() => desk.clear());

describe("quicksand exec", () => {
  test.skipIf(!canCompare)(
    `prints what ${QEMU} prints of a static C program, with the same status${canCompare ? "" : ` (skipped: ${CC} or ${QEMU} is not installed)`}`,
    () => {
      const program = desk.path("libc");
      const source = resolve("test/conformance/programs/libc.c");
      const built = spawnSync(
        CC,
        ["-O1", "-static", "-pthread", "-w", "-o", program, source, "-lm"],
        {
          encoding: "utf8",
        },
      );
      expect(built.stderr).toBe("");
      const expected = spawnSync(QEMU, [program, "a", "b"], { encoding: "utf8" });
      const run = desk.run("exec", "--", program, "a", "b");
      expect({ out: run.out, status: run.status }).toEqual({
        out: expected.stdout,
        status: expected.status,
      });
    },
  );

  test("gives a shell's status: the program's own, 128 and the signal, 126, 127", () => {
    const words = (...code: number[]): Uint8Array => {
      const bytes = new Uint8Array(new Int32Array(code).buffer);
      return buildElf(0x10000, [{ vaddr: 0x10000, bytes, flags: 5 }]);
    };
    writeFileSync(desk.path("seven"), words(0x00700513, 0x05d00893, 0x73));
    writeFileSync(desk.path("faulty"), words(0x00002003));
    desk.write("text", "no program\n");
    expect(desk.run("exec", "seven").status).toBe(7);
    expect(desk.run("exec", "faulty").status).toBe(139);
    expect(desk.run("exec", "text")).toMatchObject({ status: 126 });
    expect(desk.run("exec", "missing")).toMatchObject({
      status: 127,
      err: "quicksand: missing: no such file\n",
    });
  });

  test("refuses a mount of what is not there", () => {
    expect(desk.run("exec", "--mount", "/nowhere:/x", "seven").err).toContain(
      "there is no directory",
    );
  });
});
