/**
 * A machine: one declaration and one seed in, a running kernel out. Everything after `boot` is a
 * function of these and of what is typed.
 *
 * Left out: pacing to the wall clock, which is done from outside by slices of virtual time.
 */
import { EventLog } from "./event/log.ts";
import type { ProgramImage } from "./exec/program.ts";
import { installDevices, installHostStreams } from "./fs/devices.ts";
import type { HostStreams } from "./fs/host-stream.ts";
import type { RootTree } from "./fs/root-tree.ts";
import { Tty } from "./fs/tty.ts";
import { Vfs } from "./fs/vfs.ts";
import type { ReleaseImage } from "./image.ts";
import { assert } from "./lib/assert.ts";
import { installBytecode } from "./machine/bytecode.ts";
import { installDebugFile, showFile } from "./machine/debugfs.ts";
import { startInit } from "./machine/first-task.ts";
import { watchLeaks } from "./machine/kmemleak.ts";
import { handleOops } from "./machine/oops.ts";
import { installProc, type ProcFiles } from "./machine/proc.ts";
import { bringUp, type Evaluate, type RunningRelease } from "./machine/release.ts";
import { type DiskState, readDisk, writeDisk } from "./machine/root-state.ts";
import {
  announcePolicy,
  bootLoaderLine,
  installLockdownFile,
  policyFiles,
} from "./machine/security-files.ts";
import { installSysModule } from "./machine/sys-module.ts";
import { type CompileModule, compileKo } from "./module/compile.ts";
import { ModuleLoader } from "./module/loader.ts";
import type { ModuleKey } from "./module/signature.ts";
import type { PortContext } from "./port/context.ts";
import { nativePtrace } from "./ptrace/hooks.ts";
import { writePtraceScope } from "./ptrace/yama.ts";
import { EPOCH_NS } from "./syscall/sys-time.ts";
import { dispatch } from "./syscall/table.ts";
import { readCommandLine } from "./task/command-line.ts";
import { type Halt, Kernel } from "./task/kernel.ts";
import { commandLineOf, policyOf } from "./task/policy.ts";
import { runTask } from "./task/run.ts";
import type { SchedulePolicy } from "./task/schedule.ts";
import type { Task } from "./task/task.ts";

export interface BootOptions {
  readonly image: ReleaseImage;
  readonly seed: number;
  /** What the disk holds at the first boot, laid over `disk` where both say something. */
  readonly root: RootTree;
  /** The disk as the machine before this one left it. */
  readonly disk?: DiskState;
  /** Continues this log; a fresh one otherwise. */
  readonly log?: EventLog;
  readonly evaluate: Evaluate;
  /** How module files are made ready to link, where many machines load the same ones. */
  readonly compile?: CompileModule;
  /** Another scheduling than chance. */
  readonly policy?: SchedulePolicy | undefined;
  /** Whose signatures make a module trusted. */
  readonly keys?: readonly ModuleKey[];
  /** Streams of the host, at /dev/host. */
  readonly streams?: HostStreams;
  /** Command line of pid 1. */
  readonly init?: readonly string[];
}

/** When `slice` comes back. It ends at whichever comes first. */
export interface SliceLimits {
  /** Virtual nanoseconds since boot. */
  readonly untilNs: number;
  /** Number of events in the log. */
  readonly eventsMax: number;
  /** Stop when somebody waits for the console's input and nobody can run before an alarm. */
  readonly atInput: boolean;
  /** Virtual nanoseconds since boot in which a task ran: what a computation without events costs. */
  readonly busyNsMax?: number;
}

export type SliceEnd = "input" | "idle" | "halt" | "limit";

export class Machine {
  readonly kernel: Kernel;
  readonly release: RunningRelease;
  readonly #tty: Tty;
  readonly #modules: ModuleLoader;

  constructor(kernel: Kernel, release: RunningRelease, tty: Tty, modules: ModuleLoader) {
    this.kernel = kernel;
    this.release = release;
    this.#tty = tty;
    this.#modules = modules;
  }

