/**
 * `quicksand kbuild`: builds an out-of-tree module against the headers of one release.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Feature } from "#tracers";
import type { CliContext } from "./context.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { CONFIG_OPTION } from "./options.ts";
import { readText } from "./scenario-files.ts";
import { writeFileWhole } from "./write-file.ts";

interface KbuildOptions extends WhichRelease {
  readonly output?: string;
}

export function addKbuildCommand(program: Command, context: CliContext): void {
  program
    .command("kbuild <source>")
    .summary("build a kernel module against a release's headers")
    .description(
      "Builds a module (a file, or a folder with one .ts file in it) and writes NAME.ko beside " +
        "it. What does not compile is told with file and line; then nothing is written.",
    )
    .option("--release <release>", "the release whose headers are used")
    .option(...CONFIG_OPTION)
    .option("-o, --output <file>", "where to write the .ko")
    .action(async (source: string, options: KbuildOptions) => {
      const { catalogue, release = catalogue.defaultRelease } = await openRelease(
        context.places,
        options,
      );
      const { createModuleBuilder } = await import("../host/module-builder.ts");
      const file = sourceFile(source);
      const build = createModuleBuilder(catalogue);
      const started = performance.now();
      const built = build(release, file, readText(file));
      const took = performance.now() - started;
      for (const line of featureLines(built.features ?? [], took)) context.terminal.err(line);
      if ("diagnostics" in built) throw new AuthorError(...built.diagnostics);
      const output = options.output ?? file.replace(/\.ts$/, ".ko");
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

function sourceFile(path: string): string {
  if (!existsSync(path)) throw usageError("QS1103", `cannot read ${path}: ENOENT`);
  if (!statSync(path).isDirectory()) return path;
  // A tracer's folder has its declaration beside the module.
  const sources = readdirSync(path).filter(
    (name) => /^[^.].*(?<!\.d)\.ts$/.test(name) && name !== "tracer.ts",
  );
  const [only, another] = sources;
  if (only !== undefined && another === undefined) return join(path, only);
  const found = only === undefined ? "no .ts file" : `${sources.length} .ts files`;
  throw usageError("QS1109", `${path} has ${found}`, "a module is one source file: name it");
}
