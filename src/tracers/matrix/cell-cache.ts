/**
 * Cells that were run before. A cell is a function of the tracer, the image, the home image if there
 * is one, what else lies on the disk, the command line, the seed, and our own code: a digest of all that is its key.
 *
 * The `.ko` itself is not in the key, but all that it is built from.
 */
import type { ReleaseImage, RootTree } from "#kernel";
import type { Tracer } from "../define-tracer.ts";
import type { Delivery } from "./cell.ts";
import type { ResultStore } from "./result-store.ts";

export interface CellKeyParts {
  readonly tracer: Tracer;
  readonly delivery: Delivery;
  readonly image: ReleaseImage;
  readonly home: ReleaseImage;
  readonly commandLine: string;
}

export class CellCache {
  readonly #store: ResultStore;
  /** What all keys begin with. */
  readonly #prefix: string;
  readonly #images: WeakMap<ReleaseImage, string> = new WeakMap();

  /** `code` is a digest of quicksand's own code. */
  constructor(store: ResultStore, code: string, root: RootTree, seed: number) {
    this.#store = store;
    this.#prefix = JSON.stringify(["cell", code, hashRoot(root, store), seed]);
  }

  /** What is known of a cell under the name `what`. */
  get(what: string, parts: CellKeyParts): unknown {
    return this.#store.get(this.#keyOf(what, parts));
  }

  put(what: string, parts: CellKeyParts, value: unknown): void {
    this.#store.put(this.#keyOf(what, parts), value);
  }

  #keyOf(what: string, { tracer, delivery, image, home, commandLine }: CellKeyParts): string {
    const { declaration, text, file = "", others = [], declared = "" } = tracer;
    return JSON.stringify([
      this.#prefix,
      what,
      declaration.name,
      declaration.workload,
      commandLine,
      [delivery, this.#imageHash(image), this.#imageHash(home)],
      [file, text, declared].map((each) => this.#store.hash(each)),
      others.map((each) => [each.file, this.#store.hash(each.source)]),
    ]);
  }

  #imageHash(image: ReleaseImage): string {
    const known = this.#images.get(image);
    if (known !== undefined) return known;
    const hash = this.#store.hash(JSON.stringify(image));
    this.#images.set(image, hash);
    return hash;
  }
}

/** Programs are our own code, and stand for themselves. */
function hashRoot(root: RootTree, store: ResultStore): string {
  const entries = Object.entries(root).map(([path, entry]) => {
    if (entry instanceof Uint8Array || typeof entry === "string") return [path, store.hash(entry)];
    return [path, "entries" in entry ? "program" : JSON.stringify(entry)];
  });
  return store.hash(JSON.stringify(entries));
}
