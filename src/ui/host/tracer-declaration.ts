/**
 * Evaluates a tracer folder's `tracer.ts` where nothing of the host is in reach, and hands back its
 * declaration with every function of the learner's guarded: whatever one throws is told with file,
 * line and column.
 */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import * as abi from "#abi";
import { type Entry, KernelBug, type ProgramImage, UserFault } from "#kernel";
import * as tracers from "#tracers";
import { checkDeclaration, type TracerDeclaration } from "#tracers";
import * as userland from "#userland";
import type { Diagnostic } from "../diagnostic.ts";
import { suggestName } from "../near-names.ts";
import { type CodeMeter, EndlessCode } from "./code-meter.ts";
import { createEvaluator } from "./evaluate.ts";
import { meterStatements } from "./meter-statements.ts";

/** The learner's code failed: not ours to mend. */
export class LearnerMistake extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message);
    this.diagnostics = diagnostics;
  }
}

/** Globals of Node and of its modules that a compartment lacks. */
const HOST_NAMES: ReadonlySet<string> = new Set(
  [
    ...Object.getOwnPropertyNames(globalThis),
    "require",
    "module",
    "__dirname",
    "__filename",
  ].filter((name) => !Object.hasOwn(new Compartment().globalThis, name)),
);

/** What `import { ... } from "quicksand"` can name. */
const LIBRARY: Readonly<Record<string, unknown>> = { ...abi, ...userland, ...tracers };

/** The library as a declaration sees it: it cannot be changed, and a wrong name is told in words. */
function openLibrary(): object {
  // SES defines it once the thread is locked down.
  globalThis.harden?.(LIBRARY);
  return new Proxy(LIBRARY, {
    get(library, name) {
      if (typeof name !== "string" || name === "__esModule" || Object.hasOwn(library, name))
        return Reflect.get(library, name);
      const near = suggestName(name, Object.keys(library));
      throw new TypeError(`"quicksand" exports no "${name}"${near === "" ? "" : `: ${near}`}`);
    },
    set: () => false,
  });
}

export class DeclarationReader {
  readonly #ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;
  readonly #file: string;
  readonly #source: string;
  readonly #meter: CodeMeter;

  constructor(file: string, source: string, meter: CodeMeter) {
    this.#file = file;
    this.#source = source;
    this.#meter = meter;
  }

