/**
 * modprobe and depmod: modules by name, with what they need.
 *
 * Source: kmod 30 (tools/modprobe.c, depmod.c): messages and order. Left out: aliases, modprobe.d, soft
 * dependencies, -S and other roots; a cycle is told and nothing of it written.
 */
import { EEXIST, O_CLOEXEC, O_CREAT, O_NONBLOCK, O_RDONLY, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import { parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";
import {
  type Dependency,
  dependsOf,
  findModule,
  modinfoFields,
  moduleFolder,
  moduleName,
} from "./module-files.ts";
import { insmodError, loadedModules } from "./module-tools.ts";

function* insert(p: Proc, file: string, params: string): UserCall<number> {
  const fd = yield* p.sys.open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  const result = yield* p.sys.finitModule(fd, params, 0);
  yield* p.sys.close(fd);
  return result;
}

function* load(p: Proc, { file, needs }: Dependency, params: string): UserCall<number> {
  // The nearest stands first; the farthest is loaded first.
  for (const each of [...needs].reverse()) {
    const result = yield* insert(p, each, "");
    if (result >= 0 || result === -EEXIST) continue;
    yield* complain(p, each, result);
    return 1;
  }
  const result = yield* insert(p, file, params);
  if (result >= 0 || result === -EEXIST) return 0;
  yield* complain(p, file, result);
  return 1;
}

const complain = (p: Proc, file: string, result: number): UserCall =>
  p.error(`modprobe: ERROR: could not insert '${moduleName(file)}': ${insmodError(p, result)}\n`);

/** Takes a module away, and then what only it needed. */
function* unload(p: Proc, { file, needs }: Dependency): UserCall<number> {
  const name = moduleName(file);
  for (const [index, each] of [name, ...needs.map(moduleName)].entries()) {
    const modules = yield* loadedModules(p);
    const module = typeof modules === "number" ? undefined : modules.find((m) => m.name === each);
    if (module === undefined) continue;
    if (module.users !== "" || module.references !== "0") {
      if (index > 0) continue;
      const by = module.users === "" ? "." : ` by: ${module.users}`;
      yield* p.error(`modprobe: FATAL: Module ${each} is in use${by}\n`);
      return 1;
    }
    const result = yield* p.sys.deleteModule(each, O_NONBLOCK);
    if (result >= 0) continue;
    yield* p.error(`modprobe: ERROR: could not remove '${each}': ${p.strerror(result)}\n`);
    return 1;
  }
  return 0;
}

export const MODPROBE: ProgramImage = defineProgram("modprobe", function* (p) {
  const options = yield* parseOptions(p, p.argv, "r", ["remove"]);
  if (options === null) return 1;
  const [name, ...params] = options.operands;
  if (name === undefined) {
    yield* p.error("modprobe: ERROR: missing parameters. See -h.\n");
    return 1;
  }
  const found = yield* findModule(p, name);
  if (found === undefined) {
    const folder = yield* moduleFolder(p);
    yield* p.error(`modprobe: FATAL: Module ${name} not found in directory ${folder}\n`);
    return 1;
  }
  const isRemoval = options.flags.has("r") || options.flags.has("remove");
  return yield* isRemoval ? unload(p, found) : load(p, found, params.join(" "));
});

/** Every `.ko` below a folder, by path from there. */
function* moduleFiles(p: Proc, folder: string, prefix: string): UserCall<string[]> {
  const fd = yield* p.sys.open(`${folder}/${prefix}`, O_RDONLY);
  const entries = fd < 0 ? [] : yield* readDirectory(p.sys, fd);
  if (fd >= 0) yield* p.sys.close(fd);
  const found: string[] = [];
  for (const { name } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (name === "." || name === ".." || name === "build") continue;
    if (name.endsWith(".ko")) found.push(prefix + name);
    else if (!name.includes("."))
      found.push(...(yield* moduleFiles(p, folder, `${prefix}${name}/`)));
  }
  return found;
}

/** The files that `name` needs, nearest first; undefined if it needs itself. */
function chainOf(
  name: string,
  needs: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const chain: string[] = [];
  const visit = (at: string, path: readonly string[]): boolean => {
    for (const next of needs.get(at) ?? []) {
      if (next === name || path.includes(next)) return false;
      const known = chain.indexOf(next);
      if (known >= 0) chain.splice(known, 1);
      chain.push(next);
      if (!visit(next, [...path, next])) return false;
    }
    return true;
  };
  return visit(name, [name]) ? chain : undefined;
}

/** Writes modules.dep of `folder`. */
export function* writeDependencies(p: Proc, folder: string): UserCall<number> {
  const files = yield* moduleFiles(p, folder, "");
  const byName = new Map(files.map((file) => [moduleName(file), file]));
  const needs = new Map<string, readonly string[]>();
  for (const [name, file] of byName) {
    const text = yield* p.readFile(`${folder}/${file}`);
    needs.set(name, dependsOf((typeof text === "string" ? modinfoFields(text) : null) ?? []));
  }
  let out = "";
  for (const [name, file] of byName) {
    const chain = chainOf(name, needs);
    if (chain === undefined) yield* p.error(`depmod: ERROR: Cycle detected: ${name}\n`);
    const known = (chain ?? []).flatMap((each) => byName.get(each) ?? []);
    out += `${[`${file}:`, ...known].join(" ")}\n`;
  }
  const fd = yield* p.sys.open(`${folder}/modules.dep`, O_WRONLY | O_CREAT | O_TRUNC);
  const written = fd < 0 ? fd : yield* p.writeAll(fd, out);
  if (fd >= 0) yield* p.sys.close(fd);
  return written < 0 ? written : 0;
}

export const DEPMOD: ProgramImage = defineProgram("depmod", function* (p) {
  const release = p.argv.slice(1).find((word) => !word.startsWith("-"));
  const folder = release === undefined ? yield* moduleFolder(p) : `/lib/modules/${release}`;
  const result = yield* writeDependencies(p, folder);
  if (result >= 0) return 0;
  yield* p.error(`depmod: ERROR: could not write ${folder}/modules.dep: ${p.strerror(result)}\n`);
  return 1;
});
