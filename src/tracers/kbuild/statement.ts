/**
 * Statements, and the functions that hold them, to text in the loader's dialect. One statement
 * gives one line of text, so that a reader of a `.ko` finds the way back.
 *
 * Left out: goto, labels, computed `case` ranges.
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import { isError, isInteger, isScalar, promote, typeText } from "./ctype.ts";
import { convertFor, type Lines, type Lowering, type StatementHandler } from "./lowering.ts";
import { readFunctionType } from "./type-syntax.ts";
import type { LoweredFunction, Unit } from "./unit.ts";
import { convert, LEVEL, operand, type Value, wrapped } from "./value.ts";

type Handler = StatementHandler;

const indented = (lines: Lines): Lines => lines.map((line) => `  ${line}`);

const bodyOf = (lowering: Lowering, node: TypeScript.Statement): Lines =>
  indented(
    lowering.unit.ts.isBlock(node)
      ? statements(lowering, node.statements)
      : statement(lowering, node),
  );

const statements = (lowering: Lowering, nodes: readonly TypeScript.Statement[]): Lines =>
  nodes.flatMap((node) => statement(lowering, node));

/** Names that C allows and JavaScript gives a meaning of its own. */
const JAVASCRIPT_NAMES = new Set([
  "arguments",
  "eval",
  "undefined",
  "NaN",
  "Infinity",
  "globalThis",
  "async",
  "await",
  "of",
  "get",
  "set",
]);

export function localName(unit: Unit, node: TypeScript.Identifier): string {
  const name = node.text;
  if (/^(?!__t\d)[A-Za-z_]\w*$/.test(name)) return JAVASCRIPT_NAMES.has(name) ? `${name}_` : name;
  if (!/^[\w$]+$/.test(name)) unit.report(node, "notCIdentifier", [name]);
  return `_${name.replace(/\W/g, "_")}`;
}

/** The type that a declaration has, written or, as with GNU's __auto_type, its initializer's. */
function declaredType(
  lowering: Lowering,
  node: TypeScript.VariableDeclaration,
  value: Value | undefined,
): CType {
  if (node.type !== undefined) return lowering.unit.typeOf(node.type);
  const type = value === undefined ? undefined : operand(value).type;
  const isBareNull = value?.constant === 0 && value.type.kind === "ptr";
  if (type !== undefined && (isScalar(type) || isError(type)) && !isBareNull)
    return value?.type.kind === "bool" ? value.type : type;
  if (type?.kind === "void") lowering.unit.report(node, "voidValue");
  else lowering.unit.report(node, "needsType", [node.name.getText(), "`let x: int;`, say"]);
  return promote({ kind: "bool" });
}

function localVariable(lowering: Lowering, node: TypeScript.VariableDeclaration): string {
  const { unit } = lowering;
  if (!unit.ts.isIdentifier(node.name)) {
    unit.report(node.name, "notInC", ["destructuring declarations"]);
    return "";
  }
  const value = node.initializer === undefined ? undefined : lowering.expression(node.initializer);
  const type = declaredType(lowering, node, value);
  const name = localName(unit, node.name);
  unit.locals.set(node, { name, type });
  if (!isScalar(type) && !isError(type)) {
    unit.report(node.name, "localStruct", [name]);
    return "";
  }
  if (value === undefined) return `${name} = 0`;
  const init = convertFor(lowering, value, type, "initialization", node.initializer ?? node, node);
  return `${name} = ${wrapped(init, LEVEL.assign)}`;
}

function declarationText(lowering: Lowering, node: TypeScript.VariableDeclarationList): string {
  const { ts } = lowering.unit;
  const isLexical = (node.flags & (ts.NodeFlags.Let | ts.NodeFlags.Const)) !== 0;
  if (!isLexical) lowering.unit.report(node, "notInC", ["'var' declarations (write let)"]);
  const keyword = (node.flags & ts.NodeFlags.Const) !== 0 ? "const" : "let";
  return `${keyword} ${node.declarations.map((each) => localVariable(lowering, each)).join(", ")}`;
}

const lowerVariables: Handler = (lowering, node: TypeScript.VariableStatement) => [
  `${declarationText(lowering, node.declarationList)};`,
];

const lowerEffect: Handler = (lowering, node: TypeScript.ExpressionStatement) => [
  `${lowering.effect(node.expression).code};`,
];

function lowerIf(lowering: Lowering, node: TypeScript.IfStatement): Lines {
  const head = `if (${lowering.condition(node.expression).code}) {`;
  const then = bodyOf(lowering, node.thenStatement);
  const other = node.elseStatement;
  if (other === undefined) return [head, ...then, "}"];
  if (lowering.unit.ts.isIfStatement(other)) {
    const [first = "", ...rest] = lowerIf(lowering, other);
    return [head, ...then, `} else ${first}`, ...rest];
  }
  return [head, ...then, "} else {", ...bodyOf(lowering, other), "}"];
}

