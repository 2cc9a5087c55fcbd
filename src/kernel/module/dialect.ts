/**
 * The module dialect: which JavaScript may stand in `.text`. A whitelist: every kind of syntax node
 * and every name must be known here, and is rebuilt as `IrModule`; the text itself is never run.
 *
 * Allowed: functions, let/const of numbers, C's statements but goto, C's operators but `/` and `%`
 * (`$div` and `$mod` trap on zero), calls by name, the intrinsics. There are no objects, so there is no
 * member access, no prototype to reach, no closure, no exception.
 *
 * Left out: unreachable-code analysis; whether prototypes agree is the matter of CRCs.
 */
import {
  type AnyNode,
  type FunctionDeclaration,
  type Identifier,
  type Program,
  parse,
  type VariableDeclaration,
} from "acorn";
import type { Diagnostic } from "../lib/diagnostic.ts";
import { MODULE_NESTING_MAX } from "../lib/limits.ts";
import { DialectContext } from "./dialect-context.ts";
import { lowerExpression } from "./dialect-expression.ts";
import { lowerFunctionBody } from "./dialect-function.ts";
import type { IrExpression, IrModule } from "./ir.ts";

export type DialectResult =
  | { readonly kind: "ok"; readonly module: IrModule }
  | { readonly kind: "bad"; readonly diagnostics: readonly Diagnostic[] };

/** Checks `text`, which begins on line `firstLine` of `file` and has `stringCount` strings. */
export function checkDialect(
  text: string,
  file: string,
  firstLine: number,
  stringCount: number,
): DialectResult {
  const context = new DialectContext(file, firstLine, stringCount);
  const program = parseText(text, context);
  if (program !== undefined) readProgram(program, context);
  if (context.diagnostics.length > 0) return { kind: "bad", diagnostics: context.diagnostics };
  return { kind: "ok", module: context.module() };
}

function parseText(text: string, context: DialectContext): Program | undefined {
  if (bracketDepth(text) > MODULE_NESTING_MAX) {
    context.tooDeep();
    return undefined;
  }
  try {
    return parse(text, { ecmaVersion: 2022, sourceType: "script", locations: true });
  } catch (error) {
    // acorn reports syntax errors by throwing, and nests as deeply as the text does.
    const place = (error as { loc?: { line: number; column: number } }).loc;
    const said = (error as Error).message;
    if (place === undefined || said.includes("stack space")) context.tooDeep();
    else {
      const message = said.replace(/ \(\d+:\d+\)$/, "");
      context.reportAt("QS1501", place.line, place.column, message);
    }
    return undefined;
  }
}

/** An upper bound of the nesting, before a recursive parser sees the text. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const char of text) {
    if (char === "(" || char === "[" || char === "{") deepest = Math.max(deepest, ++depth);
    else if (char === ")" || char === "]" || char === "}") depth--;
  }
  return deepest;
}

function readProgram(program: Program, context: DialectContext): void {
  // Names of the whole file first: a function may call one that comes later.
  for (const node of program.body) declare(node, context);
  for (const node of program.body) {
    if (node.type === "VariableDeclaration") readInitializers(node, context);
    else if (node.type === "FunctionDeclaration") {
      context.addFunction(lowerFunctionBody(node, context));
    }
  }
}

function declare(node: Program["body"][number], context: DialectContext): void {
  if (node.type === "FunctionDeclaration") declareFunction(node, context);
  else if (node.type === "VariableDeclaration") {
    if (node.kind === "var") context.refuse(node, "'var'");
    for (const declarator of node.declarations) declareScalar(declarator.id, node.kind, context);
  } else if (node.type !== "EmptyStatement") {
    context.refuse(node, `${context.describe(node)} outside a function`);
  }
}

function readInitializers(node: VariableDeclaration, context: DialectContext): void {
  for (const { id, init } of node.declarations) {
    if (id.type === "Identifier") context.setInitializer(id.name, initializer(init, context));
  }
}

function declareFunction(node: FunctionDeclaration, context: DialectContext): void {
  if (node.async) context.refuse(node, "an async function");
  if (node.generator) context.refuse(node, "a generator");
  context.declareFunction(node.id);
}

function declareScalar(node: AnyNode, kind: string, context: DialectContext): void {
  if (node.type !== "Identifier") context.refuse(node, context.describe(node));
  else context.declareScalar(node as Identifier, kind === "const");
}

/** C11 6.7.9: initialisers of static variables are constants. */
function initializer(node: AnyNode | null | undefined, context: DialectContext): IrExpression {
  if (node === null || node === undefined) return { kind: "number", value: 0 };
  const value = lowerExpression(node, context, undefined, 0);
  if (!isConstant(value)) context.report("QS1507", node, "initialiser is not constant");
  return value;
}

function isConstant(value: IrExpression): boolean {
  switch (value.kind) {
    case "number":
    case "string":
    case "address":
      return true;
    case "unary":
      return isConstant(value.arg);
    case "binary":
      return isConstant(value.left) && isConstant(value.right);
    default:
      return false;
  }
}
