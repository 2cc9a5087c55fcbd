/**
 * `quicksand tree`: the kernel's own source, taken out to be changed. `checkout` writes a release's
 * tree into a folder, `build` makes an image of what has become of it.
 */
import type { Command } from "commander";
import { findRelease, readHistory, releaseName, type TreeHistory, type TreeResult } from "#tracers";
import { readTreeSource, writeCheckout } from "../host/tree-files.ts";
import type { CliContext } from "./context.ts";
import { AuthorError } from "./exit-code.ts";
import { buildTree } from "./open-client.ts";
import { CONFIG_OPTION, repeated } from "./options.ts";
import type { Places } from "./places.ts";

export function take<T>(result: TreeResult<T>): T {
  if (result.ok) return result.value;
  throw new AuthorError(result.error);
}

export const openHistory = (places: Places): TreeHistory =>
  take(readHistory(readTreeSource(places.tree)));

interface CheckoutOptions {
  readonly patch: readonly string[];
}

export function addTreeCommand(program: Command, context: CliContext): void {
  const tree = program
    .command("tree")
    .summary("take the kernel's source out, change it, build it")
    .description(
      "The simulated kernel's own source. Take a release's tree out into a folder, edit it there, " +
        "and see who breaks: `matrix`, `run --tracer`, `why` and `shell` take `--tree DIR`.",
    );
  tree
    .command("checkout <release> <dir>")
    .summary("write a release's tree into a new folder")
    .description("Writes the source tree of a release into a new or empty folder.")
    .option("--patch <file>", "apply this patch, too; may be repeated", repeated, [])
    .action(async (name: string, dir: string, { patch }: CheckoutOptions) => {
      const release = take(findRelease(openHistory(context.places), name));
      const { applyOwnPatches } = await import("../host/checkout.ts");
      const files = take(applyOwnPatches(release.files, patch));
      take(writeCheckout(dir, release, files));
      context.terminal.out(`${releaseName(release)}: ${Object.keys(files).length} files in ${dir}`);
    });
  tree
    .command("build <dir>")
    .summary("check and build a tree")
    .description(
      "Checks the tree in a folder that `checkout` made, builds an image of it and boots that " +
        "once. What is wrong is told with file and line.",
    )
    .option(...CONFIG_OPTION)
    .action(async (dir: string, { config }: { readonly config?: string }) => {
      const { image } = await buildTree(context.places, dir, config);
      const { release, objects, exports } = image;
      context.terminal.out(
        `${release}: ${objects.length} objects, ${exports.length} exported symbols; it boots`,
      );
    });
}