const lowerWhile: Handler = (lowering, node: TypeScript.WhileStatement) => [
  `while (${lowering.condition(node.expression).code}) {`,
  ...bodyOf(lowering, node.statement),
  "}",
];

const lowerDo: Handler = (lowering, node: TypeScript.DoStatement) => [
  "do {",
  ...bodyOf(lowering, node.statement),
  `} while (${lowering.condition(node.expression).code});`,
];

const lowerFor: Handler = (lowering, node: TypeScript.ForStatement) => {
  const { ts } = lowering.unit;
  const first = node.initializer;
  const init =
    first === undefined
      ? ""
      : ts.isVariableDeclarationList(first)
        ? declarationText(lowering, first)
        : lowering.effect(first).code;
  const test = node.condition === undefined ? "" : lowering.condition(node.condition).code;
  const step = node.incrementor === undefined ? "" : lowering.effect(node.incrementor).code;
  return [`for (${init}; ${test}; ${step}) {`, ...bodyOf(lowering, node.statement), "}"];
};

function caseLabel(lowering: Lowering, node: TypeScript.Expression, type: CType): string {
  const value = lowering.expression(node);
  if (isError(value.type) || isError(type)) return "case 0:";
  if (value.constant === undefined) lowering.unit.report(node, "caseNotConstant", [], node.parent);
  return `case ${convert(value, type).code}:`;
}

/** Can control leave `node` at its end? As gcc looks at it: what follows an endless loop is not asked. */
function completes(lowering: Lowering, node: TypeScript.Statement | undefined): boolean {
  const { ts } = lowering.unit;
  if (node === undefined) return true;
  if (ts.isBlock(node)) return completes(lowering, node.statements.at(-1));
  if (ts.isIfStatement(node))
    return (
      node.elseStatement === undefined ||
      completes(lowering, node.thenStatement) ||
      completes(lowering, node.elseStatement)
    );
  return !(ts.isReturnStatement(node) || ts.isBreakStatement(node) || ts.isContinueStatement(node));
}

/** -Wimplicit-fallthrough, where the kernel is configured to ask for it and to take it for an error. */
function checkFallthrough(lowering: Lowering, { clauses }: TypeScript.CaseBlock): void {
  const { CONFIG_CC_IMPLICIT_FALLTHROUGH: flag, CONFIG_WERROR: isError } =
    lowering.unit.world.config;
  if (flag === undefined || isError !== true) return;
  for (const { statements: body } of clauses.slice(0, -1)) {
    const last = body.at(-1);
    if (last !== undefined && completes(lowering, last))
      lowering.unit.report(last, "mayFallThrough");
  }
}

const lowerSwitch: Handler = (lowering, node: TypeScript.SwitchStatement) => {
  const { ts } = lowering.unit;
  const value = operand(lowering.expression(node.expression));
  if (!isInteger(value.type) && !isError(value.type))
    lowering.unit.report(
      node.expression,
      "invalidOperand",
      ["switch", lowering.unit.spell(value.type)],
      node,
    );
  checkFallthrough(lowering, node.caseBlock);
  const clauses = node.caseBlock.clauses.flatMap((clause) => [
    ts.isCaseClause(clause) ? caseLabel(lowering, clause.expression, value.type) : "default:",
    ...indented(statements(lowering, clause.statements)),
  ]);
  return [`switch (${value.code}) {`, ...indented(clauses), "}"];
};

const lowerReturn: Handler = (lowering, node: TypeScript.ReturnStatement) => {
  const ret = lowering.frame?.ret;
  if (ret === undefined) return [];
  if (node.expression === undefined) {
    if (ret.kind !== "void") lowering.unit.report(node, "returnValue");
    return ["return;"];
  }
  const value = lowering.expression(node.expression);
  if (ret.kind === "void" && !isError(ret)) {
    if (!isError(value.type)) lowering.unit.report(node, "returnVoid");
    return ["return;"];
  }
  const converted = convertFor(lowering, value, ret, "return", node.expression, node);
  return [`return ${converted.code};`];
};

