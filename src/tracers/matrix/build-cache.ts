/**
 * Builds and API diffs of one matrix, each made once: three deliveries and the prediction ask for the
 * same ones again and again. What a store remembers from another time is not made at all, and then
 * the compiler is not even loaded.
 */
import { type CompileModule, compileKo, type ReleaseImage } from "#kernel";
import { type Tracer, textsOf } from "../define-tracer.ts";
import type { ApiChange } from "../kbuild/api-diff.ts";
import { BuildKeys } from "../kbuild/build-key.ts";
import type { HeaderSet } from "../kbuild/header-set.ts";
import type { Kbuild } from "../kbuild/kbuild.ts";
import { withVermagic } from "../kbuild/ko-text.ts";
import type { Diagnostic } from "../kbuild/messages.ts";
import type { ModuleUses } from "../kbuild/module-uses.ts";
import type { ResultStore } from "./result-store.ts";

export type Built =
  | { readonly ok: true; readonly ko: string; readonly uses: ModuleUses }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Where builds and diffs are kept, and a hash of the code that makes them. */
export interface BuildStore {
  readonly store: ResultStore;
  readonly builder: string;
}

export class BuildCache {
  readonly #makeKbuild: () => Kbuild;
  readonly #kept: (BuildStore & { readonly keys: BuildKeys }) | undefined;
  #kbuild: Kbuild | undefined;
  readonly #ids: Map<ReleaseImage, string> = new Map();
  readonly #apis: Map<ReleaseImage, string> = new Map();
  readonly #headers: Map<string, HeaderSet> = new Map();
  readonly #builds: Map<string, Built> = new Map();
  readonly #diffs: Map<string, readonly ApiChange[]> = new Map();
  readonly #linkable: Map<string, ReturnType<CompileModule>> = new Map();

  constructor(makeKbuild: () => Kbuild, kept?: BuildStore) {
    this.#makeKbuild = makeKbuild;
    this.#kept = kept && {
      ...kept,
      keys: new BuildKeys((text) => kept.store.hash(text), kept.builder),
    };
  }

  /** A module built against one release. */
  build(tracer: Tracer, image: ReleaseImage): Built {
    const { name } = tracer.declaration;
    return remember(this.#builds, [this.#idOf(image), name, ...textsOf(tracer)].join("\0"), () => {
      const built = this.#keptBuild(tracer, image);
      return built.ok ? { ...built, ko: withVermagic(built.ko, image.vermagic) } : built;
    });
  }

  /** Without a version magic: releases that differ in nothing else share a build. */
  #keptBuild(tracer: Tracer, image: ReleaseImage): Built {
    if (this.#kept === undefined) return this.#compile(tracer, image);
    const { store, keys } = this.#kept;
    const [ok, failed] = [keys.ofObject(tracer, image), keys.ofFailure(tracer, image)];
    const known = store.get(ok) ?? store.get(failed);
    if (known !== undefined) return known as Built;
    const built = this.#compile(tracer, image);
    store.put(built.ok ? ok : failed, built);
    return built;
  }

  /** A module file ready to link: dozens of machines load the same one. */
  readonly linkable: CompileModule = (source, file) =>
    remember(this.#linkable, `${file}\0${source}`, () => compileKo(source, file));

  /** What changed in the internal API between two releases. */
  diff(before: ReleaseImage, after: ReleaseImage): readonly ApiChange[] {
    return remember(this.#diffs, `${this.#idOf(before)}\0${this.#idOf(after)}`, () => {
      const make = (): readonly ApiChange[] => {
        this.#kbuild ??= this.#makeKbuild();
        const [from, to] = [before, after].map((image) => ({
          headers: this.#headersOf(image),
          exports: image.exports,
        }));
        return from && to ? this.#kbuild.apiDiff(from, to) : [];
      };
      if (this.#kept === undefined) return make();
      const { store, builder } = this.#kept;
      const key = JSON.stringify(["diff", builder, this.#apiOf(before), this.#apiOf(after)]);
      const known = store.get(key) as readonly ApiChange[] | undefined;
      if (known !== undefined) return known;
      const made = make();
      store.put(key, made);
      return made;
    });
  }

  #compile(
    { declaration: { name }, text: source, file = `${name}.ts`, others = [] }: Tracer,
    image: ReleaseImage,
  ): Built {
    this.#kbuild ??= this.#makeKbuild();
    const result = this.#kbuild.compile({
      name,
      file,
      source,
      others,
      headers: this.#headersOf(image),
      symvers: image.exports,
      vermagic: "",
    });
    return result.ok
      ? { ok: true, ko: result.ko, uses: result.uses }
      : { ok: false, diagnostics: result.diagnostics };
  }

  /** Two trees may have one name: both are some patches past a release. */
  #idOf(image: ReleaseImage): string {
    return remember(this.#ids, image, () => `${image.release}\0${this.#ids.size}`);
  }

  /** A digest of what a diff looks at. */
  #apiOf(image: ReleaseImage): string {
    const { headers, config, exports } = image;
    return remember(
      this.#apis,
      image,
      () => this.#kept?.store.hash(JSON.stringify([headers, config, exports])) ?? "",
    );
  }

  #headersOf(image: ReleaseImage): HeaderSet {
    return remember(this.#headers, this.#idOf(image), () => {
      this.#kbuild ??= this.#makeKbuild();
      return this.#kbuild.readHeaders(image.headers, image.config);
    });
  }
}

function remember<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
