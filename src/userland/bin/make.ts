/**
 * make, for kernel modules only: builds every `obj-m` of the Makefile (or every `.ts` file when
 * there is no Makefile) against the running release, as kbuild does with `M=$PWD`.
 *
 * Source: Documentation/kbuild/modules.txt, 2.6.32; messages of gcc and GNU make.
 * The compiler is not part of the userland: whoever assembles the root file system hands it in.
 * Left out: rules, dependencies, variables other than KVER.
 */
import { O_CREAT, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

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
  /** Path of the source as messages show it. */
  readonly file: string;
  readonly source: string;
  /** What uname -r says, or KVER of the command line: whose headers to build against. */
  readonly release: string;
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

interface Targets {
  readonly names: readonly string[];
  readonly clean: boolean;
  readonly release: string | null;
}

/** `obj-m += a.o b.o` of a Makefile. */
function makefileModules(text: string): string[] {
  return [...text.matchAll(/^obj-m\s*[:+]?=\s*(.*)$/gm)]
    .flatMap((match) => (match[1] ?? "").split(/\s+/))
    .filter((word) => word.endsWith(".o"))
    .map((word) => word.slice(0, -2));
}

/** What to build; null after a message. */
function* findTargets(p: Proc): UserCall<Targets | null> {
  const words = p.argv.slice(1);
  let release: string | null = null;
  const goals: string[] = [];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith("KVER=")) release = word.slice(5);
    else if (word === "-C") {
      const result = yield* p.sys.chdir(words.shift() ?? "");
      if (result < 0) {
        yield* p.error(`make: *** ${p.strerror(result)}.  Stop.\n`);
        return null;
      }
    } else if (!/^(?:-s|-j\d*|M=.*|modules|all)$/.test(word)) goals.push(word);
  }
  const clean = goals.includes("clean");
  const wanted = goals.filter((goal) => goal !== "clean").map((goal) => goal.replace(/\.k?o$/, ""));
  const names = wanted.length > 0 ? wanted : yield* modulesHere(p);
  if (names.length > 0) return { names, clean, release };
  yield* p.error("make: *** No targets specified and no makefile found.  Stop.\n");
  return null;
}

function* modulesHere(p: Proc): UserCall<string[]> {
  const makefile = yield* p.readFile("Makefile");
  if (typeof makefile === "string") return makefileModules(makefile);
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

function* buildOne(p: Proc, build: ModuleBuilder, name: string, release: string): UserCall {
  const file = `${name}.ts`;
  const source = yield* p.readFile(file);
  if (typeof source === "number") {
    yield* p.error(`make: *** No rule to make target '${name}.o'.  Stop.\n`);
    return 2;
  }
  const result = build({ name, file, source, release });
  yield* p.print(featureLines(name, result.features ?? []));
  yield* p.print(`  CC [M]  ${name}.o\n`);
  if (!result.ok) {
    for (const { file: where, line, column, message, hint } of result.diagnostics) {
      yield* p.error(`${where}:${line}:${column}: error: ${message}\n`);
      if (hint !== undefined) yield* p.error(`${where}:${line}:${column}: note: ${hint}\n`);
    }
    yield* p.error(`make: *** [${name}.o] Error 1\n`);
    return 2;
  }
  yield* p.print(`  LD [M]  ${name}.ko\n`);
  const fd = yield* p.sys.open(`${name}.ko`, O_WRONLY | O_CREAT | O_TRUNC);
  const written = fd < 0 ? fd : yield* p.writeAll(fd, result.ko);
  if (fd >= 0) yield* p.sys.close(fd);
  if (written >= 0) return 0;
  yield* p.error(`make: *** ${name}.ko: ${p.strerror(written)}\n`);
  return 2;
}

/** The program, with the compiler that it runs. */
export function makeProgram(build: ModuleBuilder): ProgramImage {
  return defineProgram("make", function* (p) {
    const targets = yield* findTargets(p);
    if (targets === null) return 2;
    if (targets.clean) {
      for (const name of targets.names) yield* p.sys.unlink(`${name}.ko`);
      return 0;
    }
    const running = yield* p.sys.uname();
    const release = targets.release ?? (typeof running === "number" ? "" : running.release);
    for (const name of targets.names) {
      const status = yield* buildOne(p, build, name, release);
      if (status !== 0) return status;
    }
    return 0;
  });
}
