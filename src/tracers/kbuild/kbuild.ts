/**
 * kbuild: from a module's source and a release's headers to a `.ko`, or to the reasons why not.
 *
 * The compiler of "C spelled as TypeScript": TypeScript's parser and name resolution, C's types and
 * conversions, offsets baked from the headers. It is pure; `typescript` is handed in because it is
 * large and loaded late. Left out: signatures.
 */

import type TypeScript from "typescript";
import type { ExportedSymbol, Layouts } from "#kernel";
import { type ApiChange, type ApiSide, diffApi } from "./api-diff.ts";
import { headerBtf } from "./btf.ts";
import { COMPILER_HEADERS } from "./c-library.ts";
import { compileUnit } from "./compile-unit.ts";
import { type CheckedUnit, type Feature, FeatureTests } from "./feature-tests.ts";
import {
  allLayouts,
  type HeaderSet,
  headerFileName,
  makeHeaderSet,
  SourceCache,
} from "./header-set.ts";
import { koText } from "./ko-text.ts";
import { type Diagnostic, formatMessage, MESSAGES, type MessageKey } from "./messages.ts";
import { dependsOn, modpost } from "./modpost.ts";
import { type ModuleUses, usesOf } from "./module-uses.ts";
import { type ModuleSource, withOwnSources } from "./own-sources.ts";
import { preprocess } from "./preprocess.ts";
import { makeProgram, mergeDiagnostics } from "./program.ts";
import { type FindSource, readSource, type SourceInfo, type Ts } from "./source-info.ts";
import { exportRows } from "./symbol-crc.ts";
import type { Config, TypeWorld } from "./type-syntax.ts";
import { type Mains, Unit } from "./unit.ts";

export interface CompileInput {
  /** Name of the module: `name.ko`. */
  readonly name: string;
  /** Path of the source as messages should show it. */
  readonly file: string;
  readonly source: string;
  /** The module's other sources, in the order in which they are linked. */
  readonly others?: readonly ModuleSource[];
  readonly headers: HeaderSet;
  /** Module.symvers of the release. Not looked at for the kernel's own files. */
  readonly symvers: readonly ExportedSymbol[];
  readonly vermagic: string;
  /** One of the kernel's own files: it may import `core/port`, and is linked with the others. */
  readonly builtin?: boolean;
  /** Text of `core/port`, for the kernel's own files. */
  readonly portHeader?: string;
}

type Linked =
  | { readonly ok: true; readonly ko: string; readonly uses: ModuleUses }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export type CompileResult = Linked & {
  /** What its feature tests found. */
  readonly features: readonly Feature[];
};

