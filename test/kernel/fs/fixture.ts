/** A file system, somebody who walks it, and a caller that notes what it is sent. */
import type { IoCaller } from "../../../src/kernel/fs/file-ops.ts";
import { FsContext } from "../../../src/kernel/fs/fs-context.ts";
import { openPath } from "../../../src/kernel/fs/open.ts";
import type { OpenFile } from "../../../src/kernel/fs/open-file.ts";
import type { Walker } from "../../../src/kernel/fs/path-walk.ts";
import { ROOT_CREDENTIALS } from "../../../src/kernel/fs/permission.ts";
import { Vfs } from "../../../src/kernel/fs/vfs.ts";
import { PhysicalMemory } from "../../../src/kernel/hw/memory.ts";
import type { Kpath, Sleep } from "../../../src/kernel/lib/wait.ts";

export interface TestCaller extends IoCaller {
  readonly raised: number[];
  pending: boolean;
}

export function makeCaller(over: Partial<IoCaller> = {}): TestCaller {
  const raised: number[] = [];
  const caller: TestCaller = {
    raised,
    pending: false,
    signalPending: () => caller.pending,
    raise: (sig) => raised.push(sig),
    credentials: { pid: 1, uid: 0, gid: 0 },
    pgid: 1,
    sid: 1,
    isSessionLeader: true,
    ignores: () => false,
    isGroupOrphaned: () => false,
    keepsSetId: () => false,
    sessionOfGroup: () => 1,
    ...over,
  };
  return caller;
}

export interface World {
  readonly vfs: Vfs;
  readonly root: Walker;
  readonly user: Walker;
  open(path: string, flags: number, walker?: Walker, mode?: number): OpenFile | number;
}

export function makeWorld(): World {
  let now = 0;
  const vfs = new Vfs({ memory: new PhysicalMemory(), nowNs: () => ++now });
  const root: Walker = { fs: new FsContext(vfs.root), cred: ROOT_CREDENTIALS };
  const user: Walker = {
    fs: new FsContext(vfs.root),
    cred: { fsuid: 1000, fsgid: 1000, groups: [], capEffective: 0n },
  };
  return {
    vfs,
    root,
    user,
    open: (path, flags, walker = root, mode = 0o666) =>
      openPath(vfs, walker, walker.fs.cwd, { path, flags, mode }, makeCaller()),
  };
}

/** The result of an operation that does not wait, or "waits". */
export function now<T>(result: T | Kpath<T>): T | "waits" {
  if (!isPath(result)) return result;
  const step = result.next();
  return step.done === true ? step.value : "waits";
}

/** Starts an operation that waits; `resume` goes on and answers its result or the next sleep. */
export function start<T>(result: T | Kpath<T>): { sleep: Sleep | T; resume: () => T | Sleep } {
  if (!isPath(result)) return { sleep: result, resume: () => result };
  const resume = (): T | Sleep => result.next().value;
  return { sleep: resume(), resume };
}

const isPath = <T>(result: T | Kpath<T>): result is Kpath<T> =>
  typeof result === "object" && result !== null && "next" in result;
