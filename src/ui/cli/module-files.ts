/**
 * Which module the arguments of `quicksand kbuild` mean, and which files it is made of.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { type ModuleRule, makefileModules, moduleRule, ruleProblem } from "#userland";
import { usageError } from "./exit-code.ts";
import { readText } from "./scenario-files.ts";

export interface ModuleFiles {
  /** The module's own name. */
  readonly name: string;
  readonly files: readonly string[];
  /** Where the object goes. */
  readonly output: string;
}

/** `a/my-probe.ts` to `my_probe`. */
const moduleName = (path: string): string =>
  basename(path)
    .replace(/\.(?:ts|ko)$/, "")
    .replaceAll("-", "_");

/** Which module the arguments mean. */
export function moduleOf(paths: readonly string[], wanted: string | undefined): ModuleFiles {
  const module = named(paths, wanted);
  const output = resolve(module.output);
  if (module.files.some((file) => resolve(file) === output))
    throw usageError("QS1109", `${module.output} would be written over: it is a source`);
  return module;
}

function named(paths: readonly string[], wanted: string | undefined): ModuleFiles {
  for (const path of paths)
    if (!existsSync(path)) throw usageError("QS1103", `cannot read ${path}: ENOENT`);
  const [path = "", another] = paths;
  if (another !== undefined || !statSync(path).isDirectory()) checkSources(paths);
  if (another !== undefined) {
    if (wanted !== undefined) return { name: moduleName(wanted), files: paths, output: wanted };
    const hint = "name the module they make: -o NAME.ko";
    throw usageError("QS1109", "several sources, and no name for what they make", hint);
  }
  if (!statSync(path).isDirectory())
    return {
      name: moduleName(path),
      files: paths,
      output: wanted ?? path.replace(/\.ts$/, ".ko"),
    };
  return moduleInFolder(path, wanted);
}

/** What is written stands beside them, and must not be one of them. */
function checkSources(paths: readonly string[]): void {
  const other = paths.find((path) => !path.endsWith(".ts") || statSync(path).isDirectory());
  if (other !== undefined) throw usageError("QS1109", `${other} is no source: those end in .ts`);
}

function moduleInFolder(folder: string, wanted: string | undefined): ModuleFiles {
  const rule = existsSync(join(folder, "Makefile")) ? ruleOf(folder) : onlySource(folder);
  const problem = ruleProblem(rule);
  if (problem !== undefined) throw usageError("QS1109", `${join(folder, "Makefile")}: ${problem}`);
  return {
    name: moduleName(rule.name),
    files: rule.objects.map((object) => join(folder, `${object}.ts`)),
    output: wanted ?? join(folder, `${rule.name}.ko`),
  };
}

/** The one module of a Makefile. */
function ruleOf(folder: string): ModuleRule {
  const path = join(folder, "Makefile");
  const text = readText(path);
  const names = makefileModules(text);
  const [only, another] = names;
  if (only !== undefined && another === undefined) return moduleRule(text, only);
  const found = only === undefined ? "no obj-m" : `${names.length} modules`;
  throw usageError("QS1109", `${path} has ${found}`, "obj-m := NAME.o says which module there is");
}

function onlySource(folder: string): ModuleRule {
  // A tracer's folder has its declaration beside the module.
  const sources = readdirSync(folder).filter(
    (name) => /^[^.].*(?<!\.d)\.ts$/.test(name) && name !== "tracer.ts",
  );
  const [only, another] = sources;
  if (only !== undefined && another === undefined) return moduleRule("", only.replace(/\.ts$/, ""));
  const found = only === undefined ? "no .ts file" : `${sources.length} .ts files`;
  const hint = "a Makefile says what they make, or name them with -o NAME.ko";
  throw usageError("QS1109", `${folder} has ${found}`, hint);
}
