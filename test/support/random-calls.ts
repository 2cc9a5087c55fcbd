/**
 * Random and near-valid system calls: a pid 1 that starts processes of several threads, each of which
 * makes calls whose arguments are of the kinds that the system-call table names, or nonsense. Whoever
 * hangs is killed after a while, whoever dies is replaced.
 */
import type { Entry, ProgramImage } from "#kernel";
import { SYSCALL_NUMBERS } from "../../src/kernel/abi/syscalls.ts";
import { REG_A0, REG_A7 } from "../../src/kernel/hw/registers.ts";
import { Prng } from "../../src/kernel/lib/prng.ts";
import type { ArgKind } from "../../src/kernel/syscall/row.ts";
import { SYSCALLS } from "../../src/kernel/syscall/table.ts";
import { entryAddress } from "../../src/kernel/task/user-context.ts";

const REG_SP = 2;
const REG_T1 = 6;
const REG_T2 = 7;
const CLONE_THREAD_FLAGS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000;
const SIGCHLD = 17;
const SIGKILL = 9;
const ROUND_NS = 2e6;
/** Would end the machine, or every process at once. */
const LEFT_OUT: readonly string[] = ["reboot", "init_module", "finit_module", "delete_module"];
const CALLS = SYSCALLS.filter(({ name }) => !LEFT_OUT.includes(name));

const PATHS = [
  "/tmp/a",
  "/tmp/b",
  "/tmp/d",
  "/tmp/d/x",
  "a",
  "..",
  "/proc/self/stat",
  "/proc/self/fd/1",
  "/dev/null",
  "/dev/zero",
  "/nowhere/at/all",
  "",
];
/** Where in a worker's buffer they lie, 64 bytes each. */
const PATHS_AT = 0x6000;
/** One in so many clones is made: others would only fill the machine with processes. */
const CLONES = 16;

type Cpu = Parameters<Entry>[0];
type Code = ReturnType<Entry>;

function* call(cpu: Cpu, nr: number, ...args: number[]): Code {
  args.forEach((arg, i) => {
    cpu.regs.set(REG_A0 + i, arg);
  });
  cpu.regs.set(REG_A7, nr);
  yield;
  return cpu.regs.get(REG_A0);
}

const INTERESTING = [0, 1, 2, 3, 4, 7, 8, 16, 24, 63, 64, 128, 255, 4095, 4096, 4097, 65536];

class Arguments {
  readonly #random: Prng;
  readonly #buffer: number;

  constructor(random: Prng, buffer: number) {
    this.#random = random;
    this.#buffer = buffer;
  }

  below(limit: number): number {
    return this.#random.below(limit);
  }

  #pick(values: readonly number[]): number {
    return values[this.below(values.length)] as number;
  }

  #address(): number {
    switch (this.below(8)) {
      case 0:
        return 0;
      case 1:
        return this.#pick([8, 0x10000, 0x3ffffff000, 2 ** 38, 2 ** 40, -1, -4096]);
      default:
        return this.#buffer + this.below(0x4000);
    }
  }

  #nonsense(): number {
    switch (this.below(6)) {
      case 0:
        return -this.#pick(INTERESTING);
      case 1:
        return 2 ** this.below(52);
      case 2:
        return this.#address();
      default:
        return this.#pick(INTERESTING);
    }
  }

  of(kind: ArgKind): number {
    if (this.below(10) === 0) return this.#nonsense();
    if (kind.startsWith("flags:") || kind === "hex" || kind === "mode")
      return this.below(3) === 0 ? 0 : (2 ** this.below(20)) | this.below(16);
    if (kind.startsWith("enum:")) return this.below(24);
    switch (kind) {
      case "fd":
      case "dirfd":
        return this.below(5) === 0 ? -100 : this.below(24);
      case "pid":
        return this.below(12) - 1;
      case "sig":
        return this.below(66);
      case "path":
      case "str":
        return this.#buffer + PATHS_AT + 64 * this.below(PATHS.length);
      case "int":
      case "uint":
        return this.below(3) === 0 ? this.#nonsense() : this.below(4);
      case "size":
      case "off":
      case "long":
      case "ulong":
        return this.#nonsense();
      case "uid":
        return this.#pick([0, 1000, -1]);
      default:
        return this.#address();
    }
  }
}

