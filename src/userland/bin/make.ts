/**
 * make, for kernel modules only: builds every `obj-m` of the Makefile (or every `.ts` file when
 * there is no Makefile) against the running release, as kbuild does with `M=$PWD`.
 *
 * Source: Documentation/kbuild/modules.txt, 2.6.32; messages of gcc and GNU make. What of a Makefile is
 * read, `makefile.ts` says.
 * The compiler is not part of the userland: whoever assembles the root file system hands it in.
 * A module may use what an earlier one of the same folder exports; KBUILD_EXTRA_SYMBOLS names the
 * Module.symvers of other folders. Without the release's build folder there is nothing to build with.
 * Left out: rules, dependencies.
 */
import { F_OK, O_CREAT, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";
import {
  type ModuleRule,
  makefileModules,
  moduleRule,
  readSources,
  ruleProblem,
  type SourceFile,
} from "./makefile.ts";
import { writeDependencies } from "./modprobe.ts";
import { exportedBy, type ModuleSymbol, readSymvers, symversText } from "./symvers.ts";

/** What is wrong in a source, gcc-like. */
export interface BuildProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

export interface BuildRequest {
  /** Name of the module: `name.ko`. */
  readonly name: string;
  /** What it is linked from, in order. */
  readonly sources: readonly [SourceFile, ...SourceFile[]];
  /** What uname -r says, or KVER of the command line: whose headers to build against. */
  readonly release: string;
  /** Symbols of other modules. */
  readonly symvers: readonly ModuleSymbol[];
}

/** What came of one of the module's feature tests. */
export interface BuildFeature {
  readonly name: string;
  readonly holds: boolean;
  /** Why it does not. */
  readonly reason: string;
}

export type BuildResult = (
  | { readonly ok: true; readonly ko: string }
  | { readonly ok: false; readonly diagnostics: readonly BuildProblem[] }
) & { readonly features?: readonly BuildFeature[] };

/** Builds one module against a release's headers. */
export type ModuleBuilder = (request: BuildRequest) => BuildResult;

const SYMVERS_FILE = "Module.symvers";

interface Targets {
  readonly rules: readonly ModuleRule[];
  readonly goal: "build" | "clean" | "install";
  readonly release: string | null;
  /** Module.symvers files of other folders. */
  readonly extraSymbols: readonly string[];
}

/** What to build; null after a message. */
function* findTargets(p: Proc): UserCall<Targets | null> {
  const words = p.argv.slice(1);
  let release: string | null = null;
  let extraSymbols: string[] = [];
  const goals: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith("KVER=")) release = word.slice(5);
    else if (word.startsWith("KBUILD_EXTRA_SYMBOLS="))
      extraSymbols = word.slice(word.indexOf("=") + 1).split(/\s+/);
    else if (word === "-C") {
      const result = yield* p.sys.chdir(words.shift() ?? "");
      if (result < 0) {
        yield* p.error(`make: *** ${p.strerror(result)}.  Stop.\n`);
        return null;
      }
    } else if (!/^(?:-s|-j\d*|M=.*|modules|all)$/.test(word)) goals.push(word);
  }
  const verbs = new Map([
    ["clean", "clean"],
    ["modules_install", "install"],
  ] as const);
  const goal = goals.map((word) => verbs.get(word as "clean")).find((verb) => verb !== undefined);
  const wanted = goals.filter((word) => !verbs.has(word as "clean"));
  const given = wanted.map((word) => word.replace(/\.k?o$/, ""));
  const makefile = yield* p.readFile("Makefile");
  const text = typeof makefile === "string" ? makefile : "";
  const here = typeof makefile === "string" ? makefileModules(text) : yield* sourcesHere(p);
  const names = given.length > 0 ? given : here;
  const rules = names.map((name) => moduleRule(text, name));
  if (rules.length > 0) return { rules, goal: goal ?? "build", release, extraSymbols };
  yield* p.error("make: *** No targets specified and no makefile found.  Stop.\n");
  return null;
}

/** Without a Makefile every source is a module. */
function* sourcesHere(p: Proc): UserCall<string[]> {
  const fd = yield* p.sys.open(".", 0);
  const entries = fd < 0 ? [] : yield* readDirectory(p.sys, fd);
  if (fd >= 0) yield* p.sys.close(fd);
  const sources = entries.map(({ name }) => name).filter((name) => /^[^.].*\.ts$/.test(name));
  return sources.map((name) => name.slice(0, -3)).sort();
}

/** Feature tests as a configure script tells of them, and what they cost: a compilation each. */
function featureLines(name: string, features: readonly BuildFeature[]): string {
  if (features.length === 0) return "";
  const lines = features.map(({ name: feature, holds, reason }) =>
    holds ? `checking ${feature}... yes\n` : `checking ${feature}... no (${reason})\n`,
  );
  const held = features.filter(({ holds }) => holds).length;
  const count = `${features.length} feature tests, ${held} hold, ${features.length + 1} compilations`;
  return `${lines.join("")}${name}: ${count}\n`;
}

/** What a build says on its standard output. */
function progressLines({ name, objects }: ModuleRule, result: BuildResult): string {
  const { features = [], ok } = result;
  const compiled = objects.map((object) => `  CC [M]  ${object}.o\n`);
  // Several objects become one before that is linked to be a module.
  const targets = objects.length > 1 ? [`${name}.o`, `${name}.ko`] : [`${name}.ko`];
  const linked = ok ? targets.map((target) => `  LD [M]  ${target}\n`) : [];
  return [featureLines(name, features), ...compiled, ...linked].join("");
}

