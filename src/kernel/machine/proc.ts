/**
 * /proc: a directory a task, and what the machine says of itself. Text is made when it is read.
 *
 * Source: proc(5), fs/proc of 6.1. Left out: most files; those that exist have Linux's form.
 */

import type { Inode } from "../fs/inode.ts";
import type { Vfs } from "../fs/vfs.ts";
import { PAGE_SIZE } from "../hw/memory.ts";
import { decodeUtf8 } from "../lib/text.ts";
import type { Kernel } from "../task/kernel.ts";
import { STATE_LETTERS, STATE_WORDS } from "../task/run-state.ts";
import type { Task } from "../task/task.ts";

/** Files of the machine as a whole: path under /proc to its text. */
export type ProcFiles = Readonly<Record<string, () => string>>;

const hexMask = (mask: bigint): string => mask.toString(16).padStart(16, "0");

const state = (t: Task): string => `${STATE_LETTERS[t.runState]} (${STATE_WORDS[t.runState]})`;

function status(t: Task): string {
  const { cred, group } = t;
  const caught = t.sighand.reduce(
    (set, a, sig) => (a !== undefined && a.handler > 1 ? set | (1n << BigInt(sig - 1)) : set),
    0n,
  );
  const ignored = t.sighand.reduce(
    (set, a, sig) => (a?.handler === 1 ? set | (1n << BigInt(sig - 1)) : set),
    0n,
  );
  const lines: readonly (readonly [string, string | number])[] = [
    ["Name", t.comm],
    ["State", state(t)],
    ["Tgid", t.tgid],
    ["Pid", t.tid],
    ["PPid", group.parent?.tgid ?? 0],
    ["TracerPid", t.ptrace.tracer?.tgid ?? 0],
    ["Uid", `${cred.uid}\t${cred.euid}\t${cred.suid}\t${cred.euid}`],
    ["Gid", `${cred.gid}\t${cred.egid}\t${cred.sgid}\t${cred.egid}`],
    ["Threads", group.threads.length],
    ["SigPnd", hexMask(t.pending.set)],
    ["ShdPnd", hexMask(group.pending.set)],
    ["SigBlk", hexMask(t.blocked)],
    ["SigIgn", hexMask(ignored)],
    ["SigCgt", hexMask(caught)],
    ["voluntary_ctxt_switches", t.voluntarySwitches],
    ["nonvoluntary_ctxt_switches", t.involuntarySwitches],
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

/** Fields 1 to 22 of proc(5); what follows is zero. */
function stat(t: Task): string {
  const { group } = t;
  const ticks = (ns: number): number => Math.floor(ns / 1e7);
  const head = [
    t.tid,
    `(${t.comm})`,
    STATE_LETTERS[t.runState],
    group.parent?.tgid ?? 0,
    group.pgid,
    group.sid,
  ];
  const zeros = (count: number): number[] => new Array<number>(count).fill(0);
  return `${[...head, ...zeros(7), ticks(t.timeNs), 0, ticks(group.childTimeNs), 0, 20, 0, group.threads.length, 0, ticks(t.startNs), ...zeros(30)].join(" ")}\n`;
}

function cmdline(t: Task): string {
  const { mm } = t;
  if (mm === undefined) return "";
  const bytes = mm.copyIn(mm.argStart, mm.argEnd - mm.argStart);
  return typeof bytes === "number" ? "" : decodeUtf8(bytes);
}

function maps(t: Task): string {
  const hex = (n: number): string => n.toString(16).padStart(8, "0");
  const prot = (bits: number): string =>
    `${bits & 1 ? "r" : "-"}${bits & 2 ? "w" : "-"}${bits & 4 ? "x" : "-"}p`;
  return (t.mm?.regions ?? [])
    .map((r) =>
      `${`${hex(r.start)}-${hex(r.end)} ${prot(r.prot)} 00000000 00:00 0`.padEnd(73)}${r.name}`
        .trimEnd()
        .concat("\n"),
    )
    .join("");
}

const TASK_FILES: Readonly<Record<string, (t: Task) => string>> = {
  cmdline,
  comm: (t) => `${t.comm}\n`,
  maps,
  stat,
  statm: (t) =>
    `${(t.mm?.regions ?? []).reduce((sum, r) => sum + (r.end - r.start) / PAGE_SIZE, 0)} 0 0 0 0 0 0\n`,
  status,
};

type Listed = { readonly name: string; readonly kind: "file" | "dir" | "symlink" };

/** Makes /proc. `files` are the machine's own, with "/" for directories below it. */
export function installProc(k: Kernel, vfs: Vfs, files: ProcFiles): void {
  vfs.place("/proc", new Proc(k, vfs, files).root());
}

class Proc {
  readonly #k: Kernel;
  readonly #vfs: Vfs;
  readonly #files: ProcFiles;

  constructor(k: Kernel, vfs: Vfs, files: ProcFiles) {
    this.#k = k;
    this.#vfs = vfs;
    this.#files = files;
  }

  root(): Inode {
    const k = this.#k;
    const leaders = (): Listed[] =>
      [...k.tasks.values()]
        .filter((t) => t.isLeader)
        .map((t) => ({ name: String(t.tid), kind: "dir" }));
    return this.#dir(
      () => [...leaders(), { name: "self", kind: "symlink" }, ...this.#below("")],
      (name) => {
        if (name === "self") return this.#link(() => String(k.current?.tgid ?? 0));
        const task = /^[1-9][0-9]*$/.test(name) ? k.tasks.get(Number(name)) : undefined;
        return task === undefined ? this.#machineFile("", name) : this.#taskDirectory(task, true);
      },
    );
  }

  /** Names of the machine's own files directly below `prefix`. */
  #below(prefix: string): Listed[] {
    const paths = Object.keys(this.#files).filter((path) => path.startsWith(prefix));
    const names = new Set(paths.map((path) => path.slice(prefix.length).split("/")[0] as string));
    return [...names].map((name) => ({
      name,
      kind: this.#files[prefix + name] === undefined ? "dir" : "file",
    }));
  }

  #machineFile(prefix: string, name: string): Inode | undefined {
    const text = this.#files[prefix + name];
    if (text !== undefined) return this.#vfs.makeGeneratedFile(text);
    const inner = `${prefix}${name}/`;
    if (this.#below(inner).length === 0) return undefined;
    return this.#dir(
      () => this.#below(inner),
      (child) => this.#machineFile(inner, child),
    );
  }

  #taskDirectory(t: Task, withThreads: boolean): Inode {
    const own: Listed[] = [
      { name: "exe", kind: "symlink" },
      { name: "cwd", kind: "symlink" },
      { name: "fd", kind: "dir" },
    ];
    const texts = Object.keys(TASK_FILES).map((name): Listed => ({ name, kind: "file" }));
    const threads: Listed[] = withThreads ? [{ name: "task", kind: "dir" }] : [];
    return this.#dir(
      () => [...texts, ...own, ...threads],
      (name) => {
        const text = TASK_FILES[name];
        if (text !== undefined) return this.#vfs.makeGeneratedFile(() => text(t));
        if (name === "exe") return this.#link(() => t.exe);
        if (name === "cwd")
          return this.#link(
            () => pathOf(t.fs.cwd),
            () => t.fs.cwd,
          );
        if (name === "fd") return this.#fdDirectory(t);
        return name === "task" && withThreads ? this.#threadsDirectory(t) : undefined;
      },
    );
  }

  #fdDirectory(t: Task): Inode {
    return this.#dir(
      () => t.files.list().map(({ fd }) => ({ name: String(fd), kind: "symlink" })),
      (name) => {
        const inode = t.files.get(Number(name))?.inode;
        return inode === undefined
          ? undefined
          : this.#link(
              () => pathOf(inode),
              () => inode,
            );
      },
    );
  }

  #threadsDirectory(t: Task): Inode {
    return this.#dir(
      () => t.group.threads.map((thread) => ({ name: String(thread.tid), kind: "dir" })),
      (name) => {
        const thread = t.group.threads.find((other) => String(other.tid) === name);
        return thread === undefined ? undefined : this.#taskDirectory(thread, false);
      },
    );
  }

  #dir(list: () => readonly Listed[], lookup: (name: string) => Inode | undefined): Inode {
    return this.#vfs.makeDynamicDirectory({ list, lookup });
  }

  #link(target: () => string, jump?: () => Inode | undefined): Inode {
    const body = { kind: "symlink", target, ...(jump === undefined ? {} : { jump }) } as const;
    return this.#vfs.makeSpecial(body, { permissions: 0o777 });
  }
}

/** The path that leads to an inode, as a link of /proc shows it; best effort for unlinked ones. */
function pathOf(inode: Inode): string {
  const names: string[] = [];
  for (let at = inode; at.parent !== undefined && at.parent !== at; at = at.parent) {
    const name = at.madeUpName || nameIn(at.parent, at);
    names.unshift(name ?? "(deleted)");
  }
  if (inode.kind === "dir") return `/${names.join("/")}`;
  return inode.kind === "fifo" ? `pipe:[${inode.ino}]` : `inode:[${inode.ino}]`;
}

const nameIn = (parent: Inode, child: Inode): string | undefined =>
  parent.directory?.list().find(({ ino }) => ino === child.ino)?.name;
