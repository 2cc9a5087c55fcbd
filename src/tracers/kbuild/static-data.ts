/**
 * Variables of the module. A scalar whose address nobody takes is a JavaScript `let`; structs,
 * arrays, exported variables and scalars with an address are bytes in `.data`, initialised by values
 * and relocations.
 *
 * Source: C11 6.7.9 (static initialisers are constants; what is not named is zero).
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import { isError, isScalar, refuseConversion, sizeOfScalar, typeText } from "./ctype.ts";
import { convertFor, type Lowering } from "./lowering.ts";
import type { StaticVariable, Unit } from "./unit.ts";
import { isNullConstant, operand, type Value } from "./value.ts";

/** Names whose address the source takes somewhere with `addr(name)`. */
export function addressTaken(unit: Unit): ReadonlySet<string> {
  const { ts } = unit;
  const taken = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === "addr"
    ) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isIdentifier(argument)) taken.add(argument.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const { file } of unit.mains) visit(file);
  return taken;
}

function staticType(lowering: Lowering, node: TypeScript.VariableDeclaration): CType {
  const { unit } = lowering;
  if (node.type !== undefined) return unit.typeOf(node.type);
  const value = node.initializer === undefined ? undefined : lowering.expression(node.initializer);
  const type = value === undefined ? undefined : operand(value).type;
  if (type !== undefined && (isScalar(type) || isError(type))) return type;
  unit.report(node, "needsType", [node.name.getText(), "`let x: int = 0;`, say"]);
  return { kind: "void" };
}

/** Decide how one variable at file scope is kept, before any code that uses it is lowered. */
export function declareStatic(
  lowering: Lowering,
  node: TypeScript.VariableDeclaration,
  isConst: boolean,
  hasAddress: boolean,
): void {
  const { unit } = lowering;
  if (!unit.ts.isIdentifier(node.name)) {
    unit.report(node.name, "notInC", ["destructuring declarations"]);
    return;
  }
  const name = node.name.text;
  if (!/^[A-Za-z_]\w*$/.test(name)) unit.report(node.name, "notCIdentifier", [name]);
  const type = staticType(lowering, node);
  const isMacro = isConst && isScalar(type) && !hasAddress;
  unit.statics.set(node, { name, type, inMemory: hasAddress || !isScalar(type), isMacro, node });
}

class Initializer {
  readonly lines: string[] = [];
  readonly #lowering: Lowering;

  constructor(lowering: Lowering) {
    this.#lowering = lowering;
  }

  fill(type: CType, offset: number, node: TypeScript.Expression, member: string): void {
    const { unit } = this.#lowering;
    const { ts } = unit;
    if (ts.isParenthesizedExpression(node)) this.fill(type, offset, node.expression, member);
    else if (ts.isObjectLiteralExpression(node)) this.#object(type, offset, node);
    else if (ts.isArrayLiteralExpression(node)) this.#array(type, offset, node, member);
    else if (type.kind === "array" && ts.isStringLiteral(node))
      this.#string(type.length, offset, node);
    else this.#scalar(type, offset, node, member);
  }

