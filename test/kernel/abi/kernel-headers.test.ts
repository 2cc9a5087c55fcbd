/**
 * The numbers and layouts against the kernel's own headers, where a C compiler and linux-libc-dev
 * are installed. The generic headers are used in place of this host's, as riscv64 does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as abi from "#abi";

const GENERIC = "/usr/include/asm-generic";
const available = existsSync(`${GENERIC}/unistd.h`) && spawnSync("gcc", ["--version"]).status === 0;

const HEADERS = [
  "linux/types.h",
  "asm/unistd.h",
  "asm/errno.h",
  "asm/siginfo.h",
  "linux/signal.h",
  "asm/fcntl.h",
  "linux/fcntl.h",
  "linux/stat.h",
  "asm/stat.h",
  "linux/wait.h",
  "linux/sched.h",
  "linux/sched/types.h",
  "linux/ptrace.h",
  "linux/futex.h",
  "linux/time.h",
  "linux/time_types.h",
  "linux/resource.h",
  "linux/reboot.h",
  "linux/auxvec.h",
  "linux/mman.h",
  "asm/poll.h",
  "asm/ioctls.h",
  "asm/termbits.h",
  "asm/termios.h",
  "linux/prctl.h",
  "linux/elf.h",
  "linux/uio.h",
  "linux/audit.h",
  "linux/module.h",
  "linux/fs.h",
  "linux/utsname.h",
];

/** C spelling of each layout, and of fields whose names differ. */
const STRUCTS: readonly (readonly [string, abi.AbiLayout, Readonly<Record<string, string>>])[] = [
  ["struct stat", abi.STAT_LAYOUT, {}],
  [
    "struct statx",
    abi.STATX_LAYOUT,
    {
      stx_atime: "stx_atime.tv_sec",
      stx_atime_nsec: "stx_atime.tv_nsec",
      stx_btime: "stx_btime.tv_sec",
      stx_btime_nsec: "stx_btime.tv_nsec",
      stx_ctime: "stx_ctime.tv_sec",
      stx_ctime_nsec: "stx_ctime.tv_nsec",
      stx_mtime: "stx_mtime.tv_sec",
      stx_mtime_nsec: "stx_mtime.tv_nsec",
    },
  ],
  ["struct iovec", abi.IOVEC_LAYOUT, {}],
  ["struct clone_args", abi.CLONE_ARGS_LAYOUT, {}],
  ["struct __kernel_timespec", abi.TIMESPEC_LAYOUT, {}],
  ["struct pollfd", abi.POLLFD_LAYOUT, {}],
  ["struct winsize", abi.WINSIZE_LAYOUT, {}],
  ["struct termios", abi.TERMIOS_LAYOUT, {}],
  ["stack_t", abi.SIGALTSTACK_LAYOUT, {}],
  ["struct sigaction", abi.SIGACTION_LAYOUT, { sa_mask_low: "sa_mask", sa_mask_high: "" }],
  [
    "struct rusage",
    abi.RUSAGE_LAYOUT,
    {
      ru_utime_sec: "ru_utime.tv_sec",
      ru_utime_usec: "ru_utime.tv_usec",
      ru_stime_sec: "ru_stime.tv_sec",
      ru_stime_usec: "ru_stime.tv_usec",
    },
  ],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.chld, {}],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.fault, {}],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.rt, {}],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.timer, {}],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.poll, {}],
  ["siginfo_t", abi.SIGINFO_LAYOUTS.sys, {}],
];

/** Runs a C program made of these lines against the generic headers. */
function runC(lines: readonly string[]): string[] {
  const dir = mkdtempSync(join(tmpdir(), "quicksand-abi-"));
  try {
    mkdirSync(join(dir, "asm"));
    for (const name of readdirSync(GENERIC)) {
      writeFileSync(join(dir, "asm", name), `#include <asm-generic/${name}>\n`);
    }
    writeFileSync(join(dir, "asm/ptrace.h"), "");
    writeFileSync(join(dir, "asm/sigcontext.h"), "");
    writeFileSync(join(dir, "asm/auxvec.h"), "#define AT_SYSINFO_EHDR 33\n");
    writeFileSync(
      join(dir, "asm/bitsperlong.h"),
      "#ifndef __BITS_PER_LONG\n#define __BITS_PER_LONG 64\n#endif\n",
    );
    const wants = ["NEW_STAT", "SET_GET_RLIMIT", "SYS_CLONE3", "MEMFD_SECRET"];
    writeFileSync(
      join(dir, "asm/unistd.h"),
      `${wants.map((want) => `#define __ARCH_WANT_${want}\n`).join("")}#include <asm-generic/unistd.h>\n`,
    );
    const source = [
      ...HEADERS.map((header) => `#include <${header}>`),
      "int main(void) {",
      ...lines,
      "return 0; }",
    ].join("\n");
    writeFileSync(join(dir, "a.c"), source);
    const flags = ["-w", "-nostdinc", `-I${dir}`, "-I/usr/include"];
    const built = spawnSync("gcc", [...flags, join(dir, "a.c"), "-o", join(dir, "a")], {
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(built.stderr);
    return spawnSync(join(dir, "a"), { encoding: "utf8" }).stdout.trim().split("\n");
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test.skipIf(!available)("every constant that the kernel's headers define has their value", () => {
  const mine = new Map<string, number>();
  for (const [name, value] of Object.entries(abi)) {
    if (typeof value === "number") mine.set(name, value);
  }
  for (const [name, nr] of Object.entries(abi.SYSCALL_NUMBERS)) mine.set(`__NR_${name}`, nr);
  const theirs = runC(
    [...mine.keys()].flatMap((name) => [
      `#ifdef ${name}`,
      `__builtin_printf("${name} %lld\\n", (long long)(${name}));`,
      "#endif",
    ]),
  ).map((line) => line.split(" ") as [string, string]);
  const wrong = theirs.filter(
    ([name, value]) => (mine.get(name) ?? 0) >>> 0 !== Number(value) >>> 0,
  );
  expect(wrong).toEqual([]);
  expect(theirs.length).toBeGreaterThan(900);
});

test.skipIf(!available)("every structure has the size and the offsets that C gives it", () => {
  const lines: string[] = [];
  const expected: string[] = [];
  for (const [type, layout, renamed] of STRUCTS) {
    if (!type.startsWith("siginfo") || layout === abi.SIGINFO_LAYOUTS.chld) {
      lines.push(`__builtin_printf("${type} %d\\n", (int)sizeof(${type}));`);
      expected.push(`${type} ${layout.size}`);
    }
    for (const [field, [offset]] of Object.entries(layout.fields)) {
      const name = renamed[field] ?? field;
      if (name === "") continue;
      lines.push(`__builtin_printf("${type}.${name} %d\\n", (int)(long)&((${type} *)0)->${name});`);
      expected.push(`${type}.${name} ${offset}`);
    }
  }
  expect(runC(lines)).toEqual(expected);
});
