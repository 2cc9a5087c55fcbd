/**
 * From a learner's checkout to an image, or to what is wrong with it: a type error in a header, a
 * patch that does not apply. And a release in a configuration that has no image yet.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReleaseImage } from "#kernel";
import {
  applyPatchFile,
  configured,
  done,
  failed,
  findRelease,
  readDiff,
  readHistory,
  type TreeFiles,
  type TreeRelease,
  type TreeResult,
} from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import { CacheUnwritable, type ImageStore, type StoredImage } from "./image-store.ts";
import { readCheckout, readTreeSource } from "./tree-files.ts";

/** A release's files with patches of the learner's own on top, in the order given. */
export function applyOwnPatches(
  files: TreeFiles,
  patches: readonly string[],
): TreeResult<TreeFiles> {
  let result = files;
  for (const file of patches) {
    const text = readText(file);
    if (text === undefined) return failed("noSuchPatch", file, 0, "cannot be read");
    const patch = readDiff(file, text);
    if (!patch.ok) return patch;
    const after = applyPatchFile(result, patch.value);
    if (!after.ok) return after;
    result = after.value;
  }
  return done(result);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

export type BuiltCheckout =
  | { readonly ok: true; readonly image: ReleaseImage; readonly file: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Builds a release, or a release in a configuration, from the tree's history. */
export function buildConfigured(treePath: string, name: string, store: ImageStore): BuiltCheckout {
  const history = readHistory(readTreeSource(treePath));
  const release = history.ok ? findRelease(history.value, name) : history;
  if (!release.ok) return { ok: false, diagnostics: [release.error] };
  const stored = getImage(store, release.value);
  return stored instanceof CacheUnwritable
    ? { ok: false, diagnostics: [stored.diagnostic] }
    : stored;
}

/** Builds the tree in `dir`; an image that is known is not built again. */
export function buildCheckout(dir: string, store: ImageStore, config?: string): BuiltCheckout {
  const checkout = readCheckout(dir);
  const tree = checkout.ok && config !== undefined ? configured(checkout.value, config) : checkout;
  if (!tree.ok) return { ok: false, diagnostics: [tree.error] };
  const stored = getImage(store, tree.value);
  if (stored instanceof CacheUnwritable) return { ok: false, diagnostics: [stored.diagnostic] };
  if (!stored.ok) {
    const at = (file: string): string => join(dir, file);
    return { ok: false, diagnostics: stored.diagnostics.map((d) => ({ ...d, file: at(d.file) })) };
  }
  return stored;
}

function getImage(store: ImageStore, tree: TreeRelease): StoredImage | CacheUnwritable {
  try {
    return store.get(tree);
  } catch (error) {
    if (error instanceof CacheUnwritable) return error;
    throw error;
  }
}
