/**
 * `quicksand kbuild`: builds an out-of-tree module against the headers of one release.
 */
import type { Command } from "commander";
import type { Feature } from "#tracers";
import type { CliContext } from "./context.ts";
import { AuthorError } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { CONFIG_OPTION } from "./options.ts";
import { readText } from "./scenario-files.ts";
import { writeFileWhole } from "./write-file.ts";

interface KbuildOptions extends WhichRelease {
  readonly output?: string;
}

export function addKbuildCommand(program: Command, context: CliContext): void {
  program
    .command("kbuild <source...>")
    .summary("build a kernel module against a release's headers")
    .description(
      "Builds a module: of one file, of several (then -o names it), or of what a folder has: one " +
        ".ts file, or a Makefile with obj-m. It writes NAME.ko beside the source. What does not " +
        "compile is told with file and line; then nothing is written.",
    )
    .option("--release <release>", "the release whose headers are used")
    .option(...CONFIG_OPTION)
    .option("-o, --output <file>", "where to write the .ko")
    .action(async (paths: readonly string[], options: KbuildOptions) => {
      const { catalogue, release = catalogue.defaultRelease } = await openRelease(
        context.places,
        options,
      );
      const { createModuleBuilder } = await import("../host/module-builder.ts");
      const { moduleOf } = await import("./module-files.ts");
      const { name, files, output } = moduleOf(paths, options.output);
      const [first, ...others] = files.map((file) => ({ file, source: readText(file) }));
      if (first === undefined) return;
      const build = createModuleBuilder(catalogue);
      const started = performance.now();
      const built = build(release, { name, ...first, others });
      const took = performance.now() - started;
      for (const line of featureLines(built.features ?? [], took)) context.terminal.err(line);
      if ("diagnostics" in built) throw new AuthorError(...built.diagnostics);
      writeFileWhole(output, built.ko);
      context.terminal.out(output);
    });
}

/** What each feature test found, and what it costs that there are any. */
function featureLines(features: readonly Feature[], tookMs: number): readonly string[] {
  if (features.length === 0) return [];
  const lines = features.map(({ name, holds, reason }) =>
    holds ? `checking ${name}... yes` : `checking ${name}... no (${reason})`,
  );
  const count = `${features.length} feature tests, ${features.length + 1} compilations`;
  return [...lines, `${count}, ${Math.round(tookMs)} ms`];
}
