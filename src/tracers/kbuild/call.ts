/**
 * Calls: by name to a function of this object or a symbol to be linked, through a pointer with
 * `$call`, or to one of the compiler's builtins. Arguments are converted to the parameters' types.
 */
import type TypeScript from "typescript";
import { lowerBuiltin } from "./builtins.ts";
import { decay, type FunctionType, isError, isInteger, STRING, sameType } from "./ctype.ts";
import { checkFormat } from "./format-check.ts";
import { entityOf } from "./identifier.ts";
import { convertFor, type Lowering } from "./lowering.ts";
import type { Ts } from "./source-info.ts";
import { readFunctionType } from "./type-syntax.ts";
import {
  constantValue,
  convert,
  ERROR_VALUE,
  LEVEL,
  operand,
  type Value,
  wrapped,
} from "./value.ts";

function checkCount(
  lowering: Lowering,
  node: TypeScript.CallExpression,
  type: FunctionType,
): boolean {
  const [given, wanted] = [node.arguments.length, type.params.length];
  const tooFew = given < wanted;
  if (!tooFew && (given === wanted || type.variadic)) return true;
  const args = [node.expression.getText(), wanted, given];
  lowering.unit.report(node, tooFew ? "fewArguments" : "manyArguments", args);
  return false;
}

function lowerArguments(
  lowering: Lowering,
  node: TypeScript.CallExpression,
  type: FunctionType,
): readonly string[] {
  const values = node.arguments.map((argument) => lowering.expression(argument));
  if (!checkCount(lowering, node, type)) return [];
  const last = type.params.at(-1);
  if (type.variadic && last !== undefined && sameType(last, STRING))
    checkFormat(lowering, node, values, type.params.length);
  return values.map((value, index) => {
    const argument = node.arguments[index] ?? node;
    const param = type.params[index];
    if (param === undefined) return variadicArgument(lowering, value, argument);
    const what = `passing argument ${index + 1} of '${node.expression.getText()}'`;
    return wrapped(convertFor(lowering, value, param, what, argument), LEVEL.assign);
  });
}

function variadicArgument(lowering: Lowering, value: Value, node: TypeScript.Node): string {
  if (value.type.kind === "void" && !isError(value.type)) lowering.unit.report(node, "voidValue");
  return wrapped(operand(value), LEVEL.assign);
}

function calledType(value: Value): FunctionType | undefined {
  const type = decay(value.type);
  return type.kind === "ptr" && type.to.kind === "fn" ? type.to : undefined;
}

/** The expression of `{ return expression; }`. */
function soleResult(
  ts: Ts,
  node: TypeScript.FunctionDeclaration,
): TypeScript.Expression | undefined {
  const [only, ...rest] = node.body?.statements ?? [];
  return only !== undefined && rest.length === 0 && ts.isReturnStatement(only)
    ? only.expression
    : undefined;
}

/** Could this be a constant? Asked of names only, so that nothing is lowered in vain. */
function mayFold(lowering: Lowering, node: TypeScript.Node): boolean {
  const { unit } = lowering;
  const { ts } = unit;
  if (ts.isStringLiteral(node)) return false;
  if (ts.isIdentifier(node)) return entityOf(unit, node).kind !== "place";
  return ts.forEachChild(node, (child) => !mayFold(lowering, child)) !== true;
}

/** An inline of one expression, given constants, is a constant, as the macro that it stands for is. */
function foldInline(
  lowering: Lowering,
  inline: TypeScript.FunctionDeclaration,
  node: TypeScript.CallExpression,
): Value | undefined {
  const { unit } = lowering;
  const result = soleResult(unit.ts, inline);
  if (result === undefined || !unit.infoOf(inline).isHeader) return undefined;
  if (!node.arguments.every((each) => mayFold(lowering, each))) return undefined;
  if (inline.parameters.length !== node.arguments.length) return undefined;
  const type = readFunctionType(unit.world, unit.infoOf(inline), inline);
  const errors = unit.errors.length;
  const values = node.arguments.map((argument) => lowering.expression(argument));
  const isFoldable = values.every((each) => each.constant !== undefined && isInteger(each.type));
  if (!isFoldable || type.ret.kind !== "int") {
    unit.errors.length = errors;
    return undefined;
  }
  for (const [index, parameter] of inline.parameters.entries()) {
    const [value, param] = [values[index], type.params[index]];
    if (value !== undefined && param !== undefined)
      unit.bound.set(parameter, convert(value, param));
  }
  const value = convert(lowering.expression(result), type.ret);
  for (const parameter of inline.parameters) unit.bound.delete(parameter);
  if (value.constant === undefined) return undefined;
  unit.folded.add(inline.name?.text ?? "");
  const note = node.getText().replace(/\s+/g, " ");
  return constantValue(type.ret, value.constant, note);
}

export function lowerCall(lowering: Lowering, node: TypeScript.CallExpression): Value {
  const { unit } = lowering;
  const callee = node.expression;
  if (unit.ts.isIdentifier(callee)) {
    const entity = entityOf(unit, callee);
    if (entity.kind === "builtin") return lowerBuiltin(lowering, entity.name, node);
    const folded = entity.kind === "function" ? foldInline(lowering, entity.node, node) : undefined;
    if (folded !== undefined) return folded;
  }
  if (node.questionDotToken !== undefined) unit.report(node, "notInC", ["optional calls"]);
  const value = lowering.expression(callee);
  const type = calledType(value);
  if (type === undefined) {
    for (const argument of node.arguments) lowering.expression(argument);
    if (!isError(value.type)) unit.report(callee, "notCallable", [unit.spell(value.type)], node);
    return ERROR_VALUE;
  }
  const args = lowerArguments(lowering, node, type);
  const code =
    value.designator === undefined
      ? `$call(${[wrapped(value, LEVEL.assign), ...args].join(", ")})`
      : `${value.designator}(${args.join(", ")})`;
  return { type: type.ret, code, level: LEVEL.primary };
}
