/** What the dialect check knows while it reads a module: its names, its findings, its messages. */
import type { AnyNode, Identifier } from "acorn";
import type { Diagnostic } from "../lib/diagnostic.ts";
import type { IrExpression, IrFunction, IrModule } from "./ir.ts";

const DIAGNOSTICS_MAX = 20;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

/** Words for the nodes that people try; the rest is called by its syntax name. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ["ArrowFunctionExpression", "an arrow function"],
  ["FunctionExpression", "a function expression"],
  ["FunctionDeclaration", "a function inside a function"],
  ["ClassDeclaration", "a class"],
  ["ClassExpression", "a class"],
  ["TryStatement", "'try'"],
  ["ThrowStatement", "'throw'"],
  ["WithStatement", "'with'"],
  ["LabeledStatement", "a label"],
  ["DebuggerStatement", "'debugger'"],
  ["ForInStatement", "'for ... in'"],
  ["ForOfStatement", "'for ... of'"],
  ["MemberExpression", "member access"],
  ["ObjectExpression", "an object literal"],
  ["ArrayExpression", "an array literal"],
  ["TemplateLiteral", "a template literal"],
  ["TaggedTemplateExpression", "a template literal"],
  ["NewExpression", "'new'"],
  ["ThisExpression", "'this'"],
  ["Super", "'super'"],
  ["AwaitExpression", "'await'"],
  ["YieldExpression", "'yield'"],
  ["SpreadElement", "spread"],
  ["RestElement", "a rest parameter"],
  ["AssignmentPattern", "a default value"],
  ["ObjectPattern", "destructuring"],
  ["ArrayPattern", "destructuring"],
  ["ChainExpression", "optional chaining"],
  ["ImportExpression", "'import'"],
  ["MetaProperty", "a meta property"],
]);

export type GlobalName =
  | { readonly kind: "function"; readonly index: number }
  | { readonly kind: "scalar"; readonly index: number; readonly isConst: boolean };

export class DialectContext {
  readonly diagnostics: Diagnostic[] = [];
  readonly stringCount: number;
  readonly #file: string;
  readonly #firstLine: number;
  readonly #names: Map<string, GlobalName> = new Map();
  readonly #functions: IrFunction[] = [];
  #functionCount = 0;
  readonly #scalars: { name: string; init: IrExpression }[] = [];
  readonly #imports: Map<string, number> = new Map();
  readonly #addresses: Map<string, number> = new Map();

  constructor(file: string, firstLine: number, stringCount: number) {
    this.#file = file;
    this.#firstLine = firstLine;
    this.stringCount = stringCount;
  }

  report(code: string, node: AnyNode, message: string): void {
    this.reportAt(code, node.loc?.start.line ?? 1, node.loc?.start.column ?? 0, message);
  }

  /** `line` counts from 1 and `column` from 0 inside the text, as acorn counts. */
  reportAt(code: string, line: number, column: number, message: string): void {
    if (this.diagnostics.length >= DIAGNOSTICS_MAX) return;
    const place = { line: this.#firstLine + line - 1, column: column + 1 };
    this.diagnostics.push({ code, message, file: this.#file, ...place });
  }

  /** Something that the dialect does not have. */
  refuse(node: AnyNode, what: string): void {
    this.report("QS1502", node, `a module's text may not contain ${what}`);
  }

  /** Said without a place: how far a parser gets depends on the host's stack. */
  tooDeep(): void {
    const message = "the text is nested too deeply";
    if (this.diagnostics.some((found) => found.message === message)) return;
    this.reportAt("QS1506", 1, 0, message);
  }

  describe(node: AnyNode): string {
    return WORDS.get(node.type) ?? node.type;
  }

  /** Is this a name that a variable or function may have? */
  checkName(node: Identifier): boolean {
    if (NAME.test(node.name)) return true;
    this.report("QS1505", node, `'${node.name}' is not a name of C`);
    return false;
  }

  declareFunction(node: Identifier): void {
    if (this.checkName(node)) this.#declare(node, { kind: "function", index: this.#functionCount });
    this.#functionCount++;
  }

  declareScalar(node: Identifier, isConst: boolean): void {
    if (!this.checkName(node)) return;
    this.#declare(node, { kind: "scalar", index: this.#scalars.length, isConst });
    this.#scalars.push({ name: node.name, init: { kind: "number", value: 0 } });
  }

  setInitializer(name: string, init: IrExpression): void {
    const known = this.#names.get(name);
    if (known?.kind === "scalar") this.#scalars[known.index] = { name, init };
  }

  addFunction(fn: IrFunction): void {
    this.#functions.push(fn);
  }

  lookup(name: string): GlobalName | undefined {
    return this.#names.get(name);
  }

  importIndex(name: string): number {
    return intern(this.#imports, name);
  }

  addressIndex(name: string): number {
    return intern(this.#addresses, name);
  }

  module(): IrModule {
    return {
      functions: this.#functions,
      scalars: this.#scalars,
      imports: [...this.#imports.keys()],
      addresses: [...this.#addresses.keys()],
    };
  }

  #declare(node: Identifier, name: GlobalName): void {
    if (this.#names.has(node.name)) this.report("QS1505", node, `'${node.name}' is defined twice`);
    else this.#names.set(node.name, name);
  }
}

function intern(indices: Map<string, number>, name: string): number {
  const known = indices.get(name);
  if (known !== undefined) return known;
  indices.set(name, indices.size);
  return indices.size - 1;
}
