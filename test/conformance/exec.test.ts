import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildElf } from "../support/elf-builder.ts";
import { Desk, type Outcome } from "../support/quicksand.ts";

const has = (tool: string): boolean => spawnSync(tool, ["--version"]).status === 0;
const CC = "riscv64-linux-gnu-gcc";
const SYSROOT = "/usr/riscv64-linux-gnu";
const QEMU = "qemu-riscv64-static";
const canCompare = has(CC) && has(QEMU);

const desk = new Desk();
afterAll(() => desk.clear());

describe("quicksand exec", () => {
  const skipped = canCompare ? "" : ` (skipped: ${CC} or ${QEMU} is not installed)`;
  const build = (name: string, ...options: readonly string[]): string => {
    const program = desk.path(name);
    const source = resolve(`test/conformance/programs/${name}.c`);
    const built = spawnSync(CC, [...options, "-pthread", "-w", "-o", program, source, "-lm"], {
      encoding: "utf8",
    });
    expect(built.stderr).toBe("");
    return program;
  };
  const inQemu = (...words: readonly string[]): Outcome => {
    const { stdout, stderr, status } = spawnSync(QEMU, words, { encoding: "utf8" });
    return { out: stdout, err: stderr, status };
  };

  test.skipIf(!canCompare)(
    `prints what ${QEMU} prints of a static C program, with the same status${skipped}`,
    () => {
      const program = build("libc", "-O1", "-static");
      expect(desk.run("exec", "--", program, "a", "b")).toEqual(inQemu(program, "a", "b"));
    },
  );

  test.skipIf(!canCompare)(
    `does the same for a program that is linked dynamically, its libraries mounted${skipped}`,
    () => {
      const program = build("libc", "-O1");
      const run = desk.run("exec", "--mount", `${SYSROOT}/lib:/lib`, "--", program, "a", "b");
      expect(run).toEqual(inQemu("-L", SYSROOT, program, "a", "b"));
    },
  );

  test.skipIf(!canCompare)(
    `does the same for a static program that can be anywhere${skipped}`,
    () => {
      const program = build("pie", "-fpie", "-pie", "-nostdlib", "-Wl,--no-dynamic-linker");
      expect(desk.run("exec", "--", program)).toEqual(inQemu(program));
    },
  );

  test.skipIf(!canCompare).each(["-O0", "-O1", "-O2", "-O3", "-Os"])(
    `computes what ${QEMU} computes when C is compiled with %s${skipped}`,
    (level) => {
      const program = build("numbers", level, "-static");
      expect(desk.run("exec", "--", program)).toEqual(inQemu(program));
    },
  );
});

describe("what quicksand exec does for a program", () => {
  test("copies links in a mount as links, even those that lead nowhere or in circles", () => {
    mkdirSync(desk.path("linked/inner"), { recursive: true });
    desk.write("linked/inner/text", "through a link\n");
    symlinkSync("..", desk.path("linked/inner/loop"));
    symlinkSync("nowhere", desk.path("linked/dangling"));
    symlinkSync("inner/text", desk.path("linked/short"));
    const shell = ["shell", "--mount", "linked:/mnt"];
    const { out } = desk.type(
      "cat /mnt/short /mnt/inner/loop/inner/text; cat /mnt/dangling\n",
      ...shell,
    );
    expect(out).toContain(
      "through a link\nthrough a link\ncat: /mnt/dangling: No such file or directory\n",
    );
  });

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

  test("starts a program with a path, on which the tools and our tracers are", () => {
    desk.write("script", "#!/bin/sh\necho $PATH $1\nstrace -e openat cat /etc/hostname\nexit 5\n");
    expect(desk.run("exec", "script", "one")).toEqual({
      out: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin one\nquicksand\n",
      err: 'openat(AT_FDCWD, "/etc/hostname", O_RDONLY) = 3\n+++ exited with 0 +++\n',
      status: 5,
    });
    desk.write("orphan", "#!/nowhere\n");
    expect(desk.run("exec", "orphan")).toMatchObject({
      err: "quicksand: orphan: the interpreter that it names is not there; mount its libraries\n",
      status: 127,
    });
  });

  test("refuses a mount of what is not there", () => {
    expect(desk.run("exec", "--mount", "/nowhere:/x", "seven").err).toContain(
      "there is no directory",
    );
  });
});
