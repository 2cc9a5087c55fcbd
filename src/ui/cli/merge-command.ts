/** `quicksand matrix merge`: the parts of one matrix, run on different machines, put together. */
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import type { NamedFile } from "../export/matrix-file.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { writeMatrix } from "./matrix-output.ts";

interface MergeOptions {
  readonly output: string;
  readonly html?: string;
  readonly svg?: string;
}

const mistake = (file: string, message: string): AuthorError =>
  new AuthorError({ code: "QS1142", message, file, line: 0, column: 0 });

export function addMergeCommand(matrix: Command, context: CliContext): void {
  matrix
    .command("merge <files...>")
    .summary("put the parts of a matrix together")
    .description(
      "Puts parts of one matrix (`matrix --shard 1/8 --json FILE`) together, and comes to what the " +
        "whole run would have come to.",
    )
    .requiredOption("-o, --output <file>", "write the whole as JSON; - is standard output")
    .option("--html <file>", "write a page")
    .option("--svg <file>", "write a picture")
    .action(async (names: readonly string[], { output, html, svg }: MergeOptions) => {
      const { mergeMatrices, missingShards, readMatrixFile, shardText } = await import(
        "../export/matrix-file.ts"
      );
      const files = names.map((name): NamedFile => {
        const file = readMatrixFile(readPart(name));
        if (typeof file === "string") throw mistake(name, file);
        return { name, file };
      });
      const merged = mergeMatrices(files as [NamedFile, ...NamedFile[]]);
      if ("problem" in merged) throw mistake(merged.name, merged.problem);
      const missing = missingShards(merged).map(shardText);
      if (missing.length > 0)
        context.terminal.err(`quicksand: not the whole matrix: ${missing.join(", ")} missing`);
      const outputs = { json: output, ...(html && { html }), ...(svg && { svg }) };
      await writeMatrix(merged, outputs, context);
    });
}

function readPart(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    throw usageError("QS1142", `cannot read ${name}: ${code}`);
  }
}
