/**
 * What a kernel module's Makefile says: which modules there are, and of which sources each is made.
 *
 *     obj-m := probe.o
 *     probe-y := script.o runtime.o       without this line: of probe.ts alone
 *
 * Source: Documentation/kbuild/modules.rst and scripts/Makefile.build of 6.1 ("Circular ... dropped").
 * Left out: rules, other variables, $(CONFIG_X), folders below.
 */
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** One file of a module. */
export interface SourceFile {
  /** Path of the source as messages show it. */
  readonly file: string;
  readonly source: string;
}

/** A module, and the objects that it is linked from. */
export interface ModuleRule {
  readonly name: string;
  readonly objects: readonly string[];
}

/** `NAME := a.o b.o` and `NAME += c.o`, wherever they stand; undefined if nobody says anything. */
function objectsOf(text: string, variable: string): readonly string[] | undefined {
  const lines = text.replaceAll("\\\n", " ").split("\n");
  const values = lines.flatMap((line) => {
    const [, name, value = ""] = /^([\w-]+)\s*[:+]?=\s*([^#]*)/.exec(line) ?? [];
    return name === variable ? [value] : [];
  });
  if (values.length === 0) return undefined;
  const words = values.flatMap((value) => value.split(/\s+/));
  return words.filter((word) => word.endsWith(".o")).map((word) => word.slice(0, -2));
}

/** `obj-m` of a Makefile. */
export const makefileModules = (text: string): readonly string[] => objectsOf(text, "obj-m") ?? [];

/** What a module is made of. Without a Makefile's word, of the source of its own name. */
export function moduleRule(makefile: string, name: string): ModuleRule {
  const parts = [objectsOf(makefile, `${name}-y`), objectsOf(makefile, `${name}-objs`)];
  const objects = [...new Set(parts.flatMap((part) => part ?? []))];
  return { name, objects: parts.every((part) => part === undefined) ? [name] : objects };
}

/** Why a rule cannot be followed; undefined if it can. */
export function ruleProblem({ name, objects }: ModuleRule): string | undefined {
  const isComposite = objects.length !== 1 || objects[0] !== name;
  if (isComposite && objects.includes(name)) return `Circular ${name}.o <- ${name}.o dependency`;
  return objects.length === 0 ? `${name}.o has no objects` : undefined;
}

/** The sources of a module in a folder (with a slash at its end), or which of them cannot be read. */
export function* readSources(
  p: Proc,
  folder: string,
  { objects }: ModuleRule,
): UserCall<readonly [SourceFile, ...SourceFile[]] | { missing: string; errno: number }> {
  const sources: SourceFile[] = [];
  for (const object of objects) {
    const file = `${object}.ts`;
    const source = yield* p.readFile(`${folder}${file}`);
    if (typeof source === "number") return { missing: object, errno: source };
    sources.push({ file, source });
  }
  const [first, ...others] = sources;
  return first === undefined ? { missing: "", errno: 0 } : [first, ...others];
}
