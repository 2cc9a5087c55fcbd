/**
 * Runs a conformance program: on this host's Linux, built by its compiler, or in a machine on a
 * release, from the ELF file in the repository. Both give the log that it writes.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { boot, type ReleaseImage } from "#kernel";
import { defineProgram } from "#userland";
import { builtOf, compileArguments, HOST_COMPILER, sourceOf } from "../../scripts/guests.ts";

export const FOLDER = "test/conformance/abi";

export const logPath = (name: string): string => `${FOLDER}/logs/${name}.log`;
export const recordedLog = (name: string): string => readFileSync(logPath(name), "utf8");

const HOST_TIMEOUT_MS = 30_000;
const MACHINE_TIMEOUT_NS = 60e9;
const EVENTS_MAX = 2_000_000;
const POWER_OFF = 0x4321fedc;

/** Why this host cannot say what Linux does, or undefined where it can. */
export function hostObstacle(): string | undefined {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "the programs want to start as root";
  if (spawnSync(HOST_COMPILER, ["--version"]).status !== 0)
    return `${HOST_COMPILER} is not installed`;
  return undefined;
}

/** The log of a program on the host's own Linux. */
export function hostLog(name: string, folder: string): string {
  const file = `${folder}/${name}`;
  const built = spawnSync(HOST_COMPILER, compileArguments(sourceOf(FOLDER, name), file, "host"), {
    encoding: "utf8",
  });
  if (built.status !== 0) return built.stderr;
  const run = spawnSync(file, [], {
    encoding: "utf8",
    timeout: HOST_TIMEOUT_MS,
    stdio: ["ignore", "pipe", "pipe"],
    // A session of its own, as in the machine: no terminal, no process group of ours.
    env: {},
    cwd: folder,
  });
  return run.status === 0 ? run.stdout : `${run.stdout}status ${run.status} ${run.signal}\n`;
}

/** pid 1: runs /test in a session of its own and switches the machine off. */
const launcher = defineProgram(
  "init",
  function* (p) {
    const child = yield* p.sys.spawn(p.entry("child"));
    for (;;) {
      const found = yield* p.sys.wait4(-1);
      if (typeof found === "number" || found.pid === child) break;
    }
    yield* p.sys.reboot(POWER_OFF);
    return 0;
  },
  {
    *child(p) {
      yield* p.sys.setsid();
      yield* p.sys.execve("/test", ["/test"], []);
      return 126;
    },
  },
);

/** The log of a program in a machine on a release. */
export function machineLog(name: string, image: ReleaseImage, seed = 1): string {
  const machine = boot({
    image,
    seed,
    root: {
      "/sbin/init": launcher,
      "/test": new Uint8Array(readFileSync(builtOf(FOLDER, name))),
      "/tmp": { dir: true },
    },
    // biome-ignore lint/security/noGlobalEval: the code under test is ours.
    evaluate: (source) => globalThis.eval(source) as unknown,
  });
  let log = "";
  machine.log.on("tty-write", (event) => {
    log += event.text.replaceAll("\r\n", "\n");
  });
  machine.log.on("syscall-unknown", (event) => {
    // A negative number is nobody's: with it a tracer calls a call off.
    if (event.nr >= 0) log += `the machine does not know system call ${event.nr}\n`;
  });
  machine.slice({ untilNs: MACHINE_TIMEOUT_NS, eventsMax: EVENTS_MAX, atInput: false });
  return machine.halt === undefined ? `${log}the machine did not come to an end\n` : log;
}
