/**
 * Builds and API diffs of one matrix, each made once: three deliveries and the prediction ask for the
 * same ones again and again.
 */
import type { ReleaseImage } from "#kernel";
import type { Tracer } from "../define-tracer.ts";
import type { ApiChange, ApiSide } from "../kbuild/api-diff.ts";
import type { HeaderSet } from "../kbuild/header-set.ts";
import type { Kbuild } from "../kbuild/kbuild.ts";
import type { Diagnostic } from "../kbuild/messages.ts";
import type { ModuleUses } from "../kbuild/module-uses.ts";

export type Built =
  | { readonly ok: true; readonly ko: string; readonly uses: ModuleUses }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export class BuildCache {
  readonly #kbuild: Kbuild;
  readonly #ids: Map<ReleaseImage, string> = new Map();
  readonly #headers: Map<string, HeaderSet> = new Map();
  readonly #builds: Map<string, Built> = new Map();
  readonly #diffs: Map<string, readonly ApiChange[]> = new Map();

  constructor(kbuild: Kbuild) {
    this.#kbuild = kbuild;
  }

  /** A module built against one release. */
  build(
    { declaration: { name }, text: source, file = `${name}.ts` }: Tracer,
    image: ReleaseImage,
  ): Built {
    return remember(this.#builds, `${this.#idOf(image)}\0${name}\0${source}`, () =>
      this.#kbuild.compile({
        name,
        file,
        source,
        headers: this.#headersOf(image),
        symvers: image.exports,
        vermagic: image.vermagic,
      }),
    );
  }

  /** What changed in the internal API between two releases. */
  diff(before: ReleaseImage, after: ReleaseImage): readonly ApiChange[] {
    return remember(this.#diffs, `${this.#idOf(before)}\0${this.#idOf(after)}`, () =>
      this.#kbuild.apiDiff(this.#side(before), this.#side(after)),
    );
  }

  /** Two trees may have one name: both are some patches past a release. */
  #idOf(image: ReleaseImage): string {
    return remember(this.#ids, image, () => `${image.release}\0${this.#ids.size}`);
  }

  #side(image: ReleaseImage): ApiSide {
    return { headers: this.#headersOf(image), exports: image.exports };
  }

  #headersOf(image: ReleaseImage): HeaderSet {
    return remember(this.#headers, this.#idOf(image), () =>
      this.#kbuild.readHeaders(image.headers, image.config),
    );
  }
}

function remember<K, T>(map: Map<K, T>, key: K, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
