/**
 * /proc: a directory a task, and what the machine says of itself. Text is made when it is read.
 *
 * Source: proc(5), fs/proc of 6.1. Left out: most files; those that exist have Linux's form.
 */

import type { Inode } from "../fs/inode.ts";
import { bytesOps } from "../fs/regular-ops.ts";
import type { Vfs } from "../fs/vfs.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { openTaskMemory } from "./proc-memory.ts";
import {
  cmdlineText,
  mapsText,
  type ProcTerminal,
  statmText,
  statText,
  statusText,
  syscallText,
} from "./proc-task.ts";

/** One file of the machine as a whole; `write` makes it writable, by its owner. */
export interface ProcFile {
  readonly text: () => string;
  readonly write?: (text: string) => number;
}

/** By their paths under /proc. */
export type ProcFiles = Readonly<Record<string, ProcFile>>;

type TaskText = (t: Task) => string;

/** Files of a task, in the order in which they are listed. */
const taskFiles = (terminal: ProcTerminal): Readonly<Record<string, TaskText>> => ({
  cmdline: cmdlineText,
  comm: (t) => `${t.comm}\n`,
  maps: mapsText,
  stat: (t) => statText(t, terminal),
  statm: statmText,
  status: statusText,
  syscall: syscallText,
});

type Listed = { readonly name: string; readonly kind: "file" | "dir" | "symlink" };

/** Makes /proc. `files` are the machine's own as they are now, with "/" for directories below it. */
export function installProc(
  k: Kernel,
  vfs: Vfs,
  files: () => ProcFiles,
  terminal: ProcTerminal,
): void {
  vfs.place("/proc", new Proc(k, vfs, files, terminal).root());
}

class Proc {
  readonly #k: Kernel;
  readonly #vfs: Vfs;
  readonly #files: () => ProcFiles;
  readonly #taskFiles: Readonly<Record<string, TaskText>>;

  constructor(k: Kernel, vfs: Vfs, files: () => ProcFiles, terminal: ProcTerminal) {
    this.#k = k;
    this.#vfs = vfs;
    this.#files = files;
    this.#taskFiles = taskFiles(terminal);
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
    const paths = Object.keys(this.#files()).filter((path) => path.startsWith(prefix));
    const names = new Set(paths.map((path) => path.slice(prefix.length).split("/")[0] as string));
    return [...names].map((name) => ({
      name,
      kind: this.#files()[prefix + name] === undefined ? "dir" : "file",
    }));
  }

  #machineFile(prefix: string, name: string): Inode | undefined {
    const file = this.#files()[prefix + name];
    if (file !== undefined) {
      const permissions = file.write === undefined ? 0o444 : 0o644;
      return this.#vfs.makeGeneratedFile(file.text, { permissions }, file.write);
    }
    const inner = `${prefix}${name}/`;
    if (this.#below(inner).length === 0) return undefined;
    return this.#dir(
      () => this.#below(inner),
      (child) => this.#machineFile(inner, child),
    );
  }

  #taskDirectory(t: Task, withThreads: boolean): Inode {
    const own: Listed[] = [
      { name: "auxv", kind: "file" },
      { name: "mem", kind: "file" },
      { name: "exe", kind: "symlink" },
      { name: "cwd", kind: "symlink" },
      { name: "fd", kind: "dir" },
    ];
    const texts = Object.keys(this.#taskFiles).map((name): Listed => ({ name, kind: "file" }));
    const threads: Listed[] = withThreads ? [{ name: "task", kind: "dir" }] : [];
    return this.#dir(
      () => [...texts, ...own, ...threads],
      (name) => {
        const text = this.#taskFiles[name];
        if (text !== undefined) return this.#vfs.makeGeneratedFile(() => text(t));
        if (name === "exe") return this.#link(() => t.exe);
        if (name === "cwd")
          return this.#link(
            () => pathOf(t.fs.cwd),
            () => t.fs.cwd,
          );
        if (name === "mem" || name === "auxv") return this.#ownersFile(t, name);
        if (name === "fd") return this.#fdDirectory(t);
        return name === "task" && withThreads ? this.#threadsDirectory(t) : undefined;
      },
    );
  }

  /** What only the task's user may open. */
  #ownersFile(t: Task, name: "mem" | "auxv"): Inode {
    const attributes = { uid: t.cred.euid, gid: t.cred.egid };
    return name === "mem"
      ? this.#vfs.makeSpecial(
          { kind: "made", open: () => openTaskMemory(this.#k, t) },
          { ...attributes, permissions: 0o600 },
        )
      : this.#vfs.makeSpecial(
          { kind: "made", open: () => bytesOps(t.mm?.auxv ?? new Uint8Array(0)) },
          { ...attributes, permissions: 0o400 },
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

/** What /proc/PID/fd shows before the number of an inode without a name. */
const LINK_WORDS: Readonly<Record<string, string>> = { fifo: "pipe", socket: "socket" };

/** The path that leads to an inode, as a link of /proc shows it; best effort for unlinked ones. */
function pathOf(inode: Inode): string {
  const names: string[] = [];
  for (let at = inode; at.parent !== undefined && at.parent !== at; at = at.parent) {
    const name = at.madeUpName || nameIn(at.parent, at);
    names.unshift(name ?? "(deleted)");
  }
  if (inode.kind === "dir") return `/${names.join("/")}`;
  if (inode.body.kind === "anon") return inode.body.label;
  return `${LINK_WORDS[inode.kind] ?? "inode"}:[${inode.ino}]`;
}

const nameIn = (parent: Inode, child: Inode): string | undefined =>
  parent.directory?.list().find(({ ino }) => ino === child.ino)?.name;