  /** Throws `LearnerMistake`. */
  read(): TracerDeclaration {
    const code = this.#compile();
    const exported: { readonly tracer?: unknown } = {};
    this.#guard("QS1303", "", () => {
      const run = createEvaluator()(`(function (exports, require, $at) { ${code}\n})`) as (
        ...args: readonly unknown[]
      ) => void;
      const library = openLibrary();
      run(exported, () => library, this.#meter.at);
    });
    // Copied once: what was checked is what is used.
    const declared = this.#guard("QS1303", "", () => {
      const { tracer } = exported;
      return typeof tracer === "object" && tracer !== null ? { ...tracer } : undefined;
    });
    const problems = checkDeclaration(declared);
    if (problems.length > 0)
      throw new LearnerMistake(
        ...problems.map(({ field, message }) =>
          this.#mistake("QS1304", message, this.#placeOf(field)),
        ),
      );
    return this.#guarded(declared as unknown as TracerDeclaration);
  }

  #mistake(code: string, message: string, { line, column } = { line: 1, column: 1 }): Diagnostic {
    return { code, message, file: this.#file, line, column };
  }

  /** JavaScript with marks, or what is wrong with the text. */
  #compile(): string {
    const ts = this.#ts;
    const compile = (text: string): TypeScript.TranspileOutput =>
      ts.transpileModule(text, {
        fileName: this.#file,
        reportDiagnostics: true,
        compilerOptions: {
          module: ts.ModuleKind.CommonJS,
          target: ts.ScriptTarget.ES2022,
          verbatimModuleSyntax: false,
        },
      });
    try {
      const mistakes = [
        ...this.#outsiders(),
        ...(compile(this.#source).diagnostics ?? []).map((d) => this.#placed(d)),
      ];
      if (mistakes.length > 0) throw new LearnerMistake(...mistakes);
      return compile(meterStatements(ts, this.#file, this.#source)).outputText;
    } catch (error) {
      if (error instanceof RangeError)
        throw new LearnerMistake(this.#mistake("QS1303", "nested too deeply to be read"));
      throw error;
    }
  }

  #parse(): TypeScript.SourceFile {
    return this.#ts.createSourceFile(this.#file, this.#source, this.#ts.ScriptTarget.ES2022, true);
  }

  /** Imports of anything but the library, however they are written; and names of the host. */
  #outsiders(): readonly Diagnostic[] {
    const ts = this.#ts;
    const found: Diagnostic[] = [];
    const declared = new Set<string>();
    const named: TypeScript.Identifier[] = [];
    const visit = (node: TypeScript.Node): void => {
      const from = importedFrom(ts, node);
      if (from !== undefined && !(ts.isStringLiteral(from) && from.text === "quicksand")) {
        const message = `a declaration imports from "quicksand" and nothing else, not ${from.getText()}`;
        found.push(this.#mistake("QS1306", message, this.#placeAt(from)));
      }
      if (ts.isIdentifier(node) && HOST_NAMES.has(node.text)) {
        if (isUse(ts, node)) named.push(node);
        else declared.add(node.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(this.#parse());
    for (const name of named) {
      if (declared.has(name.text)) continue;
      const message = `a tracer has nothing of the host in reach, and so no "${name.text}"`;
      found.push(this.#mistake("QS1310", message, this.#placeAt(name)));
    }
    return found;
  }

  #placeAt(node: TypeScript.Node): { readonly line: number; readonly column: number } {
    const at = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
    return { line: at.line + 1, column: at.character + 1 };
  }

  /** Where a field of the declaration is written; the declaration itself if it is not there. */
  #placeOf(field: string | undefined): { readonly line: number; readonly column: number } {
    const ts = this.#ts;
    const tree = this.#parse();
    let found: TypeScript.Node | undefined;
    const visit = (node: TypeScript.Node): void => {
      if (ts.isVariableDeclaration(node) && node.name.getText() === "tracer") found ??= node;
      if (ts.isPropertyAssignment(node) && node.name.getText() === field) {
        found = node;
        return;
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
    return found === undefined ? { line: 1, column: 1 } : this.#placeAt(found);
  }

  #placed(diagnostic: TypeScript.Diagnostic): Diagnostic {
    const message = this.#ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    const at = diagnostic.file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    const place = { line: (at?.line ?? 0) + 1, column: (at?.character ?? 0) + 1 };
    return this.#mistake(`TS${diagnostic.code}`, message, place);
  }

  #guarded(declaration: TracerDeclaration): TracerDeclaration {
    const { claim } = declaration;
    const guarded = {
      ...declaration,
      claim: (history: Parameters<typeof claim>[0]): readonly string[] =>
        this.#guard("QS1307", "claim: ", () => {
          const lines: unknown = claim(history);
          if (!Array.isArray(lines)) throw new TypeError("answers no list of lines");
          return lines.map(String);
        }),
    };
    if (guarded.house === "bytecode")
      return { ...guarded, report: this.#guardedReport(guarded.report) };
    if (guarded.house !== "rock") return guarded;
    return { ...guarded, main: this.#guardedProgram(guarded.main) };
  }

  #guard<T>(code: string, what: string, act: () => T): T {
    this.#meter.refuel();
    try {
      return act();
    } catch (error) {
      const { line, column } = this.#meter.place;
      const place = line > 0 ? { line, column } : { line: 1, column: 1 };
      throw new LearnerMistake(this.#mistake(code, `${what}${textOf(error)}`, place));
    } finally {
      this.#meter.leave();
    }
  }

  /** It runs in the machine: what it throws is the death of the program that called it. */
  #guardedReport<A>(report: (maps: A) => readonly string[]): (maps: A) => readonly string[] {
    const file = this.#file.slice(this.#file.lastIndexOf("/") + 1);
    return (maps) => {
      this.#meter.refuel();
      try {
        return report(maps).map(String);
      } catch (error) {
        const { line, column } = this.#meter.place;
        throw new ProgramMistake(`${file}:${line}:${column}: ${textOf(error)}`);
      } finally {
        this.#meter.leave();
      }
    };
  }

  /** A program that throws dies of SIGABRT, as the kernel has it; here the message gets its place. */
  #guardedProgram({ name, entries }: ProgramImage): ProgramImage {
    const meter = this.#meter;
    // In the machine, where the folder stands on the host is nobody's business.
    const file = this.#file.slice(this.#file.lastIndexOf("/") + 1);
    const guard = (entry: Entry): Entry =>
      function* (cpu, arg) {
        try {
          const code = entry(cpu, arg);
          for (;;) {
            const step = code.next();
            if (step.done === true) return step.value;
            meter.leave();
            yield;
          }
        } catch (error) {
          if (error instanceof UserFault || error instanceof KernelBug) throw error;
          const { line, column } = meter.place;
          throw new ProgramMistake(`${file}:${line}:${column}: ${textOf(error)}`);
        } finally {
          meter.leave();
        }
      };
    const guarded = Object.entries(entries).map(([key, entry]) => [key, guard(entry)] as const);
    return { name, entries: Object.fromEntries(guarded) };
  }
}

function importedFrom(ts: typeof TypeScript, node: TypeScript.Node): TypeScript.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  const isImport =
    ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? (node.arguments[0] ?? node) : undefined;
}

/** Is it a value that is read or called, and not the name of something of its own? */
function isUse(ts: typeof TypeScript, { parent, text }: TypeScript.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.expression.getText() === text;
  if (ts.isPropertyAssignment(parent)) return parent.initializer.getText() === text;
  return ts.isExpression(parent) || ts.isStatement(parent) || ts.isTemplateSpan(parent);
}

/** Uncaught in a learner's program. */
class ProgramMistake extends Error {
  override readonly name: string = "Uncaught";
}

function textOf(error: unknown): string {
  try {
    if (!(error instanceof Error)) return String(error);
    return error instanceof EndlessCode ? error.message : `${error.name}: ${error.message}`;
  } catch {
    return "it threw what cannot be shown";
  }
}
