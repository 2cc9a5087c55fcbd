/**
 * /sys/module: a directory for each loaded module, with its parameters. Text is made when it is read.
 *
 * Source: kernel/module/sysfs.c and kernel/params.c of 6.1, Documentation/ABI/testing/sysfs-module.
 * Left out: sections, notes, drivers; modules that are part of the kernel.
 */
import { EINVAL } from "../abi/errno.ts";
import type { Inode } from "../fs/inode.ts";
import type { Vfs } from "../fs/vfs.ts";
import { taintLetters } from "../lib/taint.ts";
import { modinfoValue } from "../module/ko.ts";
import type { LinkTarget } from "../module/link.ts";
import type { Module } from "../module/module.ts";
import type { ModuleList } from "../module/module-list.ts";
import { paramText, setParam } from "../module/param.ts";
import type { Kernel } from "../task/kernel.ts";

/** Linux: the words of show_initstate(). */
const STATE_WORDS = { loading: "coming", live: "live", going: "going" } as const;

/** Makes /sys/module. */
export function installSysModule(k: Kernel, target: LinkTarget, modules: ModuleList): void {
  k.vfs.place("/sys/module", new SysModule(k.vfs, target, modules).root());
}

class SysModule {
  readonly #vfs: Vfs;
  readonly #target: LinkTarget;
  readonly #modules: ModuleList;

  constructor(vfs: Vfs, target: LinkTarget, modules: ModuleList) {
    this.#vfs = vfs;
    this.#target = target;
    this.#modules = modules;
  }

  root(): Inode {
    return this.#directory(
      () => this.#modules.all().map(({ name }) => name),
      (name) => {
        const module = this.#modules.find(name);
        return module === undefined ? undefined : this.#module(module);
      },
    );
  }

  #module(module: Module): Inode {
    const texts = filesOf(module);
    const folders: Readonly<Record<string, () => Inode>> = {
      holders: () =>
        this.#directory(
          () => [...module.users],
          (name) => (module.users.has(name) ? this.#link(`../../${name}`) : undefined),
          "symlink",
        ),
      parameters: () => this.#parameters(module),
    };
    return this.#vfs.makeDynamicDirectory({
      list: () => [
        ...Object.keys(texts).map((name) => ({ name, kind: "file" as const })),
        ...Object.keys(folders).map((name) => ({ name, kind: "dir" as const })),
      ],
      lookup: (name) => {
        const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
        if (text !== undefined)
          return this.#vfs.makeGeneratedFile(() => `${text}\n`, { permissions: 0o444 });
        return Object.hasOwn(folders, name) ? folders[name]?.() : undefined;
      },
    });
  }

  /** Only parameters with permissions have a file. */
  #parameters({ object }: Module): Inode {
    const shown = object.ko.params.filter(({ permissions }) => permissions !== 0);
    return this.#directory(
      () => shown.map(({ name }) => name),
      (name): Inode | undefined => {
        const param = shown.find((each) => each.name === name);
        if (param === undefined) return undefined;
        const { permissions } = param;
        const write = (text: string): number =>
          setParam(this.#target, object, param, text.replace(/\n$/, "")) ? 0 : -EINVAL;
        return this.#vfs.makeGeneratedFile(
          () => `${paramText(this.#target, object, param)}\n`,
          { permissions },
          (permissions & 0o222) === 0 ? undefined : write,
        );
      },
      "file",
    );
  }

  #directory(
    names: () => readonly string[],
    lookup: (name: string) => Inode | undefined,
    kind: "file" | "dir" | "symlink" = "dir",
  ): Inode {
    return this.#vfs.makeDynamicDirectory({
      list: () => names().map((name) => ({ name, kind })),
      lookup,
    });
  }

  #link(target: string): Inode {
    return this.#vfs.makeSpecial({ kind: "symlink", target: () => target }, { permissions: 0o777 });
  }
}

/** The files of one module, by name. */
function filesOf(module: Module): Readonly<Record<string, string>> {
  const { ko } = module.object;
  const version = modinfoValue(ko, "version");
  const srcversion = modinfoValue(ko, "srcversion");
  return {
    coresize: String(module.sizeBytes),
    initstate: STATE_WORDS[module.state],
    refcnt: String(module.references + module.users.size),
    taint: taintLetters(module.taint),
    ...(version === undefined ? {} : { version }),
    ...(srcversion === undefined ? {} : { srcversion }),
  };
}