  get log(): EventLog {
    return this.kernel.log;
  }

  get nowNs(): number {
    return this.kernel.clock.now;
  }

  /** Virtual nanoseconds since boot in which a task ran. */
  get busyNs(): number {
    return this.kernel.busyNs;
  }

  /** Why the machine stopped for good, if it did. */
  get halt(): Halt | undefined {
    return this.kernel.halt;
  }

  /** Runs until a limit, the end, or until nobody can run. */
  slice(limits: SliceLimits): SliceEnd {
    const k = this.kernel;
    const { busyNsMax = Number.POSITIVE_INFINITY } = limits;
    for (;;) {
      if (k.halt !== undefined) return "halt";
      if (k.clock.now >= limits.untilNs || k.log.seq >= limits.eventsMax) return "limit";
      if (k.busyNs >= busyNsMax) return "limit";
      if (this.#runSomebody()) continue;
      if (limits.atInput && this.waitingForInput()) return "input";
      if (k.clock.nextDeadline === Number.POSITIVE_INFINITY) return "idle";
      if (k.clock.nextDeadline > limits.untilNs) {
        k.clock.now = limits.untilNs;
        return "limit";
      }
      k.clock.now = k.clock.nextDeadline;
    }
  }

  /** Gives the processor to a task; false when nobody can run. */
  #runSomebody(): boolean {
    const k = this.kernel;
    this.#interrupt(() => k.clock.ringDue());
    if (k.halt !== undefined) return true;
    const task = k.scheduler.take();
    if (task === undefined) return false;
    runTask(k, task, (_kernel, failed, error) => this.#oops(failed, error));
    return true;
  }

  /** Does a task block in read(2) on the console? */
  waitingForInput(): boolean {
    return this.#tty.waitingReaders > 0 && !this.#tty.hasInput;
  }

  /** Somebody types at the console, now. */
  type(text: string): void {
    this.log.emit("tty-input", text);
    this.#interrupt(() => this.#tty.type(text));
  }

  resize(rows: number, columns: number): void {
    this.#interrupt(() => this.#tty.resize(rows, columns));
  }

  #oops(task: Task | undefined, error: unknown): boolean {
    const modules = this.#modules.modules.linkedIn();
    return handleOops(this.release.port, modules, this.kernel, task, error);
  }

  /** Work that comes from outside of any task; a failure of kernel code in it ends the machine. */
  #interrupt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!this.#oops(undefined, error)) throw error;
    }
  }

  readFile(path: string): Uint8Array | undefined {
    return this.kernel.vfs.readFile(path);
  }

  /** Puts a file on the disk from outside; false when it cannot be. */
  writeFile(path: string, content: string | Uint8Array | ProgramImage): boolean {
    return this.kernel.vfs.writeFile(path, content) >= 0;
  }

  /** The disk, for the next boot. */
  takeDisk(): DiskState {
    return readDisk(this.kernel.vfs);
  }

  /** Digest of the history, and of the memory that live processes hold. */
  hash(): string {
    for (const task of this.kernel.tasks.values()) {
      if (task.isLeader && task.mm !== undefined) this.log.emit("mm-exit", task.mm.digest());
    }
    return this.log.hash();
  }
}

/** UTS_VERSION: scripts/mkcompile_h. */
function utsVersion({ config }: ReleaseImage): string {
  const flags = [config["CONFIG_SMP"] && "SMP", config["CONFIG_PREEMPT"] && "PREEMPT"];
  return ["#1", ...flags.filter(Boolean)].join(" ");
}

