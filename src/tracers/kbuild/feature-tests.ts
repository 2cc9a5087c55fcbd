/**
 * Feature tests: which of the things that a module can do without does this release have? Each `#test`
 * of its source is compiled, and linked against the release's symbols, as a unit of its own; the
 * answers are the names of the module's `#if`s.
 *
 * Source: SystemTap's buildrun.cxx (output_autoconf, output_exportconf). A test costs a compilation,
 * so what came of one is kept under the text of the headers that it includes.
 * Left out: tests that are run.
 */

import { isGplCompatible } from "#kernel";
import { type CutSource, cutTests, type FeatureSource } from "./feature-source.ts";
import { directiveAt, displayName, type HeaderSet } from "./header-set.ts";
import type { CompileInput } from "./kbuild.ts";
import type { Diagnostic } from "./messages.ts";
import type { ModuleSource } from "./own-sources.ts";
import { preprocess } from "./preprocess.ts";
import { includeClosure, type SourceInfo } from "./source-info.ts";

/** What came of one test. */
export interface Feature {
  readonly name: string;
  readonly holds: boolean;
  /** Why it does not. */
  readonly reason: string;
}

/** A unit, compiled but not yet held against the release's symbols. */
export interface CheckedUnit {
  /** What keeps it from compiling. */
  readonly reason: string | undefined;
  readonly imports: readonly string[];
}

export interface Chosen {
  /** The module's sources, each with the lines that are for this release. */
  readonly sources: readonly [ModuleSource, ...ModuleSource[]];
  readonly features: readonly Feature[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the compiler does for a test. */
export interface TestCompiler {
  parse(file: string, source: string): SourceInfo;
  check(input: CompileInput, main: SourceInfo): CheckedUnit;
}

type CutFile = CutSource & { readonly file: string };

/** Tests of one name in two sources of a module. */
function twice(cut: readonly CutFile[]): Diagnostic[] {
  const first = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const { file, tests } of cut)
    for (const { name, line } of tests) {
      const other = first.get(name) ?? file;
      const args = [`two tests '${name}': the other is in ${other}`];
      if (other !== file)
        found.push(directiveAt(displayName(`/module/${file}`), { line, key: "badTest", args }));
      first.set(name, other);
    }
  return found;
}

/** The licence, before anything is parsed. */
function licenseOf(sources: readonly ModuleSource[]): string {
  const found = sources.map(({ source }) => /^MODULE_LICENSE\("([^"]*)"\)/m.exec(source)?.[1]);
  return found.find((license) => license !== undefined) ?? "";
}

export class FeatureTests {
  readonly #compiler: TestCompiler;
  readonly #checked = new Map<string, CheckedUnit>();
  readonly #ids = new WeakMap<SourceInfo, number>();
  readonly #configs = new WeakMap<HeaderSet, string>();
  #lastId = 0;

  constructor(compiler: TestCompiler) {
    this.#compiler = compiler;
  }

  /** What of the module is for this release. A test of one source is known to all of them. */
  choose(input: CompileInput): Chosen {
    const { others = [], ...first } = input;
    const { definitions } = input.headers;
    const cut = [first, ...others].map(({ file, source }) => ({ file, ...cutTests(source) }));
    const license = licenseOf([first, ...others]);
    const features = cut.flatMap(({ file, tests }) =>
      tests.map((test) => this.#run(test, { ...first, file }, license)),
    );
    const found = Object.fromEntries(features.map(({ name, holds }) => [name, holds]));
    const macros = { ...definitions.macros, ...found };
    const diagnostics = twice(cut);
    const choose = ({ file, text, errors }: CutFile): ModuleSource => {
      const chosen = preprocess(text, { ...definitions, macros });
      const shown = displayName(`/module/${file}`);
      for (const error of [...errors, ...chosen.errors])
        diagnostics.push(directiveAt(shown, error));
      return { file, source: chosen.text };
    };
    const [main, ...rest] = cut.map(choose);
    return { sources: [main ?? first, ...rest], features, diagnostics };
  }

  #run({ name, text }: FeatureSource, input: CompileInput, license: string): Feature {
    const unit = this.#check(preprocess(text, input.headers.definitions).text, input);
    const reason = unit.reason ?? this.#unlinked(unit.imports, input, license);
    return { name, holds: reason === undefined, reason: reason ?? "" };
  }

  #check(text: string, input: CompileInput): CheckedUnit {
    const main = this.#compiler.parse(input.file, text);
    const included = [...includeClosure(input.headers.find, main)].slice(1);
    const ids = included.map((info) => this.#idOf(info));
    // An include that is not there is in the text, and not among the headers.
    const key = JSON.stringify([this.#configOf(input.headers), ids, input.file, text]);
    const known = this.#checked.get(key);
    if (known !== undefined) return known;
    const unit = this.#compiler.check({ ...input, source: text }, main);
    this.#checked.set(key, unit);
    return unit;
  }

  /** The first symbol that the release does not give to this module. */
  #unlinked(imports: readonly string[], input: CompileInput, license: string): string | undefined {
    const mayUseGplOnly = isGplCompatible(license);
    for (const name of imports) {
      const row = input.symvers.find((each) => each.name === name);
      if (row === undefined) return `'${name}' is not exported`;
      if (row.gplOnly && !mayUseGplOnly) return `'${name}' is exported for GPL modules only`;
    }
    return undefined;
  }

  #idOf(info: SourceInfo): number {
    const id = this.#ids.get(info) ?? ++this.#lastId;
    this.#ids.set(info, id);
    return id;
  }

  #configOf(headers: HeaderSet): string {
    const text = this.#configs.get(headers) ?? JSON.stringify(headers.config);
    this.#configs.set(headers, text);
    return text;
  }
}
