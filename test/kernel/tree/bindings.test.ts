/**
 * The tree is outside the project's own TypeScript program; its bindings are ordinary TypeScript
 * over core types and are checked here.
 */
import { readdirSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

const FOLDER = "src/kernel/tree/base/bind";

test("bindings agree with the core's types", { timeout: 30_000 }, () => {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const files = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);
  const program = ts.createProgram(files, { ...options, types: [] });
  const wrong = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return source === undefined
      ? [`${file} is not there`]
      : program
          .getSemanticDiagnostics(source)
          .map((d) => `${file}: ${ts.flattenDiagnosticMessageText(d.messageText, " ")}`);
  });
  expect(wrong).toEqual([]);
});