/** Boots. pid 1 is runnable when this returns; nothing has run yet. */
export function boot(options: BootOptions): Machine {
  const { image, root, disk = [], keys = [] } = options;
  const added = bootLoaderLine(root, disk);
  const commandLine = commandLineOf(image.config, added);
  const words = readCommandLine(commandLine);
  const k = new Kernel({
    security: policyOf(image.config, words),
    seed: options.seed,
    policy: options.policy,
    log: options.log ?? new EventLog(),
    uts: {
      sysname: "Linux",
      hostname: "quicksand",
      domainname: "(none)",
      release: image.uname,
      version: utsVersion(image),
      machine: "riscv64",
    },
    dispatch,
  });
  k.log.emit("boot", image.release, options.seed);
  const tty = new Tty({
    output: (text) => k.log.emit("tty-write", text),
    signalGroup: (pgid, sig) => k.signalGroup(pgid, sig),
  });
  k.vfs = new Vfs({
    memory: k.memory,
    nowNs: () => EPOCH_NS + k.clock.now,
    onLimit: (name, value) => k.log.emit("limit", name, value),
  });
  k.onSessionEnd = (sid) => tty.endSession(sid);
  installDevices(k.vfs, { tty, nextWord: () => k.prng.next() });
  if (options.streams !== undefined) installHostStreams(k.vfs, options.streams);
  k.printk(5, `Linux version ${image.uname} (quicksand) ${k.uts.version}`);
  announcePolicy(k, commandLine, words);
  k.ptrace = nativePtrace(k);
  const release: RunningRelease = bringUp(k, {
    image,
    evaluate: options.evaluate,
    makeDebugFile: (file) => installDebugFile(k, () => release.port, file),
    moduleGet: (address) => modules.get(address),
    modulePut: (address) => modules.put(address),
  });
  const modules: ModuleLoader = new ModuleLoader({
    kernel: k,
    target: release.target,
    compile: options.compile ?? compileKo,
    symbols: release.symbols,
    vermagic: image.vermagic,
    keys,
    hasModversions: image.config["CONFIG_MODVERSIONS"] === true,
    refuel: release.port.refuel,
    charge: release.port.charge,
    onRemoved: watchLeaks(release.port, release.target),
  });
  k.modules = modules;
  installBytecode(k, release);
  const files = {
    ...procFiles(k, release, modules),
    ...policyFiles(k, commandLine, keys),
  };
  installProc(k, k.vfs, () => ({ ...files, ...treeFiles(release.port) }), tty);
  installLockdownFile(k);
  installSysModule(k, release.target, modules.modules);
  const failed = writeDisk(k.vfs, disk) || k.vfs.populate(root);
  assert(failed === 0, `the root file system does not fit: errno ${-failed}`);
  startInit(k, [...(options.init ?? ["/sbin/init"]), ...words.argv], words.envp);
  return new Machine(k, release, tty, modules);
}

/** Those that the running release's tree and its modules have made. */
const treeFiles = (port: PortContext): ProcFiles =>
  Object.fromEntries(
    [...port.procFiles].map(([path, file]) => [path, { text: (): string => showFile(port, file) }]),
  );

function procFiles(k: Kernel, release: RunningRelease, modules: ModuleLoader): ProcFiles {
  return {
    version: { text: () => `Linux version ${k.uts.release} (quicksand) ${k.uts.version}\n` },
    uptime: { text: () => `${(k.clock.now / 1e9).toFixed(2)} 0.00\n` },
    meminfo: {
      text: () =>
        `MemTotal: ${2 * 1024 * 1024} kB\nMemFree: ${2 * 1024 * 1024 - k.memory.used * 4} kB\n`,
    },
    modules: { text: () => modules.modules.procText() },
    kallsyms: {
      text: () =>
        release.port.text
          .all()
          .map(
            (fn) =>
              `${fn.address.toString(16).padStart(16, "f")} T ${fn.name}${fn.module === "" ? "" : `\t[${fn.module}]`}\n`,
          )
          .join(""),
    },
    "sys/kernel/osrelease": { text: () => `${k.uts.release}\n` },
    "sys/kernel/hostname": { text: () => `${k.uts.hostname}\n` },
    "sys/kernel/yama/ptrace_scope": {
      text: () => `${k.ptraceScope}\n`,
      write: (text) => writePtraceScope(k, text),
    },
    "sys/kernel/tainted": { text: () => `${k.taint}\n` },
  };
}
