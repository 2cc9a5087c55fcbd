/**
 * A kernel without a release, and one process whose program is the test's own generator: it makes
 * raw system calls and looks at its memory.
 */
import { AT_FDCWD, SYSCALL_NUMBERS, type SyscallName } from "#abi";
import { EventLog } from "../../../src/kernel/event/log.ts";
import type { UserCpu } from "../../../src/kernel/exec/program.ts";
import { installDevices } from "../../../src/kernel/fs/devices.ts";
import type { RootTree } from "../../../src/kernel/fs/root-tree.ts";
import { Tty } from "../../../src/kernel/fs/tty.ts";
import { Vfs } from "../../../src/kernel/fs/vfs.ts";
import { REG_A0, REG_A7, REG_SP } from "../../../src/kernel/hw/registers.ts";
import { decodeUtf8, encodeUtf8 } from "../../../src/kernel/lib/text.ts";
import { startInit } from "../../../src/kernel/machine/first-task.ts";
import { dispatch } from "../../../src/kernel/syscall/table.ts";
import { Kernel } from "../../../src/kernel/task/kernel.ts";
import { runTask } from "../../../src/kernel/task/run.ts";

export type Call = Generator<undefined, number, void>;

/** The guest's hands: raw calls and its own memory. */
export class Guest {
  readonly #cpu: UserCpu;
  #top: number;

  constructor(cpu: UserCpu) {
    this.#cpu = cpu;
    this.#top = cpu.regs.get(REG_SP) - 4096;
  }

  *call(name: SyscallName, ...args: number[]): Call {
    for (let i = 0; i < 6; i++) this.#cpu.regs.set(REG_A0 + i, args[i] ?? 0);
    this.#cpu.regs.set(REG_A7, SYSCALL_NUMBERS[name]);
    yield;
    return this.#cpu.regs.get(REG_A0);
  }

  /** Room for `size` bytes. */
  room(size: number): number {
    this.#top -= Math.ceil(size / 16) * 16;
    return this.#top;
  }

  put(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    this.#cpu.mem.write(at, bytes);
    return at;
  }

  str(text: string): number {
    return this.put(encodeUtf8(`${text}\0`));
  }

  words(...values: number[]): number {
    const at = this.room(values.length * 8);
    for (const [i, value] of values.entries()) this.#cpu.mem.store64(at + i * 8, value);
    return at;
  }

  store32(at: number, values: readonly number[]): void {
    for (const [i, value] of values.entries()) this.#cpu.mem.store32(at + i * 4, value);
  }

  view(at: number, size: number): DataView {
    const bytes = this.#cpu.mem.read(at, size);
    return new DataView(bytes.buffer, bytes.byteOffset, size);
  }

  text(at: number, size: number): string {
    return decodeUtf8(this.#cpu.mem.read(at, size));
  }

  *open(path: string, flags: number, mode = 0o644): Call {
    return yield* this.call("openat", AT_FDCWD, this.str(path), flags, mode);
  }

  *write(fd: number, text: string): Call {
    const bytes = encodeUtf8(text);
    return yield* this.call("write", fd, this.put(bytes), bytes.length);
  }
}

export interface GuestRun {
  readonly k: Kernel;
  readonly tty: Tty;
  screen(): string;
  /** Runs until nobody can. */
  run(): void;
}

/** Boots with `main` as pid 1; it has not run yet. */
export function bootGuest(
  main: (g: Guest) => Generator<undefined, void, void>,
  root: RootTree = {},
): GuestRun {
  const k = new Kernel({
    seed: 1,
    log: new EventLog(),
    uts: {
      sysname: "Linux",
      hostname: "test",
      domainname: "(none)",
      release: "0",
      version: "#1",
      machine: "riscv64",
    },
    dispatch,
  });
  let screen = "";
  const tty = new Tty({
    output: (text) => {
      screen += text;
    },
    signalGroup: (pgid, sig) => k.signalGroup(pgid, sig),
  });
  k.vfs = new Vfs({ memory: k.memory, nowNs: () => k.clock.now });
  installDevices(k.vfs, { tty, nextWord: () => k.prng.next() });
  k.vfs.populate({
    ...root,
    "/init": {
      name: "init",
      entries: {
        *main(cpu) {
          yield* main(new Guest(cpu));
          return 0;
        },
      },
    },
  });
  startInit(k, ["/init"], []);
  const run = (): void => {
    for (;;) {
      k.clock.ringDue();
      const task = k.scheduler.take();
      if (task !== undefined && k.halt === undefined) {
        runTask(k, task, (_kernel, _task, error) => {
          throw error;
        });
      } else if (k.halt !== undefined || !Number.isFinite(k.clock.nextDeadline)) return;
      else k.clock.now = k.clock.nextDeadline;
    }
  };
  return { k, tty, screen: () => screen, run };
}

/** Runs `main` to its end and answers what it returned. */
export function runGuest<T>(
  main: (g: Guest) => Generator<undefined, T, void>,
  root: RootTree = {},
): T {
  const box: { value?: T } = {};
  bootGuest(function* (g) {
    box.value = yield* main(g);
  }, root).run();
  if (!("value" in box)) throw new Error("the guest did not come to its end");
  return box.value as T;
}
