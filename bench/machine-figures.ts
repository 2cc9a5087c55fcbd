/**
 * Figures of the machine alone: system calls, ptrace stops, utrace callbacks, boot, many tasks. Each
 * is measured on a machine of its own; none is asserted anywhere but in `npm run bench -- --check`.
 */
import { createRequire } from "node:module";
import { PTRACE_SYSCALL, PTRACE_TRACEME, SIGSTOP } from "#abi";
import { boot, type Machine, type ProgramImage, type ReleaseImage } from "#kernel";
import { createKbuild } from "#tracers";
import { defineProgram, type ProcMain, userlandRoot } from "#userland";
import { EMPTY_RELEASE } from "../test/support/bare-machine.ts";

const FOREVER = {
  untilNs: Number.POSITIVE_INFINITY,
  eventsMax: Number.POSITIVE_INFINITY,
  atInput: false,
};

const evaluate = (source: string): unknown => Function(`return ${source}`)();

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** A machine whose pid 1 is this program. */
function bare(main: ProcMain, entries: Readonly<Record<string, ProcMain>> = {}): Machine {
  const program = defineProgram("bench", main, entries);
  return boot({
    image: EMPTY_RELEASE,
    seed: 1,
    root: { "/bench": program },
    evaluate,
    init: ["/bench"],
  });
}

/** getppid(2) from a TypeScript program, calls a second. */
export function syscallRate(calls = 1_000_000): number {
  const machine = bare(function* (p) {
    for (let i = 0; i < calls; i++) yield* p.sys.getppid();
    return 0;
  });
  return calls / seconds(() => machine.slice(FOREVER));
}

/** Syscall-stops of one tracee, each waited for and resumed, a second. */
export function ptraceStopRate(stops = 100_000): number {
  const machine = bare(
    function* (p) {
      const child = yield* p.sys.spawn(p.entry("child"));
      yield* p.sys.wait4(child);
      for (let i = 0; i < stops; i++) {
        yield* p.sys.ptrace(PTRACE_SYSCALL, child, 0, 0);
        yield* p.sys.wait4(child);
      }
      return 0;
    },
    {
      *child(p) {
        yield* p.sys.ptrace(PTRACE_TRACEME, 0);
        yield* p.sys.kill(yield* p.sys.getpid(), SIGSTOP);
        for (;;) yield* p.sys.getppid();
      },
    },
  );
  return stops / seconds(() => machine.slice(FOREVER));
}

const MODULE = `
import { module_exit, module_init } from "linux/init";
import { MODULE_LICENSE, module_param } from "linux/module";
import { find_get_pid } from "linux/pid";
import { pt_regs } from "linux/ptrace";
import { addr, int, NULL, ptr, u32, unsigned_long } from "linux/types";
import { IS_ERR } from "linux/err";
import {
  utrace_attach_pid, utrace_engine, utrace_engine_ops, utrace_set_events_pid,
  UTRACE_ATTACH_CREATE, UTRACE_EVENT_SYSCALL, UTRACE_RESUME,
} from "linux/utrace";

let target: int = 0;
let engines: int = 1;
let count: unsigned_long = 0;

function on_entry(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 {
  count += regs.a7;
  return UTRACE_RESUME;
}

const ops: utrace_engine_ops = { report_syscall_entry: on_entry, report_syscall_exit: on_entry };

function bench_init(): int {
  let made: int = 0;
  while (made < engines) {
    const engine: ptr<utrace_engine> = utrace_attach_pid(find_get_pid(target), UTRACE_ATTACH_CREATE, addr(ops), NULL);
    if (IS_ERR(engine)) return -22;
    if (utrace_set_events_pid(find_get_pid(target), engine, UTRACE_EVENT_SYSCALL)) return -22;
    made++;
  }
  return 0;
}

function bench_exit(): void {}

module_param(target, "int", 0);
module_param(engines, "int", 0);
module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
`;

