/**
 * A machine with the core alone: no kernel tree, no userland but the program under test as pid 1's
 * only child. Its output is what it prints.
 */
import {
  boot,
  type KernelEvent,
  type Machine,
  type ProgramImage,
  type ReleaseImage,
} from "#kernel";
import { defineProgram, type ProcMain } from "#userland";

/** A release with nothing in it. */
export const EMPTY_RELEASE: ReleaseImage = {
  format: "quicksand-image 1",
  branch: "none",
  tag: "none",
  release: "0.0.0-quicksand",
  uname: "0.0.0-quicksand",
  vermagic: "0.0.0-quicksand SMP preempt mod_unload modversions riscv64",
  config: { CONFIG_SMP: true, CONFIG_PREEMPT: true },
  layouts: {},
  btf: "",
  exports: [],
  headers: {},
  sources: {},
  objects: [],
  bindings: [],
  patches: [],
};

/** pid 1: starts /test, waits for it and powers off. */
const init = defineProgram(
  "init",
  function* (p) {
    yield* p.sys.spawn(p.entry("child"));
    for (;;) {
      const found = yield* p.sys.wait4(-1);
      if (typeof found === "number") break;
    }
    yield* p.sys.reboot(0x4321fedc);
    return 0;
  },
  {
    *child(p) {
      yield* p.sys.execve("/test", ["test"], []);
      return 127;
    },
  },
);

export interface BareRun {
  readonly output: string;
  readonly events: readonly KernelEvent[];
  readonly machine: Machine;
}

/** Runs one program to the end of the machine. Entries beside `main` are its children and handlers. */
export function runBare(
  main: ProcMain,
  entries: Readonly<Record<string, ProcMain>> = {},
  seed = 1,
  image: ReleaseImage = EMPTY_RELEASE,
): BareRun {
  const program: ProgramImage = defineProgram("test", main, entries);
  const machine = boot({
    image,
    seed,
    root: { "/sbin/init": init, "/test": program, "/tmp": { dir: true } },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
  });
  machine.log.keep();
  machine.slice({ untilNs: 1e12, eventsMax: 1e6, atInput: false });
  const events = machine.log.events;
  const output = events.map((e) => (e.kind === "tty-write" ? e.text : "")).join("");
  return { output, events, machine };
}