/** pid 1 counts the calls: root may well trace and stop it, or write into its memory. */
const spareInit = (kind: ArgKind, value: number): number =>
  kind === "pid" && value === 1 ? 2 : value;

/** What a guest may put into memory that calls read as sets, times and structures. */
function scribble(cpu: Cpu, random: Prng, buffer: number): void {
  for (let i = 0; i < 16; i++) {
    const at = buffer + 8 * random.below(0x7e0);
    const value = random.below(4) === 0 ? buffer + random.below(0x3000) : random.below(300);
    cpu.mem.store64(at, value);
  }
}

/** The program: `seed` chooses every call. `calls` counts those that were made. */
export function randomCalls(seed: number, limit: number, made: { calls: number }): ProgramImage {
  const worker: Entry = function* (cpu, arg) {
    const random = new Prng(seed * 1000 + arg);
    const buffer = 0x40000000;
    yield* call(cpu, SYSCALL_NUMBERS.mmap, buffer, 0x8000, 3, 0x32, -1, 0);
    const args = new Arguments(random, buffer);
    for (const [i, path] of PATHS.entries())
      cpu.mem.write(buffer + PATHS_AT + 64 * i, new TextEncoder().encode(`${path}\0`));
    for (;;) {
      if (random.below(4) === 0) scribble(cpu, random, buffer);
      const row = CALLS[random.below(CALLS.length)] as (typeof CALLS)[number];
      if (row.name.startsWith("clone") && random.below(CLONES) !== 0) continue;
      made.calls++;
      yield* call(cpu, row.nr, ...row.args.map((kind) => spareInit(kind, args.of(kind))));
    }
  };
  const process: Entry = function* (cpu, arg) {
    for (let i = 0; i < 2; i++) {
      cpu.regs.set(REG_T1, entryAddress(2));
      cpu.regs.set(REG_T2, arg + i + 1);
      yield* call(
        cpu,
        SYSCALL_NUMBERS.clone,
        CLONE_THREAD_FLAGS,
        cpu.regs.get(REG_SP) - 65536 * (i + 1),
      );
    }
    return yield* worker(cpu, arg);
  };
  const main: Entry = function* (cpu) {
    const sp = cpu.regs.get(REG_SP) - 4096;
    for (let round = 0; made.calls < limit; round++) {
      const pids: number[] = [];
      for (let i = 0; i < 3; i++) {
        cpu.regs.set(REG_T1, entryAddress(1));
        cpu.regs.set(REG_T2, round * 100 + i * 10);
        pids.push((yield* call(cpu, SYSCALL_NUMBERS.clone, SIGCHLD)) as number);
      }
      cpu.mem.store64(sp, 0);
      cpu.mem.store64(sp + 8, ROUND_NS);
      yield* call(cpu, SYSCALL_NUMBERS.nanosleep, sp, 0);
      yield* call(cpu, SYSCALL_NUMBERS.kill, -1, SIGKILL);
      for (const pid of pids) yield* call(cpu, SYSCALL_NUMBERS.kill, pid, SIGKILL);
      // Everybody, their orphans included.
      for (;;)
        if (((yield* call(cpu, SYSCALL_NUMBERS.wait4, -1, 0, 0x40000000, 0)) as number) < 0) break;
    }
    yield* call(cpu, SYSCALL_NUMBERS.reboot, 0xfee1dead, 672274793, 0x4321fedc, 0);
    return 0;
  };
  return { name: "fuzz", entries: { main, process, worker } } as ProgramImage;
}
