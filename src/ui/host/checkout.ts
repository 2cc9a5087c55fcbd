/**
 * From a learner's checkout to an image that boots, or to what is wrong with it: a type error in a
 * header, a patch that does not apply, a binding of a member that is no longer there.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { boot, type ReleaseImage } from "#kernel";
import { applyPatchFile, done, failed, readDiff, type TreeFiles, type TreeResult } from "#tracers";
import { userlandRoot } from "#userland";
import type { Diagnostic } from "../diagnostic.ts";
import { createEvaluator } from "./evaluate.ts";
import type { ImageStore } from "./image-store.ts";
import { readCheckout } from "./tree-files.ts";

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

/** Builds the tree in `dir` and boots it once; an image that is known is not built again. */
export function buildCheckout(dir: string, store: ImageStore): BuiltCheckout {
  const tree = readCheckout(dir);
  if (!tree.ok) return { ok: false, diagnostics: [tree.error] };
  const stored = store.get(tree.value);
  if (!stored.ok) {
    const at = (file: string): string => join(dir, file);
    return { ok: false, diagnostics: stored.diagnostics.map((d) => ({ ...d, file: at(d.file) })) };
  }
  const problem = whyItDoesNotBoot(stored.image);
  if (problem === undefined) return stored;
  return { ok: false, diagnostics: [failed("doesNotBoot", dir, 0, problem).error] };
}

/** What the kernel's own checks say of a tree is its author's affair here, and no bug of ours. */
function whyItDoesNotBoot(image: ReleaseImage): string | undefined {
  try {
    boot({ image, seed: 1, root: userlandRoot(), evaluate: createEvaluator() });
    return undefined;
  } catch (error) {
    return `it builds, and does not boot: ${error instanceof Error ? error.message : String(error)}`;
  }
}
