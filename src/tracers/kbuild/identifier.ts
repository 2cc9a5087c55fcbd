/**
 * What a name means: a local in a register, a variable in memory, a function of this object, an
 * inline that will travel in it, a symbol to be linked, a macro, a compiler builtin.
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import { ERROR_TYPE, type FunctionType, isScalar, VOID_POINTER } from "./ctype.ts";
import type { Lowering } from "./lowering.ts";
import type { Place } from "./place.ts";
import { readFunctionType } from "./type-syntax.ts";
import type { Unit } from "./unit.ts";
import { constantValue, convert, ERROR_VALUE, LEVEL, type Value } from "./value.ts";

export type Entity =
  | { readonly kind: "place"; readonly place: Place }
  | {
      readonly kind: "function";
      readonly name: string;
      readonly type: FunctionType;
      readonly node: TypeScript.FunctionDeclaration;
    }
  | { readonly kind: "builtin"; readonly name: string }
  | { readonly kind: "macro"; readonly name: string; readonly node: TypeScript.VariableDeclaration }
  | { readonly kind: "constant"; readonly name: string; readonly value: number }
  /** A parameter of an inline that is being evaluated at compile time. */
  | { readonly kind: "bound"; readonly value: Value }
  | { readonly kind: "error" };

const ERROR_ENTITY: Entity = { kind: "error" };

export function declarationOf(
  unit: Unit,
  node: TypeScript.Node,
): TypeScript.Declaration | undefined {
  const symbol = unit.checker.getSymbolAtLocation(node);
  if (symbol === undefined) return undefined;
  const isAlias = (symbol.flags & unit.ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? unit.checker.getAliasedSymbol(symbol) : symbol;
  return target.valueDeclaration;
}

function functionEntity(unit: Unit, node: TypeScript.FunctionDeclaration): Entity {
  const info = unit.infoOf(node);
  const name = node.name?.text ?? "";
  if (info.path === "linux/types") return { kind: "builtin", name };
  return { kind: "function", name, type: readFunctionType(unit.world, info, node), node };
}

const symbolPlace = (name: string, type: CType): Place => ({
  kind: "memory",
  type,
  base: { type: VOID_POINTER, code: `$sym("${name}")`, level: LEVEL.primary },
  offset: 0,
  readOnly: false,
});

function variableEntity(
  unit: Unit,
  node: TypeScript.VariableDeclaration,
  use: TypeScript.Node,
): Entity {
  const name = unit.ts.isIdentifier(node.name) ? node.name.text : "";
  const known = unit.statics.get(node);
  if (known !== undefined) {
    if (known.isMacro) return { kind: "macro", name, node };
    const place: Place = known.inMemory
      ? symbolPlace(known.name, known.type)
      : { kind: "variable", name: known.name, type: known.type };
    return { kind: "place", place };
  }
  const info = unit.infoOf(node);
  if (info.path === "linux/types" && name === "NULL") return { kind: "builtin", name };
  if (node.initializer !== undefined) return { kind: "macro", name, node };
  if (node.type === undefined) return ERROR_ENTITY;
  unit.importSymbol(name, use);
  return { kind: "place", place: symbolPlace(name, unit.typeOf(node.type)) };
}

export function entityOf(unit: Unit, node: TypeScript.Node): Entity {
  const { ts } = unit;
  const declaration = declarationOf(unit, node);
  if (declaration === undefined) return ERROR_ENTITY;
  const bound = unit.bound.get(declaration);
  if (bound !== undefined) return { kind: "bound", value: bound };
  const local = unit.locals.get(declaration);
  if (local !== undefined) return { kind: "place", place: { kind: "variable", ...local } };
  if (ts.isFunctionDeclaration(declaration)) return functionEntity(unit, declaration);
  if (ts.isEnumMember(declaration)) {
    const value = unit.checker.getConstantValue(declaration);
    const name = declaration.name.getText();
    return typeof value === "number" ? { kind: "constant", name, value } : ERROR_ENTITY;
  }
  return ts.isVariableDeclaration(declaration)
    ? variableEntity(unit, declaration, node)
    : ERROR_ENTITY;
}

/** Expand a macro where it is used, as the preprocessor would, with its name for a comment. */
export function expandMacro(
  lowering: Lowering,
  name: string,
  node: TypeScript.VariableDeclaration,
): Value {
  if (node.initializer === undefined) return ERROR_VALUE;
  const raw = lowering.expression(node.initializer);
  const type = node.type === undefined ? raw.type : lowering.unit.typeOf(node.type);
  const value = type === ERROR_TYPE || !isScalar(type) ? raw : convert(raw, type);
  if (value.constant === undefined) return value;
  if (lowering.unit.infoOf(node).isHeader) lowering.unit.constants.set(name, value.constant);
  return constantValue(value.type, value.constant, name);
}

/** The function as a value; from here on the object must contain or import it. */
export function functionValue(
  unit: Unit,
  entity: Extract<Entity, { kind: "function" }>,
  use: TypeScript.Node,
): Value {
  const { name, type, node } = entity;
  // Declared without a body, in a header or here: another object has it.
  if (unit.infoOf(node).isHeader || node.body === undefined) {
    if (node.body === undefined) unit.importSymbol(name, use);
    else unit.carryInline(node);
  }
  return { type, code: `$sym("${name}")`, level: LEVEL.primary, designator: name };
}
