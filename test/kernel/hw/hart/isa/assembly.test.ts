import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assemble,
  disassemble,
  disassembleWord,
} from "../../../../../src/kernel/hw/hart/isa/assembly.ts";
import { findRow, ISA } from "../../../../../src/kernel/hw/hart/isa/table.ts";

const OBJDUMP = "riscv64-linux-gnu-objdump";
const hasObjdump = spawnSync(OBJDUMP, ["--version"]).status === 0;
const PC = 0x10000000;

/** A word of each row, its free bits at random. */
const words = fc
  .tuple(fc.constantFrom(...ISA), fc.integer())
  .map(([row, noise]) => (noise & ~row.mask) | row.match | 0);

describe("the disassembler", () => {
  test("writes what the assembler makes the same instruction of", () => {
    fc.assert(
      fc.property(words, (word) => {
        const text = disassembleWord(word, PC);
        fc.pre(text !== undefined && !text.includes("unknown"));
        const again = assemble(text as string, PC);
        expect(disassembleWord(again, PC)).toBe(text);
        expect(findRow(again)).toBe(findRow(word));
      }),
      { numRuns: 2000 },
    );
  });

  test("reads compressed encodings as what they stand for, and says what it cannot read", () => {
    expect(disassemble(0x1141, PC)).toEqual({ text: "addi sp,sp,-16", size: 2 });
    expect(disassemble(0x8082, PC)).toEqual({ text: "jalr zero,0(ra)", size: 2 });
    expect(disassemble(0, PC)).toEqual({ text: ".half 0x0", size: 2 });
    expect(disassemble(0xffffffff | 0, PC)).toEqual({ text: ".word 0xffffffff", size: 4 });
  });

  test.skipIf(!hasObjdump)(
    `spells every instruction as ${OBJDUMP} does${hasObjdump ? "" : " (skipped: it is not installed)"}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), "quicksand-objdump-"));
      const sample = fc
        .sample(words, { numRuns: 1500, seed: 7 })
        // Ordering bits and rounding modes that mean nothing are spelled by objdump alone.
        .filter(
          (word) => !/^(amo|lr|sc|fence|fcvt|unimp)/.test(disassembleWord(word, PC) ?? "unimp"),
        )
        .filter((word) => !isUnnamedCsr(word));
      const file = join(folder, "code");
      writeFileSync(file, new Uint8Array(new Int32Array(sample).buffer));
      const args = [
        "-D",
        "-b",
        "binary",
        "-m",
        "riscv:rv64",
        "-M",
        "no-aliases",
        `--adjust-vma=${PC}`,
      ];
      const { stdout } = spawnSync(OBJDUMP, [...args, file], { encoding: "utf8", maxBuffer: 1e8 });
      rmSync(folder, { recursive: true });
      const theirs = [...stdout.matchAll(/^\s*[0-9a-f]+:\t[0-9a-f]+\s+(.*)$/gm)].map((found) =>
        (found[1] as string)
          .replace(/\s+#.*$/, "")
          .replace(/\s+/g, " ")
          .trim(),
      );
      const ours = sample.map((word, i) => disassembleWord(word, PC + 4 * i));
      expect(ours).toEqual(theirs);
    },
  );
});

/** objdump has names for registers that no program may read. */
const isUnnamedCsr = (word: number): boolean =>
  findRow(word)?.syntax.includes("csr") === true && /,0x/.test(disassembleWord(word, PC) ?? "");
