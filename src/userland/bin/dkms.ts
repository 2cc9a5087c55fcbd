/**
 * dkms: modules that are built again for every kernel, from their source in /usr/src/NAME-VERSION.
 * What it knows lies in /var/lib/dkms: a link to the source, and for each kernel the module and the log.
 *
 * Source: dkms(8) and its messages, 3.0. Left out: tarballs, weak modules, patches, `match`; a module
 * of the same name that the kernel brought along. The compiler and the signer are handed in, as make's is.
 */
import { F_OK, O_CREAT, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import { parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";
import { type DkmsConf, readDkmsConf } from "./dkms-conf.ts";
import { type BuildResult, buildLog, type ModuleBuilder } from "./make.ts";
import { moduleRule, readSources, ruleProblem } from "./makefile.ts";
import { writeDependencies } from "./modprobe.ts";
import { type ModuleSigner, signFile } from "./sign-file.ts";

const TREE = "/var/lib/dkms";
const KEY = { key: `${TREE}/mok.key`, certificate: `${TREE}/mok.pub` };
const ARCH = "riscv64";
/** Exit statuses of dkms. */
const STATUS = {
  usage: 1,
  source: 2,
  present: 3,
  conf: 8,
  build: 10,
  some: 11,
  headers: 21,
} as const;

interface Tools {
  readonly build: ModuleBuilder;
  readonly sign: ModuleSigner;
}

function* fail(p: Proc, status: number, ...lines: readonly string[]): UserCall {
  yield* p.error(`Error! ${lines.join("\n")}\n`);
  return status;
}

function* names(p: Proc, path: string): UserCall<readonly string[]> {
  const fd = yield* p.sys.open(path, 0);
  const entries = fd < 0 ? [] : yield* readDirectory(p.sys, fd);
  if (fd >= 0) yield* p.sys.close(fd);
  return entries
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("."))
    .sort();
}

function* makeFolders(p: Proc, path: string): UserCall<void> {
  const parts = path.split("/").slice(1);
  for (let count = 1; count <= parts.length; count++)
    yield* p.sys.mkdir(`/${parts.slice(0, count).join("/")}`, 0o755);
}

function* write(p: Proc, path: string, text: string): UserCall<number> {
  const fd = yield* p.sys.open(path, O_WRONLY | O_CREAT | O_TRUNC);
  const written = fd < 0 ? fd : yield* p.writeAll(fd, text);
  if (fd >= 0) yield* p.sys.close(fd);
  return written;
}

const sourceOf = (name: string, version: string): string => `/usr/src/${name}-${version}`;
const builtFile = ({ name, version, module }: DkmsConf, release: string): string =>
  `${TREE}/${name}/${version}/${release}/${ARCH}/module/${module}.ko`;
const installedFile = ({ module }: DkmsConf, release: string): string =>
  `/lib/modules/${release}/updates/dkms/${module}.ko`;

/** The configuration of a package; a status after a message. */
function* readConf(p: Proc, name: string, version: string): UserCall<DkmsConf | number> {
  const folder = sourceOf(name, version);
  const text = yield* p.readFile(`${folder}/dkms.conf`);
  if (typeof text === "number")
    return yield* fail(
      p,
      STATUS.source,
      "Could not find module source directory.",
      `Directory: ${folder} does not exist, or has no dkms.conf.`,
    );
  const conf = readDkmsConf(text);
  return typeof conf === "string" ? yield* fail(p, STATUS.conf, conf) : conf;
}

/** Every package in the tree. */
function* packages(p: Proc): UserCall<readonly (readonly [name: string, version: string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const name of yield* names(p, TREE))
    for (const version of yield* names(p, `${TREE}/${name}`)) found.push([name, version]);
  return found;
}

function* add(p: Proc, { name, version }: DkmsConf): UserCall {
  const link = `${TREE}/${name}/${version}/source`;
  if ((yield* p.sys.access(link, F_OK)) === 0)
    return yield* fail(p, STATUS.present, `DKMS tree already contains: ${name}/${version}`);
  yield* makeFolders(p, `${TREE}/${name}/${version}`);
  yield* p.sys.symlink(sourceOf(name, version), link);
  yield* p.print(`Creating symlink ${link} -> ${sourceOf(name, version)}\n`);
  return 0;
}

/** What make would do in the source folder. */
function* compile(
  p: Proc,
  { build }: Tools,
  folder: string,
  module: string,
  release: string,
): UserCall<{ readonly log: string; readonly result?: BuildResult }> {
  const makefile = yield* p.readFile(`${folder}/Makefile`);
  const rule = moduleRule(typeof makefile === "string" ? makefile : "", module);
  const problem = ruleProblem(rule);
  if (problem !== undefined) return { log: `make: *** ${problem}.  Stop.\n` };
  const sources = yield* readSources(p, `${folder}/`, rule);
  if ("missing" in sources) return { log: `${sources.missing}.ts: ${p.strerror(sources.errno)}\n` };
  const result = build({ name: module, sources, release, symvers: [] });
  return { log: buildLog(rule, result), result };
}

function* build(p: Proc, tools: Tools, conf: DkmsConf, release: string): UserCall {
  const { name, version, module } = conf;
  const headers = `/lib/modules/${release}/build`;
  if ((yield* p.sys.access(headers, F_OK)) < 0)
    return yield* fail(
      p,
      STATUS.headers,
      `Your kernel headers for kernel ${release} cannot be found at ${headers}.`,
      "Please install the linux-headers package.",
    );
  const folder = `${TREE}/${name}/${version}/${release}/${ARCH}`;
  for (const part of ["module", "log"]) yield* makeFolders(p, `${folder}/${part}`);
  yield* p.print(`Building module ${name}/${version} for ${release}\n`);
  const { log, result } = yield* compile(p, tools, sourceOf(name, version), module, release);
  yield* write(
    p,
    `${folder}/log/make.log`,
    `DKMS make.log for ${name}-${version} for kernel ${release} (${ARCH})\n${log}`,
  );
  if (result?.ok !== true)
    return yield* fail(
      p,
      STATUS.build,
      `Bad return status for module build on kernel: ${release} (${ARCH}): bad exit status: 2`,
      `Consult ${folder}/log/make.log for more information.`,
    );
  const target = builtFile(conf, release);
  yield* write(p, target, result.ko);
  return yield* signBuilt(p, tools, target);
}

/** Where the machine's owner has a key, modules are signed with it. */
function* signBuilt(p: Proc, { sign }: Tools, module: string): UserCall {
  if ((yield* p.sys.access(KEY.key, F_OK)) < 0) return 0;
  yield* p.print(`Signing module ${module}\n`);
  const problem = yield* signFile(p, sign, { ...KEY, module }, module);
  return problem === null ? 0 : yield* fail(p, STATUS.build, problem);
}

function* install(p: Proc, tools: Tools, conf: DkmsConf, release: string): UserCall {
  const built = builtFile(conf, release);
  if ((yield* p.sys.access(built, F_OK)) < 0) {
    const status = yield* build(p, tools, conf, release);
    if (status !== 0) return status;
  }
  const ko = yield* p.readFile(built);
  const target = installedFile(conf, release);
  yield* makeFolders(p, target.slice(0, target.lastIndexOf("/")));
  if (typeof ko === "string") yield* write(p, target, ko);
  yield* p.print(`Installing ${target}\n`);
  return (yield* writeDependencies(p, `/lib/modules/${release}`)) < 0 ? STATUS.build : 0;
}

function* status(p: Proc): UserCall {
  for (const [name, version] of yield* packages(p)) {
    const conf = yield* readConf(p, name, version);
    if (typeof conf === "number") continue;
    const releases = (yield* names(p, `${TREE}/${name}/${version}`)).filter(
      (each) => each !== "source",
    );
    if (releases.length === 0) yield* p.print(`${name}/${version}: added\n`);
    for (const release of releases) {
      const isBuilt = (yield* p.sys.access(builtFile(conf, release), F_OK)) === 0;
      const isInstalled = (yield* p.sys.access(installedFile(conf, release), F_OK)) === 0;
      const state = isInstalled ? "installed" : isBuilt ? "built" : "added";
      yield* p.print(`${name}/${version}, ${release}, ${ARCH}: ${state}\n`);
    }
  }
  return 0;
}

/** What runs when a kernel is booted for the first time. */
function* autoinstall(p: Proc, tools: Tools, release: string): UserCall {
  let failed = false;
  for (const [name, version] of yield* packages(p)) {
    const conf = yield* readConf(p, name, version);
    if (typeof conf === "number" || !conf.autoinstall) continue;
    if ((yield* p.sys.access(installedFile(conf, release), F_OK)) === 0) continue;
    if ((yield* install(p, tools, conf, release)) !== 0) failed = true;
  }
  if (!failed) return 0;
  const text = "One or more modules failed to install during autoinstall.";
  return yield* fail(p, STATUS.some, text, "Refer to previous errors for more information.");
}

/** `-m NAME -v VERSION`, or NAME/VERSION. */
function packageOf(
  values: ReadonlyMap<string, string>,
  operands: readonly string[],
): readonly [string, string] | undefined {
  const [name = values.get("m"), version = values.get("v")] = operands[1]?.split("/") ?? [];
  return name === undefined || version === undefined ? undefined : [name, version];
}

export function dkmsProgram(tools: Tools): ProgramImage {
  return defineProgram("dkms", function* (p) {
    const options = yield* parseOptions(p, p.argv, "m:v:k:");
    if (options === null) return STATUS.usage;
    const [verb] = options.operands;
    const uts = yield* p.sys.uname();
    const release = options.values.get("k") ?? (typeof uts === "number" ? "" : uts.release);
    if (verb === "status") return yield* status(p);
    if (verb === "autoinstall") return yield* autoinstall(p, tools, release);
    const which = packageOf(options.values, options.operands);
    if (which === undefined || !["add", "build", "install"].includes(verb ?? "")) {
      yield* p.error(
        "Usage: dkms add|build|install NAME/VERSION [-k RELEASE], status, autoinstall\n",
      );
      return STATUS.usage;
    }
    const conf = yield* readConf(p, ...which);
    if (typeof conf === "number") return conf;
    if (verb === "add") return yield* add(p, conf);
    return yield* verb === "build"
      ? build(p, tools, conf, release)
      : install(p, tools, conf, release);
  });
}
