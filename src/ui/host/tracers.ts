/**
 * Tracers on disk: a folder with a declaration (`tracer.ts`) and the file that it names. Ours and a
 * learner's are read the same way; the declaration is evaluated where nothing of the host is in reach.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as TypeScript from "typescript";
import * as abi from "#abi";
import * as tracers from "#tracers";
import {
  checkDeclaration,
  fileOf,
  SHIPPED_TRACERS,
  type Tracer,
  type TracerDeclaration,
} from "#tracers";
import * as userland from "#userland";
import type { Diagnostic } from "../diagnostic.ts";
import { createEvaluator } from "./evaluate.ts";

export const DECLARATION_FILE = "tracer.ts";

export type LoadedTracer =
  | { readonly tracer: Tracer }
  | { readonly diagnostics: readonly Diagnostic[] };

const mistake = (code: string, file: string, message: string, hint?: string): LoadedTracer => ({
  diagnostics: [
    { code, message, file, line: 1, column: 1, ...(hint === undefined ? {} : { hint }) },
  ],
});

/** What `import ... from "quicksand"` gives in a declaration. */
const MODULES: Readonly<Record<string, unknown>> = {
  quicksand: { ...abi, ...userland, ...tracers },
};

/** Reads one tracer folder. Never throws: everything wrong with it is a diagnostic. */
export function loadTracer(folder: string): LoadedTracer {
  const path = join(folder, DECLARATION_FILE);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    return mistake(
      "QS1301",
      folder,
      "there is no such folder",
      "quicksand new tracer NAME makes one",
    );
  if (!existsSync(path))
    return mistake(
      "QS1302",
      path,
      `the folder has no ${DECLARATION_FILE}`,
      "it declares the tracer: see docs/tracers.md",
    );
  const evaluated = evaluateDeclaration(path, readFileSync(path, "utf8"));
  if ("diagnostics" in evaluated) return evaluated;
  const problems = checkDeclaration(evaluated.value);
  if (problems.length > 0) {
    return {
      diagnostics: problems.map((message) => ({
        code: "QS1304",
        message,
        file: path,
        line: 1,
        column: 1,
      })),
    };
  }
  return withText(folder, evaluated.value as TracerDeclaration);
}

function withText(folder: string, declaration: TracerDeclaration): LoadedTracer {
  const file = fileOf(declaration);
  if (file === undefined) return { tracer: { declaration, text: "" } };
  const path = join(folder, file);
  if (!existsSync(path))
    return mistake("QS1305", path, `${declaration.name} names a file that is not there`);
  return { tracer: { declaration, text: readFileSync(path, "utf8") } };
}

function evaluateDeclaration(
  path: string,
  source: string,
): { readonly value: unknown } | { readonly diagnostics: readonly Diagnostic[] } {
  const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: false,
    },
  });
  if (diagnostics.length > 0)
    return { diagnostics: diagnostics.map((each) => placed(ts, path, each)) };
  const exported: { default?: unknown; tracer?: unknown } = {};
  const require = (name: string): unknown => {
    const found = MODULES[name];
    if (found === undefined)
      throw new Error(
        `a declaration imports from "quicksand" and nothing else, not from "${name}"`,
      );
    return found;
  };
  try {
    const run = createEvaluator()(`(function (exports, require) { ${outputText}\n})`) as (
      e: unknown,
      r: unknown,
    ) => void;
    run(exported, require);
  } catch (error) {
    return mistake("QS1303", path, error instanceof Error ? error.message : String(error)) as {
      readonly diagnostics: readonly Diagnostic[];
    };
  }
  return { value: exported.tracer };
}

function placed(
  ts: typeof TypeScript,
  file: string,
  diagnostic: TypeScript.Diagnostic,
): Diagnostic {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
  const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
  return {
    code: `TS${diagnostic.code}`,
    message,
    file,
    line: (at?.line ?? 0) + 1,
    column: (at?.character ?? 0) + 1,
  };
}

/** The tracers that come with quicksand, with their files read from the folder they live in. */
export function shippedTracers(root: string): Tracer[] {
  return Object.entries(SHIPPED_TRACERS).map(([folder, declaration]) => {
    const loaded = withText(join(root, "src", "tracers", folder), declaration);
    if ("tracer" in loaded) return loaded.tracer;
    const [first] = loaded.diagnostics;
    throw new Error(`${first?.file}: ${first?.message}`);
  });
}
