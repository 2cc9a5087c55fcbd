/**
 * What a module build depends on, as a key: the sources, the headers that they include and those that
 * these include, the configuration, the version, and the exports of those names that occur in any of
 * the texts. A header that it does not include may change and the build is still the same.
 *
 * Includes are read off the text, with those that a condition leaves out: too many headers in a key
 * cost a build, too few would be a wrong result.
 */
import type { ReleaseImage } from "#kernel";
import type { Tracer } from "../define-tracer.ts";
import type { ModuleSource } from "./own-sources.ts";

/** What of one text goes into a key. */
interface TextFacts {
  readonly hash: string;
  /** Headers that it names, whether or not the release has them. */
  readonly includes: readonly string[];
  readonly words: ReadonlySet<string>;
}

const INCLUDE = /["'<]([A-Za-z][\w.-]*(?:\/[\w.-]+)+)["'>]/g;
const WORD = /[A-Za-z_]\w*/g;

export class BuildKeys {
  readonly #hash: (text: string) => string;
  /** Of the compiler itself. */
  readonly #builder: string;
  readonly #facts = new Map<string, TextFacts>();

  constructor(hash: (text: string) => string, builder: string) {
    this.#hash = hash;
    this.#builder = builder;
  }

  /** Of a build that comes to an object, but for its version magic. */
  ofObject(
    { declaration: { name }, text, file = "", others = [] }: Tracer,
    { config, exports, headers }: ReleaseImage,
  ): string {
    const sources: readonly ModuleSource[] = [{ file, source: text }, ...others];
    const texts = this.#closure(sources, headers);
    const named = exports.filter((row) => texts.some(([, facts]) => facts?.words.has(row.name)));
    return JSON.stringify([
      ["build", this.#builder, name],
      sources.map((each) => each.file),
      askedFor(config, texts),
      texts.map(([path, facts]) => [path, facts?.hash ?? ""]),
      named.map((row) => [row.name, row.crc, row.gplOnly, row.namespace ?? ""]),
    ]);
  }

  /** Of one of the kernel's own objects, which know nothing of versions and of other objects' exports. */
  ofBuiltin(
    source: ModuleSource,
    { config, headers }: Pick<ReleaseImage, "config" | "headers">,
  ): string {
    const texts = this.#closure([source], headers);
    return JSON.stringify([
      ["builtin", this.#builder, source.file],
      askedFor(config, texts),
      texts.map(([path, facts]) => [path, facts?.hash ?? ""]),
    ]);
  }

  /** Of one that fails: its messages also say where else a name is to be found. */
  ofFailure(tracer: Tracer, image: ReleaseImage): string {
    const all = Object.entries(image.headers).sort(byKey);
    const hashes = all.map(([path, text]) => [path, this.#factsOf(text).hash]);
    return `${this.ofObject(tracer, image)}${this.#hash(JSON.stringify(hashes))}`;
  }

  /** The sources and all that they include, in order of path; undefined for what is not there. */
  #closure(
    sources: readonly ModuleSource[],
    headers: ReleaseImage["headers"],
  ): readonly (readonly [string, TextFacts | undefined])[] {
    // No header's path begins with a colon.
    const found = new Map<string, TextFacts | undefined>(
      sources.map(({ file, source }) => [`:${file}`, this.#factsOf(source)]),
    );
    const open = [...found.values()].flatMap((facts) => facts?.includes ?? []);
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (found.has(path)) continue;
      const text = headers[path];
      const facts = text === undefined ? undefined : this.#factsOf(text);
      found.set(path, facts);
      open.push(...(facts?.includes ?? []));
    }
    return [...found].sort(byKey);
  }

  #factsOf(text: string): TextFacts {
    const known = this.#facts.get(text);
    if (known !== undefined) return known;
    const facts = {
      hash: this.#hash(text),
      includes: [...text.matchAll(INCLUDE)].map((match) => match[1] ?? ""),
      words: new Set(text.match(WORD)),
    };
    this.#facts.set(text, facts);
    return facts;
  }
}

/** Every release has another LINUX_VERSION_CODE, and hardly a text asks for it. */
const askedFor = (
  config: ReleaseImage["config"],
  texts: readonly (readonly [string, TextFacts | undefined])[],
): readonly (readonly [string, unknown])[] =>
  Object.entries(config)
    .filter(
      ([name]) =>
        name !== "LINUX_VERSION_CODE" || texts.some(([, facts]) => facts?.words.has(name)),
    )
    .sort(byKey);

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
