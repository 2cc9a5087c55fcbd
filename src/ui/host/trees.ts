/**
 * The kernel's history for whoever asks for more than its releases: read when it is first asked for,
 * with images of any tree from the store.
 */
import { readHistory, type TreeHistory, type Trees } from "#tracers";
import type { Catalogue } from "./catalogue.ts";
import { ImageStore } from "./image-store.ts";
import { readTreeSource } from "./tree-files.ts";

export function openTrees(
  treePath: string,
  cachePath: string,
  { builder, identity }: Pick<Catalogue, "builder" | "identity">,
): Trees {
  const store = new ImageStore(cachePath, builder);
  let history: TreeHistory | undefined;
  return {
    identity,
    get history(): TreeHistory {
      if (history !== undefined) return history;
      const read = readHistory(readTreeSource(treePath));
      // The images were built from it.
      if (!read.ok) throw new Error(`${read.error.file}:${read.error.line}: ${read.error.message}`);
      history = read.value;
      return history;
    },
    image: (tree) => {
      const stored = store.get(tree);
      if (stored.ok) return stored.image;
      const [first] = stored.diagnostics;
      return `${first?.file}:${first?.line}: ${first?.message}`;
    },
  };
}