/** The table that a `Lowering` is made with: node kinds are numbered by the compiler at hand. */
export function statementHandlers(ts: Unit["ts"]): ReadonlyMap<TypeScript.SyntaxKind, Handler> {
  const kind = ts.SyntaxKind;
  const block: Handler = (lowering, node: TypeScript.Block) => [
    "{",
    ...bodyOf(lowering, node),
    "}",
  ];
  const jump =
    (text: string): Handler =>
    (lowering, node: TypeScript.BreakOrContinueStatement) => {
      if (node.label !== undefined) lowering.unit.report(node, "notInC", ["labelled jumps"]);
      return [text];
    };
  return new Map<TypeScript.SyntaxKind, Handler>([
    [kind.VariableStatement, lowerVariables],
    [kind.ExpressionStatement, lowerEffect],
    [kind.IfStatement, lowerIf],
    [kind.WhileStatement, lowerWhile],
    [kind.DoStatement, lowerDo],
    [kind.ForStatement, lowerFor],
    [kind.SwitchStatement, lowerSwitch],
    [kind.ReturnStatement, lowerReturn],
    [kind.BreakStatement, jump("break;")],
    [kind.ContinueStatement, jump("continue;")],
    [kind.Block, block],
    [kind.EmptyStatement, () => []],
  ]);
}

export function absentStatement(ts: Unit["ts"], node: TypeScript.Node): string {
  const kind = ts.SyntaxKind;
  const names = new Map<TypeScript.SyntaxKind, string>([
    [kind.TryStatement, "try statements"],
    [kind.ThrowStatement, "throw statements"],
    [kind.ForInStatement, "for...in loops"],
    [kind.ForOfStatement, "for...of loops"],
    [kind.WithStatement, "with statements"],
    [kind.LabeledStatement, "labels"],
    [kind.DebuggerStatement, "debugger statements"],
    [kind.ClassDeclaration, "classes"],
    [kind.FunctionDeclaration, "functions inside functions"],
    [kind.ModuleDeclaration, "namespaces"],
    [kind.EnumDeclaration, "enums inside functions (here)"],
    [kind.InterfaceDeclaration, "structs inside functions (here)"],
    [kind.ExportAssignment, "default exports"],
  ]);
  return names.get(node.kind) ?? "such statements";
}

function statement(lowering: Lowering, node: TypeScript.Statement): Lines {
  const handler = lowering.statements.get(node.kind);
  if (handler !== undefined) return handler(lowering, node as never);
  lowering.unit.report(node, "notInC", [absentStatement(lowering.unit.ts, node)]);
  return [];
}

function parameterName(
  lowering: Lowering,
  node: TypeScript.ParameterDeclaration,
  type: CType,
): string {
  const { unit } = lowering;
  if (!unit.ts.isIdentifier(node.name)) {
    unit.report(node.name, "notInC", ["destructuring parameters"]);
    return "_";
  }
  if (node.initializer !== undefined || node.questionToken !== undefined)
    unit.report(node, "notInC", ["optional parameters"]);
  const name = localName(unit, node.name);
  unit.locals.set(node, { name, type });
  return name;
}

function refuseModifiers(unit: Unit, node: TypeScript.FunctionDeclaration): void {
  const { SyntaxKind } = unit.ts;
  if (node.asteriskToken !== undefined) unit.report(node, "notInC", ["generator functions"]);
  if (node.modifiers?.some((each) => each.kind === SyntaxKind.AsyncKeyword) === true)
    unit.report(node, "notInC", ["async functions"]);
  if (node.typeParameters !== undefined) unit.report(node, "notInC", ["generic functions"]);
  if (node.type === undefined)
    unit.report(node.name ?? node, "needsType", [
      node.name?.text ?? "",
      "a function says what it returns",
    ]);
}

/** A function with a body, to its text in `.text` and its row in `.symtab`. */
export function lowerFunction(
  lowering: Lowering,
  node: TypeScript.FunctionDeclaration,
): LoweredFunction | undefined {
  const { unit } = lowering;
  if (node.name === undefined || node.body === undefined) return undefined;
  refuseModifiers(unit, node);
  const name = node.name.text;
  const type = readFunctionType(unit.world, unit.infoOf(node), node);
  if (type.variadic) unit.report(node, "notInC", ["variadic definitions (here)"]);
  const frame = { name, ret: type.ret, temporaries: 0 };
  lowering.frame = frame;
  const params = node.parameters
    .filter((each) => each.dotDotDotToken === undefined)
    .map((each, index) => parameterName(lowering, each, type.params[index] ?? type.ret));
  const body = bodyOf(lowering, node.body);
  lowering.frame = undefined;
  const temporaries = Array.from({ length: frame.temporaries }, (_, index) => `__t${index} = 0`);
  const locals = temporaries.length === 0 ? [] : [`  let ${temporaries.join(", ")};`];
  const lines = [`function ${name}(${params.join(", ")}) {`, ...locals, ...body, "}"];
  return { name, prototype: typeText(type), text: lines.join("\n") };
}