/** A compilation up to the linking: everything of the object but its symbols' versions. */
type Lowered =
  | { readonly ok: true; readonly unit: Unit; readonly scalars: readonly string[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export interface Kbuild {
  /** Parse a release's headers; the same texts and configuration give the same object. */
  readHeaders(headers: Readonly<Record<string, string>>, config: Config): HeaderSet;
  /** What is wrong with the headers themselves, their inlines included. */
  checkHeaders(headers: HeaderSet, portHeader?: string): readonly Diagnostic[];
  layouts(headers: HeaderSet): Layouts;
  /** The headers' types in BTF. */
  btf(headers: HeaderSet): Uint8Array;
  /** The rows of Module.symvers that one source file contributes. */
  exportsOf(file: string, source: string, headers: HeaderSet): readonly ExportedSymbol[];
  compile(input: CompileInput): CompileResult;
  apiDiff(before: ApiSide, after: ApiSide): readonly ApiChange[];
}

class KbuildCompiler implements Kbuild {
  readonly #ts: Ts;
  readonly #cache: SourceCache;
  readonly #sets = new Map<string, HeaderSet>();
  readonly #genksyms = new WeakMap<HeaderSet, HeaderSet>();
  readonly #features: FeatureTests;

  constructor(ts: Ts) {
    this.#ts = ts;
    this.#cache = new SourceCache(ts);
    this.#features = new FeatureTests({
      parse: (file, source) => this.#mainSource(file, source),
      check: (input, main) => this.#check(input, main),
    });
  }

  readHeaders(headers: Readonly<Record<string, string>>, config: Config): HeaderSet {
    const order = (record: Readonly<Record<string, unknown>>): unknown =>
      Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([order(headers), order(config)]);
    let set = this.#sets.get(key);
    if (set === undefined) {
      set = makeHeaderSet(this.#ts, this.#cache, headers, config);
      this.#sets.set(key, set);
    }
    return set;
  }

  checkHeaders(headers: HeaderSet, portHeader?: string): readonly Diagnostic[] {
    allLayouts(headers);
    const found = [...headers.diagnostics];
    const port = portHeader === undefined ? {} : { portHeader };
    for (const [path, info] of headers.files) {
      if (path in COMPILER_HEADERS && info.file.text === COMPILER_HEADERS[path]) continue;
      const source = info.file.text;
      const input = { name: "header", file: path, source, headers, symvers: [], vermagic: "" };
      const result = this.#lower({ ...input, ...port, builtin: true }, [info]);
      if (!result.ok) found.push(...result.diagnostics);
    }
    return found;
  }

  layouts(headers: HeaderSet): Layouts {
    return allLayouts(headers);
  }

  btf(headers: HeaderSet): Uint8Array {
    return headerBtf(this.#ts, headers);
  }

  exportsOf(file: string, source: string, headers: HeaderSet): readonly ExportedSymbol[] {
    const seen = this.#asGenksymsSees(headers);
    const info = this.#mainSource(file, preprocess(source, seen.definitions).text);
    return exportRows(this.#world(seen, seen.find), seen, info);
  }

  /** genksyms runs its own preprocessor, and says so: what is hidden from it is in no checksum. */
  #asGenksymsSees(headers: HeaderSet): HeaderSet {
    const known = this.#genksyms.get(headers);
    if (known !== undefined) return known;
    const { texts } = headers;
    const isAsked = Object.values(texts).some((text) => text.includes("__GENKSYMS__"));
    const config = { ...headers.config, __GENKSYMS__: true };
    const seen = isAsked ? makeHeaderSet(this.#ts, this.#cache, texts, config) : headers;
    this.#genksyms.set(headers, seen);
    return seen;
  }

  compile(input: CompileInput): CompileResult {
    const names = [input, ...(input.others ?? [])].map(({ file }) => file);
    const twice = names.find((file, at) => names.indexOf(file) < at);
    if (twice !== undefined)
      return { ok: false, diagnostics: [wholeFile(twice, "listedTwice", twice)], features: [] };
    const { sources, features, diagnostics } = this.#features.choose(input);
    if (diagnostics.length > 0) return { ok: false, diagnostics, features };
    return { ...this.#compile(input, sources), features };
  }

  #compile(
    input: CompileInput,
    [first, ...others]: readonly [ModuleSource, ...ModuleSource[]],
  ): Linked {
    const tooDeep = (): Linked => ({
      ok: false,
      diagnostics: [wholeFile(input.file, "tooDeep")],
    });
    const parse = ({ file, source }: ModuleSource): SourceInfo => this.#mainSource(file, source);
    return withinStack(() => this.#build(input, [parse(first), ...others.map(parse)]), tooDeep);
  }

  /** A feature test: does it compile, and what would it have to be linked to? */
  #check(input: CompileInput, main: SourceInfo): CheckedUnit {
    const lowered = withinStack(
      () => this.#lower(input, [main]),
      (): Lowered => ({ ok: false, diagnostics: [] }),
    );
    if (lowered.ok) return { reason: undefined, imports: [...lowered.unit.imports.keys()] };
    return { reason: lowered.diagnostics[0]?.message ?? MESSAGES.tooDeep[1], imports: [] };
  }

  apiDiff(before: ApiSide, after: ApiSide): readonly ApiChange[] {
    return diffApi(this.#ts, before, after);
  }

  #mainSource(file: string, source: string): SourceInfo {
    return readSource(this.#ts, file, this.#cache.parse(`/module/${file}`, source), false);
  }

  #world(headers: HeaderSet, find: FindSource): TypeWorld {
    return { ts: this.#ts, find, config: headers.config, report: () => undefined };
  }

  #build(input: CompileInput, mains: Mains): Linked {
    const lowered = this.#lower(input, mains);
    if (!lowered.ok) return lowered;
    const { unit, scalars } = lowered;
    const set = input.headers;
    const linked = input.builtin === true ? [] : modpost(unit, input.symvers);
    const versions = set.config["CONFIG_MODVERSIONS"] === true ? linked : [];
    const unlinked = mergeDiagnostics(this.#ts, [], unit.errors, never);
    if (unlinked.length > 0) return { ok: false, diagnostics: unlinked };
    const seen = this.#asGenksymsSees(set);
    const world = this.#world(seen, withOwnSources(seen.find, mains));
    const exports = mains.flatMap((main) => exportRows(world, seen, main));
    const { vermagic } = input;
    const depends = dependsOn(unit, input.symvers);
    const ko = koText({ unit, vermagic, versions, exports, depends, scalars });
    return { ok: true, ko, uses: usesOf(unit) };
  }

  #lower(input: CompileInput, mains: Mains): Lowered {
    const ts = this.#ts;
    const files = this.#filesOf(input);
    const sources = new Map<string, SourceInfo>();
    for (const [path, info] of files) sources.set(headerFileName(path), info);
    for (const main of mains) sources.set(main.file.fileName, main);
    const find = withOwnSources((path) => files.get(path), mains);
    const program = makeProgram(ts, this.#cache, { mains, sources, find });
    const syntax = mains.flatMap(({ file }) => program.getSyntacticDiagnostics(file));
    if (syntax.length > 0)
      return { ok: false, diagnostics: mergeDiagnostics(ts, syntax, [], never) };
    const fromChecker = mains
      .flatMap(({ file }) => program.getSemanticDiagnostics(file))
      .filter((diagnostic) => !isForwardReference(ts, diagnostic));
    const checker = program.getTypeChecker();
    const { name, builtin = false, headers: set } = input;
    const unit = new Unit({ ts, set, checker, mains, find, sources, name, builtin });
    const scalars = compileUnit(unit);
    const explain = (diagnostic: Diagnostic): string | undefined => whereElse(files, diagnostic);
    const diagnostics = mergeDiagnostics(ts, fromChecker, unit.errors, explain);
    if (diagnostics.length > 0) return { ok: false, diagnostics };
    for (const node of unit.unresolved) unit.report(node, "undeclared", [node.getText()]);
    const unresolved = mergeDiagnostics(ts, [], unit.errors, never);
    return unresolved.length > 0
      ? { ok: false, diagnostics: unresolved }
      : { ok: true, unit, scalars };
  }

  #filesOf(input: CompileInput): ReadonlyMap<string, SourceInfo> {
    const { files } = input.headers;
    if (input.portHeader === undefined) return files;
    return new Map(files).set("core/port", this.#cache.header("core/port", input.portHeader));
  }
}

const wholeFile = (file: string, key: MessageKey, ...args: readonly string[]): Diagnostic => ({
  code: MESSAGES[key][0],
  message: formatMessage(key, args),
  file,
  line: 1,
  column: 1,
});

/** Parser, checker and lowering are recursive: nesting can use up the host's stack. */
function withinStack<T>(work: () => T, tooDeep: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return tooDeep();
  }
}

/** TS2448 in a static initialiser: `let list = { next: addr(list) }` is plain C. */
function isForwardReference(ts: Ts, diagnostic: TypeScript.Diagnostic): boolean {
  const { code, file, start = 0 } = diagnostic;
  if (code !== 2448 || file === undefined) return false;
  const statement = file.statements.find((each) => each.pos <= start && start < each.end);
  return statement !== undefined && ts.isVariableStatement(statement);
}

const never = (): undefined => undefined;

/** TS2305 "has no exported member": name the header that has it now. */
function whereElse(
  files: ReadonlyMap<string, SourceInfo>,
  diagnostic: Diagnostic,
): string | undefined {
  if (diagnostic.code !== "TS2305" && diagnostic.code !== "TS2304" && diagnostic.code !== "TS2724")
    return undefined;
  const quoted = [...diagnostic.message.matchAll(/'([^']+)'/g)].map((match) => match[1]);
  const name = quoted.at(diagnostic.code === "TS2304" ? 0 : 1);
  if (name === undefined) return undefined;
  const homes = [...files.values()].filter((info) => info.declarations.has(name));
  return homes.length === 0
    ? undefined
    : `'${name}' is declared in ${homes.map((info) => `"${info.path}"`).join(", ")}`;
}

export const createKbuild = (ts: Ts): Kbuild => new KbuildCompiler(ts);