  #object(type: CType, offset: number, node: TypeScript.ObjectLiteralExpression): void {
    const { unit } = this.#lowering;
    const { ts } = unit;
    if (type.kind !== "struct") {
      if (!isError(type))
        unit.report(
          node,
          "incompatibleType",
          ["initialization", unit.spell(type), "{...}"],
          node.parent,
        );
      return;
    }
    const layout = unit.completeLayout(node, type.name);
    for (const property of layout === undefined ? [] : node.properties) {
      if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) {
        unit.report(property, "notInC", ["such members of an initializer (write name: value)"]);
        continue;
      }
      const name = property.name.text;
      const field = layout?.fields.find((each) => each.name === name);
      if (field === undefined) {
        unit.report(property, "noMember", [type.name, name]);
        continue;
      }
      unit.bakeField(type.name, field);
      this.fill(field.type, offset + field.offset, property.initializer, `${type.name}.${name}`);
    }
  }

  #array(
    type: CType,
    offset: number,
    node: TypeScript.ArrayLiteralExpression,
    member: string,
  ): void {
    const { unit } = this.#lowering;
    if (type.kind !== "array") {
      if (!isError(type))
        unit.report(
          node,
          "incompatibleType",
          ["initialization", unit.spell(type), "[...]"],
          node.parent,
        );
      return;
    }
    if (node.elements.length > type.length)
      unit.report(node, "builtinArguments", ["excess elements in array initializer"]);
    const stride = unit.strideOf(type.of);
    for (const [index, element] of node.elements.entries())
      this.fill(type.of, offset + index * stride, element, member);
  }

  #string(length: number, offset: number, node: TypeScript.StringLiteral): void {
    const codes = Array.from(node.text, (char) => char.codePointAt(0) ?? 0);
    if (codes.length > length)
      this.#lowering.unit.report(node, "builtinArguments", [
        "initializer-string for array of chars is too long",
      ]);
    for (const [index, code] of codes.entries())
      this.lines.push(`+${offset + index} 1 ${code & 255}`);
  }

  #scalar(type: CType, offset: number, node: TypeScript.Expression, member: string): void {
    const { unit } = this.#lowering;
    const value = this.#lowering.expression(node);
    if (value.designator !== undefined) unit.callbacks.set(member, typeText(value.type));
    if (!isScalar(type)) {
      const refusal = refuseConversion(type, value.type, isNullConstant(value));
      if (refusal !== undefined)
        unit.report(
          node,
          refusal,
          ["initialization", unit.spell(type), unit.spell(value.type)],
          node.parent,
        );
      return;
    }
    const converted = convertFor(this.#lowering, value, type, "initialization", node, node.parent);
    const text = isError(value.type) || isError(converted.type) ? "0" : relocation(converted);
    if (text === undefined) unit.report(node, "notConstant");
    else if (text.startsWith("&") || text.startsWith("$")) this.lines.push(`+${offset} ${text}`);
    else this.lines.push(`+${offset} ${sizeOfScalar(type)} ${text}`);
  }
}

/** A constant, `&symbol`, `&symbol+8` or `$str(n)`; undefined if only a running module could know. */
function relocation(value: Value): string | undefined {
  if (value.constant !== undefined) return String(value.constant);
  const code = value.code.replace(/ ?\/\*.*?\*\//g, "");
  if (/^\$str\(\d+\)$/.test(code)) return code;
  const symbol = /^\$sym\("(\w+)"\)(?: \+ (\d+))?$/.exec(code);
  if (symbol === null) return undefined;
  return symbol[2] === undefined ? `&${symbol[1]}` : `&${symbol[1]}+${symbol[2]}`;
}

function lowerMemory(lowering: Lowering, variable: StaticVariable): void {
  const { unit } = lowering;
  const { type, node, name } = variable;
  if (type.kind === "struct") unit.completeLayout(node.type ?? node, type.name);
  const size = unit.layouts.extentOf(type)?.size ?? 0;
  const initializer = new Initializer(lowering);
  if (node.initializer !== undefined) initializer.fill(type, 0, node.initializer, name);
  unit.data.push({ name, size, lines: initializer.lines });
}

/** The variable's object, or its `let`. */
export function lowerStatic(lowering: Lowering, variable: StaticVariable): string | undefined {
  const { unit } = lowering;
  const { type, node, name } = variable;
  if (variable.inMemory) {
    lowerMemory(lowering, variable);
    return undefined;
  }
  const source = node.initializer;
  const value = source === undefined ? undefined : lowering.expression(source);
  if (source === undefined || value === undefined) return `let ${name} = 0;`;
  const converted = convertFor(lowering, value, type, "initialization", source, node);
  const isSound = !isError(value.type) && !isError(converted.type);
  if (isSound && relocation(converted) === undefined) unit.report(source, "notConstant");
  return variable.isMacro ? undefined : `let ${name} = ${converted.code};`;
}
