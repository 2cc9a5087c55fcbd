/**
 * `a.b` and `a[i]`: members of structs by their baked offset, elements of arrays and pointers.
 *
 * A dot stands for C's `.` and `->` alike; a member that is itself a struct adds its offset.
 */

import type TypeScript from "typescript";
import type { Field } from "#kernel";
import { binaryOperation } from "./arithmetic.ts";
import { decay, isError, isInteger, pointerTo } from "./ctype.ts";
import { type Lowering, operatorContext } from "./lowering.ts";
import { type MemoryPlace, type Place, readPlace } from "./place.ts";
import { ERROR_VALUE, type Value } from "./value.ts";

interface StructBase {
  readonly struct: string;
  readonly base: Value;
  readonly offset: number;
  readonly note?: string;
  readonly readOnly: boolean;
}

/** The struct that an expression is, or points at. */
function structBase(
  lowering: Lowering,
  node: TypeScript.Expression,
  member: string,
): StructBase | undefined {
  const { ts } = lowering.unit;
  const inner = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  const place = inner ? memberPlace(lowering, node) : undefined;
  if (inner && place === undefined) return undefined;
  if (place?.kind === "memory" && place.type.kind === "struct") {
    const { base, offset, readOnly, note } = place;
    const found = { struct: place.type.name, base, offset, readOnly };
    return note === undefined ? found : { ...found, note };
  }
  const value = place === undefined ? lowering.expression(node) : readPlace(place);
  const type = decay(value.type);
  if (type.kind === "ptr" && type.to.kind === "struct")
    return { struct: type.to.name, base: value, offset: 0, readOnly: type.isConst === true };
  if (!isError(type))
    lowering.unit.report(node, "notStruct", [member, lowering.unit.spell(value.type)], node.parent);
  return undefined;
}

export function fieldOf(
  lowering: Lowering,
  node: TypeScript.Node,
  struct: string,
  member: string,
): Field | undefined {
  const { unit } = lowering;
  const layout = unit.completeLayout(node, struct);
  if (layout === undefined) return undefined;
  const field = layout.fields.find((each) => each.name === member);
  if (field === undefined) {
    unit.report(node, "noMember", [struct, member], node.parent);
    return undefined;
  }
  unit.bakeField(struct, field);
  return field;
}

function propertyPlace(
  lowering: Lowering,
  node: TypeScript.PropertyAccessExpression,
): Place | undefined {
  const { unit } = lowering;
  if (node.questionDotToken !== undefined) {
    unit.report(node, "notInC", ["optional chains"]);
    return undefined;
  }
  const member = node.name.text;
  const found = structBase(lowering, node.expression, member);
  if (found === undefined) return undefined;
  const field = fieldOf(lowering, node.name, found.struct, member);
  if (field === undefined) return undefined;
  return {
    kind: "memory",
    type: field.type,
    base: found.base,
    offset: found.offset + field.offset,
    note: found.note === undefined ? member : `${found.note}.${member}`,
    owner: found.struct,
    readOnly: found.readOnly,
  };
}

/** The array or pointer that is indexed; an array inside a struct keeps its offset apart. */
function elementBase(lowering: Lowering, node: TypeScript.Expression): [Value, number] {
  const { ts } = lowering.unit;
  const inner = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
  if (!inner) return [lowering.expression(node), 0];
  const place = memberPlace(lowering, node);
  if (place === undefined) return [ERROR_VALUE, 0];
  if (place.kind !== "memory" || place.type.kind !== "array") return [readPlace(place), 0];
  return [{ ...place.base, type: pointerTo(place.type.of, place.readOnly) }, place.offset];
}

function elementPlace(
  lowering: Lowering,
  node: TypeScript.ElementAccessExpression,
): Place | undefined {
  const { unit } = lowering;
  const [target, start] = elementBase(lowering, node.expression);
  const index = lowering.expression(node.argumentExpression);
  const type = decay(target.type);
  if (isError(type) || isError(index.type)) return undefined;
  if (type.kind !== "ptr" || !isInteger(index.type)) {
    unit.report(node, "subscripted", [unit.spell(target.type)]);
    return undefined;
  }
  const readOnly = type.isConst === true;
  const note = node.getText().replace(/^.*?([\w.]*\[)/s, "$1");
  const element = { kind: "memory", type: type.to, note, readOnly } as const;
  if (index.constant !== undefined)
    return { ...element, base: target, offset: start + index.constant * unit.strideOf(type.to) };
  const context = operatorContext(lowering, node);
  const base = binaryOperation(context, "+", { ...target, type }, index);
  return { ...element, base, offset: start };
}

export function memberPlace(
  lowering: Lowering,
  node: TypeScript.PropertyAccessExpression | TypeScript.ElementAccessExpression,
): Place | undefined {
  return lowering.unit.ts.isPropertyAccessExpression(node)
    ? propertyPlace(lowering, node)
    : elementPlace(lowering, node);
}

/** What a pointer points at, as a place. */
export function pointeePlace(
  lowering: Lowering,
  node: TypeScript.Expression,
): MemoryPlace | undefined {
  const { unit } = lowering;
  const value = lowering.expression(node);
  const type = decay(value.type);
  if (isError(type)) return undefined;
  if (type.kind !== "ptr" || type.to.kind === "void") {
    unit.report(node, "invalidOperand", ["unary *", unit.spell(value.type)], node.parent);
    return undefined;
  }
  return {
    kind: "memory",
    type: type.to,
    base: { ...value, type },
    offset: 0,
    readOnly: type.isConst === true,
  };
}