/** Builds the module above; also the figure for a warm build, in milliseconds. */
export function buildModule(image: ReleaseImage): { readonly ko: string; readonly warmMs: number } {
  const kbuild = createKbuild(createRequire(import.meta.url)("typescript"));
  const input = {
    name: "bench",
    file: "bench.ts",
    source: MODULE,
    headers: kbuild.readHeaders(image.headers, image.config),
    symvers: image.exports,
    vermagic: image.vermagic,
  };
  const first = kbuild.compile(input);
  if (!first.ok) throw new Error(JSON.stringify(first.diagnostics));
  const warm = seconds(() => void kbuild.compile({ ...input, source: `${MODULE}\n` }));
  return { ko: first.ko, warmMs: warm * 1000 };
}

/**
 * utrace callbacks a second, with so many engines on the thread: `preemptible` is a task that makes system calls with an engine on entry and
 * exit, tree and module code as generators; `plain` calls the entry's reporting pass in its plain form.
 */
export function callbackRates(
  image: ReleaseImage,
  ko: string,
  engines: number,
): { readonly plain: number; readonly preemptible: number } {
  const calls = Math.ceil(200_000 / engines);
  const program: ProgramImage = defineProgram("loop", function* (p) {
    yield* p.sys.nanosleep(1e9);
    for (let i = 0; i < calls; i++) yield* p.sys.getppid();
    return 0;
  });
  const root = {
    ...userlandRoot(),
    "/bin/loop": program,
    "/bench.ko": ko,
    "/script": `loop & insmod /bench.ko target=$! engines=${engines}\nwait\n`,
  };
  const machine = boot({
    image,
    seed: 1,
    root,
    evaluate,
    init: ["/sbin/init", "/bin/sh", "/script"],
  });
  machine.slice({ ...FOREVER, untilNs: 0.9e9 });
  // Each call has a callback at its entry and one at its exit.
  const preemptible =
    (2 * calls * engines) / seconds(() => machine.slice({ ...FOREVER, atInput: true }));
  return { preemptible, plain: plainRate(image, ko, engines) };
}

function plainRate(image: ReleaseImage, ko: string, engines: number): number {
  const root = {
    ...userlandRoot(),
    "/bench.ko": ko,
    "/script": `insmod /bench.ko target=$$ engines=${engines}\nsleep 100\n`,
  };
  const machine = boot({
    image,
    seed: 1,
    root,
    evaluate,
    init: ["/sbin/init", "/bin/sh", "/script"],
  });
  machine.slice({ ...FOREVER, untilNs: 1e9 });
  const { kernel: k, release } = machine;
  const task = [...k.tasks.values()].find(({ comm }) => comm === "sh");
  const report = release.port.text.findByName("utrace_report_syscall_entry", "");
  if (task === undefined || report === undefined) throw new Error("nothing to measure");
  k.current = task;
  k.processor.load(task);
  const regs = release.port.mem.addressOf("pt_regs", task);
  const calls = Math.ceil(1_000_000 / engines);
  const taken = seconds(() => {
    for (let i = 0; i < calls; i++) {
      release.port.refuel();
      report.plain(regs);
    }
  });
  return (calls * engines) / taken;
}

/** Boot of a release from its image, milliseconds; the second of two. */
export function bootMs(image: ReleaseImage): number {
  const once = (): number =>
    seconds(() => void boot({ image, seed: 1, root: userlandRoot(), evaluate }));
  once();
  return once() * 1000;
}

/** Ten thousand tasks that sleep: seconds to make them all, and megabytes that they took. */
export function manyTasks(count = 10_000): {
  readonly seconds: number;
  readonly megabytes: number;
} {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const machine = bare(
    function* (p) {
      for (let i = 0; i < count; i++) yield* p.sys.spawn(p.entry("sleeper"));
      yield* p.sys.nanosleep(1e9);
      return 0;
    },
    {
      *sleeper(p) {
        for (;;) yield* p.sys.nanosleep(1e12);
      },
    },
  );
  // Making a task is charged 50 us of virtual time.
  const taken = seconds(() => machine.slice({ ...FOREVER, untilNs: count * 100_000 }));
  if (machine.kernel.tasks.size <= count) throw new Error("not all tasks were made");
  return { seconds: taken, megabytes: (process.memoryUsage().rss - before) / 1e6 };
}
