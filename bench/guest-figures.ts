/**
 * Figures of RISC-V programs on the hart: instructions a second beside QEMU's time for the same file,
 * system calls, process creation, memory of many processes.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { boot, type Machine } from "#kernel";
import { builtOf } from "../scripts/guests.ts";
import { EMPTY_RELEASE } from "../test/support/bare-machine.ts";

const QEMU = "qemu-riscv64-static";

const FOREVER = {
  untilNs: Number.POSITIVE_INFINITY,
  eventsMax: Number.POSITIVE_INFINITY,
  atInput: false,
};

const program = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(builtOf("programs", name)));

/** A machine whose pid 1 is a guest program; others are at /bin. */
function machineOf(argv: readonly string[]): Machine {
  const names = ["nothing", argv[0] as string];
  const root = Object.fromEntries(names.map((name) => [`/bin/${name}`, program(name)]));
  return boot({
    image: EMPTY_RELEASE,
    seed: 1,
    root,
    evaluate: () => undefined,
    init: [`/bin/${argv[0]}`, ...argv.slice(1)],
  });
}

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

export interface HartFigure {
  readonly instructionsASecond: number;
  /** How many times as long as QEMU it took; NaN without QEMU. */
  readonly timesQemu: number;
}

/** The better of two runs of a program, after which the end is the machine's: pid 1 is gone. */
export function hartFigure(...argv: readonly string[]): HartFigure {
  let rate = 0;
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 2; run++) {
    const machine = machineOf(argv);
    const took = seconds(() => machine.slice(FOREVER));
    best = Math.min(best, took);
    // An instruction takes one virtual nanosecond, and these programs do little else.
    rate = Math.max(rate, machine.busyNs / took);
  }
  const file = builtOf("programs", argv[0] as string);
  const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;
  const qemu = hasQemu ? seconds(() => spawnSync(QEMU, [file, ...argv.slice(1)])) : Number.NaN;
  return { instructionsASecond: rate, timesQemu: best / qemu };
}

/** getppid(2) from an ELF program, calls a second. */
export function nativeSyscallRate(calls = 2_000_000): number {
  const machine = machineOf(["getppid", String(calls)]);
  const took = seconds(() => machine.slice(FOREVER));
  // Each leaves two events.
  return machine.log.seq > calls * 2 ? calls / took : Number.NaN;
}

/** Milliseconds of fork, execve of a small static program, and wait. */
export function spawnMs(times = 2000): number {
  const machine = machineOf(["spawn", String(times), "/bin/nothing"]);
  return (seconds(() => machine.slice(FOREVER)) * 1000) / times;
}

/** Megabytes that a thousand sleeping ELF processes add to this one. */
export function thousandProcessesMb(): number {
  global.gc?.();
  const before = process.memoryUsage().rss;
  const machine = machineOf(["sleepers", "1000"]);
  machine.slice({ ...FOREVER, untilNs: 0.9e9 });
  const added = (process.memoryUsage().rss - before) / 2 ** 20;
  return machine.kernel.tasks.size >= 1001 ? added : Number.NaN;
}