/** What it says on its standard error. */
function complaintLines(name: string, diagnostics: readonly BuildProblem[]): readonly string[] {
  const lines = diagnostics.flatMap(({ file, line, column, message, hint }) => {
    const place = `${file}:${line}:${column}`;
    const note = hint === undefined ? [] : [`${place}: note: ${hint}\n`];
    return [`${place}: error: ${message}\n`, ...note];
  });
  return [...lines, `make: *** [${name}.o] Error 1\n`];
}

/** Both, for a log. */
export const buildLog = (rule: ModuleRule, result: BuildResult): string =>
  progressLines(rule, result) +
  (result.ok ? "" : complaintLines(rule.name, result.diagnostics).join(""));

function* writeFile(p: Proc, path: string, text: string): UserCall<number> {
  const fd = yield* p.sys.open(path, O_WRONLY | O_CREAT | O_TRUNC);
  const written = fd < 0 ? fd : yield* p.writeAll(fd, text);
  if (fd >= 0) yield* p.sys.close(fd);
  if (written < 0) yield* p.error(`make: *** ${path}: ${p.strerror(written)}\n`);
  return written < 0 ? 2 : 0;
}

/** Builds one module and writes it. Answers its text, or null after messages. */
function* buildOne(
  p: Proc,
  build: ModuleBuilder,
  rule: ModuleRule,
  request: Omit<BuildRequest, "name" | "sources">,
): UserCall<string | null> {
  const { name } = rule;
  const problem = ruleProblem(rule);
  if (problem !== undefined) {
    yield* p.error(`make: *** ${problem}.  Stop.\n`);
    return null;
  }
  const sources = yield* readSources(p, "", rule);
  if ("missing" in sources) {
    const { missing } = sources;
    const user = missing === name ? "" : `, needed by '${name}.o'`;
    yield* p.error(`make: *** No rule to make target '${missing}.o'${user}.  Stop.\n`);
    return null;
  }
  const result = build({ ...request, name, sources });
  yield* p.print(progressLines(rule, result));
  if (!result.ok) {
    for (const line of complaintLines(name, result.diagnostics)) yield* p.error(line);
    return null;
  }
  return (yield* writeFile(p, `${name}.ko`, result.ko)) === 0 ? result.ko : null;
}

/** The build folder of a release: its headers, and kbuild itself. */
const buildFolder = (release: string): string => `/lib/modules/${release}/build`;

function* buildAll(
  p: Proc,
  build: ModuleBuilder,
  { rules, extraSymbols }: Targets,
  release: string,
): UserCall {
  const folder = buildFolder(release);
  const found = yield* p.sys.access(folder, F_OK);
  if (found < 0) {
    yield* p.error(`make[1]: *** ${folder}: ${p.strerror(found)}.  Stop.\n`);
    yield* p.error(`make: kbuild and the headers of ${release} are not installed\n`);
    return 2;
  }
  const others: ModuleSymbol[] = [];
  for (const path of [SYMVERS_FILE, ...extraSymbols]) {
    const text = yield* p.readFile(path);
    if (typeof text === "string") others.push(...readSymvers(text));
  }
  const own: ModuleSymbol[] = [];
  const names = rules.map(({ name }) => name);
  for (const rule of rules) {
    const { name } = rule;
    const module = name.replaceAll("-", "_");
    // What was built now counts, not what was built of it before.
    const before = others.filter((symbol) => !names.includes(symbol.module));
    const ko = yield* buildOne(p, build, rule, { release, symvers: [...before, ...own] });
    if (ko === null) return 2;
    own.push(...exportedBy(module, ko));
  }
  return own.length === 0 ? 0 : yield* writeFile(p, SYMVERS_FILE, symversText(own));
}

/** modules_install: into the release's folder, and depmod over it. */
function* install(p: Proc, { rules }: Targets, release: string): UserCall {
  const folder = `/lib/modules/${release}`;
  for (const path of [folder, `${folder}/extra`]) yield* p.sys.mkdir(path, 0o755);
  for (const { name } of rules) {
    const ko = yield* p.readFile(`${name}.ko`);
    if (typeof ko === "number") {
      yield* p.error(`make: *** ${name}.ko: ${p.strerror(ko)}\n`);
      return 2;
    }
    yield* p.print(`  INSTALL ${folder}/extra/${name}.ko\n`);
    const status = yield* writeFile(p, `${folder}/extra/${name}.ko`, ko);
    if (status !== 0) return status;
  }
  yield* p.print(`  DEPMOD  ${folder}\n`);
  return (yield* writeDependencies(p, folder)) < 0 ? 2 : 0;
}

/** The program, with the compiler that it runs. */
export function makeProgram(build: ModuleBuilder): ProgramImage {
  return defineProgram("make", function* (p) {
    const targets = yield* findTargets(p);
    if (targets === null) return 2;
    if (targets.goal === "clean") {
      for (const { name } of targets.rules) yield* p.sys.unlink(`${name}.ko`);
      yield* p.sys.unlink(SYMVERS_FILE);
      return 0;
    }
    const running = yield* p.sys.uname();
    const release = targets.release ?? (typeof running === "number" ? "" : running.release);
    return yield* targets.goal === "install"
      ? install(p, targets, release)
      : buildAll(p, build, targets, release);
  });
}
