import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import type { RootTree } from "#kernel";
import { defineProgram } from "#userland";
import { builtOf } from "../../../scripts/guests.ts";
import { FOLDER } from "../../support/conformance.ts";
import { ShellSession } from "../../support/shell-session.ts";
import { comparableLines } from "../../support/strace-lines.ts";

/**
 * The recorded logs are what strace 6.1 said in the machine, built for riscv64 from Debian's sources
 * (`./configure --host=riscv64-linux-gnu LDFLAGS="-static -pthread"`). QUICKSAND_STRACE=FILE names
 * such a program: it then runs too, and a log that is not there yet is written.
 */
const REAL = process.env["QUICKSAND_STRACE"] ?? "";
const RECORDED = "test/tracers/strace/recorded";

/** Process ids below are single digits, and so are many other things. */
const PROCESSES_BEFORE = 1000;
const busy = defineProgram(
  "busy",
  function* (p) {
    for (let n = 0; n < PROCESSES_BEFORE; n++) {
      yield* p.sys.spawn(p.entry("child"));
      yield* p.sys.wait4(-1);
    }
    return 0;
  },
  {
    *child() {
      return 0;
    },
  },
);

const GUESTS = [
  "epoll-modes",
  "file-locks",
  "futex-bitset",
  "futex-requeue",
  "futex-wake-op",
  "memory-advise",
  "memory-anonymous",
  "memory-fixed",
  "memory-remap",
  "process-exec",
  "process-pdeathsig",
  "process-rseq",
  "process-subreaper",
  "process-vfork",
  "seccomp-filter",
  "signal-altstack",
  "signal-realtime",
  "signal-siginfo",
];

const COMMANDS: Readonly<Record<string, string>> = {
  pipeline: "sh -c 'cd /etc; ls | wc -l'",
  signal: "sh -c 'trap : USR1; kill -USR1 $$; exit 3'",
  missing: "cat /etc/hostname /nowhere",
  ...Object.fromEntries(GUESTS.map((name) => [name, `/bin/${name}`])),
};

const root: RootTree = {
  "/bin/busy": busy,
  ...Object.fromEntries(
    GUESTS.map((name) => [`/bin/${name}`, new Uint8Array(readFileSync(builtOf(FOLDER, name)))]),
  ),
  ...(REAL === "" ? {} : { "/bin/real": new Uint8Array(readFileSync(REAL)) }),
};

function linesOf(strace: string, command: string): string {
  const session = new ShellSession(root);
  session.run("busy");
  session.run(`${strace} -f -o /tmp/log ${command} >/dev/null 2>&1`);
  return comparableLines(session.run("cat /tmp/log"));
}

describe("our strace says what the real one says, line for line", () => {
  const written: string[] = [];
  afterAll(() => expect(written).toEqual([]));

  test.each(Object.entries(COMMANDS))("of %s", (name, command) => {
    const path = `${RECORDED}/${name}.log`;
    const real = REAL === "" ? undefined : linesOf("real", command);
    if (real !== undefined && !existsSync(path)) {
      writeFileSync(path, real);
      written.push(path);
    }
    const recorded = readFileSync(path, "utf8");
    if (real !== undefined) expect(real).toBe(recorded);
    expect(linesOf("strace", command)).toBe(recorded);
  });
});
