/**
 * Feature tests: which of the things that a module can do without does this release have? Each `#test`
 * of its source is compiled, and linked against the release's symbols, as a unit of its own; the
 * answers are the names of the module's `#if`s.
 *
 * Source: SystemTap's buildrun.cxx (output_autoconf, output_exportconf). A test costs a compilation,
 * so what came of one is kept under the text of the headers that it includes.
 * Left out: tests that are run.
 */

import { cutTests, type FeatureSource } from "./feature-source.ts";
import { directiveAt, displayName, type HeaderSet } from "./header-set.ts";
import type { CompileInput } from "./kbuild.ts";
import type { Diagnostic } from "./messages.ts";
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
  /** The lines that are for this release. */
  readonly text: string;
  readonly features: readonly Feature[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What the compiler does for a test. */
export interface TestCompiler {
  parse(file: string, source: string): SourceInfo;
  check(input: CompileInput, main: SourceInfo): CheckedUnit;
  mayUseGplOnly(source: string): boolean;
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

  /** What of `input.source` is for this release. */
  choose(input: CompileInput): Chosen {
    const { definitions } = input.headers;
    const cut = cutTests(input.source);
    const features = cut.tests.map((test) => this.#run(test, input));
    const found = Object.fromEntries(features.map(({ name, holds }) => [name, holds]));
    const macros = { ...definitions.macros, ...found };
    const { text, errors } = preprocess(cut.text, { ...definitions, macros });
    const file = displayName(`/module/${input.file}`);
    const diagnostics = [...cut.errors, ...errors].map((error) => directiveAt(file, error));
    return { text, features, diagnostics };
  }

  #run({ name, text }: FeatureSource, input: CompileInput): Feature {
    const unit = this.#check(preprocess(text, input.headers.definitions).text, input);
    const reason = unit.reason ?? this.#unlinked(unit.imports, input);
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
  #unlinked(imports: readonly string[], input: CompileInput): string | undefined {
    const mayUseGplOnly = this.#compiler.mayUseGplOnly(input.source);
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
