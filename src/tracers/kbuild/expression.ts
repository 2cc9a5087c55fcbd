/**
 * Expressions: which family of the code generator takes which node, and what C has no node for.
 */
import type TypeScript from "typescript";
import { binaryOperation, comparison, conditionalType, unaryOperation } from "./arithmetic.ts";
import { lowerAssignment, lowerCompound, lowerIncrement } from "./assignment.ts";
import { derefPlace } from "./builtins.ts";
import { lowerCall } from "./call.ts";
import {
  CHAR,
  INT,
  isError,
  isScalar,
  LONG,
  pointerTo,
  UNSIGNED_INT,
  UNSIGNED_LONG,
} from "./ctype.ts";
import { type Entity, entityOf, expandMacro, functionValue } from "./identifier.ts";
import { type Frame, type Lowering, operatorContext } from "./lowering.ts";
import { memberPlace } from "./member.ts";
import { type Place, readPlace } from "./place.ts";
import type { Unit } from "./unit.ts";
import {
  boolValue,
  constantValue,
  convert,
  ERROR_VALUE,
  LEVEL,
  logicalValue,
  NULL_VALUE,
  numeric,
  operand,
  truth,
  type Value,
  wrapped,
} from "./value.ts";

type Handler = (lowering: Lowering, node: never) => Value;

const COMPARISONS = new Set(["==", "!=", "<", ">", "<=", ">="]);
const COMPOUNDS = new Set(["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);
const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"]);

/** 64-bit constants follow the sign convention: 0xffffffffffffffff is -1. */
function lowerNumber(lowering: Lowering, node: TypeScript.NumericLiteral): Value {
  const text = node.getText().replaceAll("_", "");
  if (!/^(0[xob][\da-f]+|\d+)$/i.test(text)) {
    lowering.unit.report(node, "notInC", ["floating-point numbers (in a kernel)"]);
    return ERROR_VALUE;
  }
  const value = Number(BigInt.asIntN(64, BigInt(text)));
  if (!Number.isSafeInteger(value)) {
    lowering.unit.report(node, "constantRange");
    return ERROR_VALUE;
  }
  const isHex = /^0[xob]/i.test(text);
  if (value < 0) return constantValue(UNSIGNED_LONG, value, text);
  const type = value < 2 ** 31 ? INT : isHex && value < 2 ** 32 ? UNSIGNED_INT : LONG;
  return constantValue(type, value, isHex ? text : undefined);
}

function lowerString(lowering: Lowering, node: TypeScript.StringLiteral): Value {
  const code = lowering.unit.stringAddress(node.text);
  return { type: pointerTo(CHAR), code, level: LEVEL.primary, text: node.text };
}

function entityValue(lowering: Lowering, entity: Entity, use: TypeScript.Node): Value {
  switch (entity.kind) {
    case "bound":
      return entity.value;
    case "place":
      return readPlace(entity.place);
    case "function":
      return functionValue(lowering.unit, entity, use);
    case "constant":
      lowering.unit.constants.set(entity.name, entity.value);
      return constantValue(INT, entity.value, entity.name);
    case "macro":
      return expandMacro(lowering, entity.name, entity.node);
    case "builtin":
      if (entity.name === "NULL") return NULL_VALUE;
      lowering.unit.report(use, "builtinArguments", [`'${entity.name}' is a macro with arguments`]);
      return ERROR_VALUE;
    case "error":
      lowering.unit.unresolved.push(use);
      return ERROR_VALUE;
  }
}

function lowerIdentifier(lowering: Lowering, node: TypeScript.Identifier): Value {
  if (node.text === "undefined") {
    lowering.unit.report(node, "notInC", ["undefined values (write NULL or 0)"]);
    return ERROR_VALUE;
  }
  return entityValue(lowering, entityOf(lowering.unit, node), node);
}

function lowerProperty(lowering: Lowering, node: TypeScript.PropertyAccessExpression): Value {
  const entity = entityOf(lowering.unit, node.name);
  if (entity.kind === "constant") return entityValue(lowering, entity, node);
  const place = memberPlace(lowering, node);
  return place === undefined ? ERROR_VALUE : readPlace(place);
}

function lowerElement(lowering: Lowering, node: TypeScript.ElementAccessExpression): Value {
  const place = memberPlace(lowering, node);
  return place === undefined ? ERROR_VALUE : readPlace(place);
}

function lowerLogical(
  lowering: Lowering,
  node: TypeScript.BinaryExpression,
  op: "&&" | "||",
): Value {
  const [a, b] = [lowering.condition(node.left), lowering.condition(node.right)];
  if (a.constant !== undefined && b.constant !== undefined) {
    const [left, right] = [a.constant !== 0, b.constant !== 0];
    return truth(op === "&&" ? left && right : left || right);
  }
  const level = op === "&&" ? LEVEL.and : LEVEL.or;
  const code = `${booleanText(a, level)} ${op} ${booleanText(b, level + 1)}`;
  return logicalValue(code, level);
}

/** The text as a JavaScript boolean, so that `a && b` is one too. */
function booleanText(value: Value, level: number): string {
  if (value.logical === true) return wrapped(value, level);
  return `${wrapped(value, LEVEL.relation)} !== 0`;
}

function lowerComma(lowering: Lowering, node: TypeScript.BinaryExpression): Value {
  const left = lowering.effect(node.left);
  const right = lowering.expression(node.right);
  const code = `${left.code}, ${wrapped(right, LEVEL.assign)}`;
  const { constant: _, note: __, ...rest } = right;
  return { ...rest, code, level: LEVEL.comma };
}

function lowerBinary(lowering: Lowering, node: TypeScript.BinaryExpression): Value {
  const op = node.operatorToken.getText();
  if (op === "=") return lowerAssignment(lowering, node);
  if (op === ",") return lowerComma(lowering, node);
  if (op === "&&" || op === "||") return lowerLogical(lowering, node, op);
  if (COMPOUNDS.has(op)) return lowerCompound(lowering, node, op.slice(0, -1));
  const [left, right] = [lowering.expression(node.left), lowering.expression(node.right)];
  const context = operatorContext(lowering, node);
  // A habit of TypeScript's authors; C has one equality.
  const plain = op === "===" || op === "!==" ? op.slice(0, 2) : op;
  if (COMPARISONS.has(plain)) return comparison(context, plain, left, right);
  if (ARITHMETIC.has(op)) return binaryOperation(context, op, left, right);
  lowering.unit.report(node.operatorToken, "notInC", [`'${op}' operators`]);
  return ERROR_VALUE;
}

function lowerPrefix(lowering: Lowering, node: TypeScript.PrefixUnaryExpression): Value {
  const { SyntaxKind } = lowering.unit.ts;
  switch (node.operator) {
    case SyntaxKind.PlusPlusToken:
      return lowerIncrement(lowering, node, "+", false);
    case SyntaxKind.MinusMinusToken:
      return lowerIncrement(lowering, node, "-", false);
    case SyntaxKind.ExclamationToken: {
      const value = lowering.condition(node.operand);
      if (value.constant !== undefined) return truth(value.constant === 0);
      return value.logical === true
        ? logicalValue(`!${wrapped(value, LEVEL.unary)}`, LEVEL.unary)
        : logicalValue(`${wrapped(value, LEVEL.relation)} === 0`, LEVEL.equality);
    }
    default: {
      const op = lowering.unit.ts.tokenToString(node.operator) ?? "";
      return unaryOperation(operatorContext(lowering, node), op, lowering.expression(node.operand));
    }
  }
}

const lowerPostfix = (lowering: Lowering, node: TypeScript.PostfixUnaryExpression): Value => {
  const isPlus = node.operator === lowering.unit.ts.SyntaxKind.PlusPlusToken;
  return lowerIncrement(lowering, node, isPlus ? "+" : "-", true);
};

function lowerConditional(lowering: Lowering, node: TypeScript.ConditionalExpression): Value {
  const condition = lowering.condition(node.condition);
  const [a, b] = [lowering.expression(node.whenTrue), lowering.expression(node.whenFalse)];
  const type = conditionalType(operatorContext(lowering, node), a, b);
  if (isError(type)) return ERROR_VALUE;
  if (condition.constant !== undefined) return convert(condition.constant === 0 ? b : a, type);
  const [left, right] = [a, b].map((each) => {
    const value = type.kind === "int" ? numeric(convert(operand(each), type)) : operand(each);
    return wrapped(value, LEVEL.assign);
  });
  const code = `${wrapped(condition, LEVEL.or)} ? ${left} : ${right}`;
  return { type, code, level: LEVEL.conditional };
}

function handlersOf(ts: Unit["ts"]): ReadonlyMap<TypeScript.SyntaxKind, Handler> {
  const kind = ts.SyntaxKind;
  const inner: Handler = (lowering, node: TypeScript.ParenthesizedExpression) =>
    lowering.expression(node.expression);
  return new Map<TypeScript.SyntaxKind, Handler>([
    [kind.NumericLiteral, lowerNumber],
    [kind.StringLiteral, lowerString],
    [kind.TrueKeyword, () => boolValue(true)],
    [kind.FalseKeyword, () => boolValue(false)],
    [kind.NullKeyword, () => NULL_VALUE],
    [kind.Identifier, lowerIdentifier],
    [kind.PropertyAccessExpression, lowerProperty],
    [kind.ElementAccessExpression, lowerElement],
    [kind.ParenthesizedExpression, inner],
    [kind.CallExpression, lowerCall],
    [kind.BinaryExpression, lowerBinary],
    [kind.PrefixUnaryExpression, lowerPrefix],
    [kind.PostfixUnaryExpression, lowerPostfix],
    [kind.ConditionalExpression, lowerConditional],
  ]);
}

/** What authors reach for, by kind of node, in the plural. */
function absentOf(ts: Unit["ts"]): ReadonlyMap<TypeScript.SyntaxKind, string> {
  const kind = ts.SyntaxKind;
  return new Map<TypeScript.SyntaxKind, string>([
    [kind.ArrowFunction, "arrow functions"],
    [kind.FunctionExpression, "function expressions"],
    [kind.ClassExpression, "classes"],
    [kind.NewExpression, "constructors"],
    [kind.ThisKeyword, "'this' values"],
    [kind.TemplateExpression, "template strings"],
    [kind.NoSubstitutionTemplateLiteral, "template strings"],
    [kind.TaggedTemplateExpression, "template strings"],
    [kind.RegularExpressionLiteral, "regular expressions"],
    [kind.BigIntLiteral, "bigint literals"],
    [kind.AwaitExpression, "await expressions"],
    [kind.YieldExpression, "yield expressions"],
    [kind.DeleteExpression, "delete expressions"],
    [kind.TypeOfExpression, "typeof expressions"],
    [kind.VoidExpression, "void expressions"],
    [kind.SpreadElement, "spread arguments"],
    [kind.NonNullExpression, "'!' assertions"],
    [kind.SatisfiesExpression, "'satisfies' expressions"],
  ]);
}

class ExpressionLowering implements Lowering {
  readonly unit: Unit;
  readonly statements: Lowering["statements"];
  frame: Frame | undefined;
  readonly #handlers: ReadonlyMap<TypeScript.SyntaxKind, Handler>;
  readonly #absent: ReadonlyMap<TypeScript.SyntaxKind, string>;

  constructor(unit: Unit, statements: Lowering["statements"]) {
    this.unit = unit;
    this.statements = statements;
    this.#handlers = handlersOf(unit.ts);
    this.#absent = absentOf(unit.ts);
  }

  expression(node: TypeScript.Expression): Value {
    const handler = this.#handlers.get(node.kind);
    return handler === undefined ? this.#refuse(node) : handler(this, node as never);
  }

  #refuse(node: TypeScript.Expression): Value {
    const { ts } = this.unit;
    if (ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))
      this.unit.report(node, "useCast");
    else if (ts.isObjectLiteralExpression(node))
      this.unit.report(node, "notStaticInitializer", ["an object literal"]);
    else if (ts.isArrayLiteralExpression(node))
      this.unit.report(node, "notStaticInitializer", ["an array literal"]);
    else this.unit.report(node, "notInC", [this.#absent.get(node.kind) ?? "such expressions"]);
    return ERROR_VALUE;
  }

  effect(node: TypeScript.Expression): Value {
    const { ts } = this.unit;
    if (ts.isParenthesizedExpression(node)) return this.effect(node.expression);
    if (!ts.isPostfixUnaryExpression(node)) return this.expression(node);
    const op = node.operator === ts.SyntaxKind.PlusPlusToken ? "+" : "-";
    return lowerIncrement(this, node, op, false);
  }

  condition(node: TypeScript.Expression): Value {
    const value = this.expression(node);
    if (isError(value.type)) return ERROR_VALUE;
    const type = operand(value).type;
    if (type.kind === "void") this.unit.report(node, "voidValue");
    else if (!isScalar(type))
      this.unit.report(node, "incompatibleType", ["condition", "scalar", this.unit.spell(type)]);
    return value;
  }

  place(node: TypeScript.Expression, use: string): Place | undefined {
    const { ts } = this.unit;
    if (ts.isParenthesizedExpression(node)) return this.place(node.expression, use);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node))
      return memberPlace(this, node);
    if (ts.isCallExpression(node) && node.expression.getText() === "deref")
      return derefPlace(this, node);
    if (ts.isIdentifier(node)) {
      const entity = entityOf(this.unit, node);
      if (entity.kind === "place") return entity.place;
      if (entity.kind === "error") {
        this.unit.unresolved.push(node);
        return undefined;
      }
    }
    const value = this.expression(node);
    if (!isError(value.type)) this.unit.report(node, "notLvalue", [use], node.parent);
    return undefined;
  }
}

export const makeLowering = (unit: Unit, statements: Lowering["statements"]): Lowering =>
  new ExpressionLowering(unit, statements);
