/**
 * `=`, `+=`, `++` and their kin: a value converted to the type of a place and written there.
 *
 * A place whose address is costly or has effects is computed once, into a temporary.
 */
import type TypeScript from "typescript";
import { binaryOperation } from "./arithmetic.ts";
import { INT, typeText } from "./ctype.ts";
import { convertFor, type Lowering, operatorContext, temporary } from "./lowering.ts";
import { type Place, readPlace, writePlace } from "./place.ts";
import { constantValue, ERROR_VALUE, LEVEL, type Value, wrapped } from "./value.ts";

function writable(lowering: Lowering, node: TypeScript.Expression, use: string): Place | undefined {
  const { unit } = lowering;
  const place = lowering.place(node, use);
  if (place === undefined) return undefined;
  if (place.type.kind === "struct") {
    unit.report(node, "structAssignment", [], node.parent);
    return undefined;
  }
  if (place.type.kind === "array") {
    unit.report(node, "notLvalue", [use], node.parent);
    return undefined;
  }
  if (place.kind === "memory" && place.readOnly) {
    unit.report(node, "readOnly", [node.getText()], node.parent);
    return undefined;
  }
  return place;
}

/** A function stored in a member of an ops table is something that the kernel will call. */
function noteCallback(lowering: Lowering, place: Place, value: Value): void {
  if (place.kind === "memory" && place.owner !== undefined && value.designator !== undefined)
    lowering.unit.callbacks.set(`${place.owner}.${place.note}`, typeText(value.type));
}

export function lowerAssignment(lowering: Lowering, node: TypeScript.BinaryExpression): Value {
  const place = writable(lowering, node.left, "left operand of assignment");
  const right = lowering.expression(node.right);
  if (place === undefined) return ERROR_VALUE;
  noteCallback(lowering, place, right);
  return writePlace(place, convertFor(lowering, right, place.type, "assignment", node.right, node));
}

const isStable = (code: string): boolean => /^(\w+|\$sym\("\w+"\))$/.test(code);

/** The place with its address in a variable, and the text that puts it there. */
function stabilised(lowering: Lowering, place: Place): { place: Place; setup: string } {
  if (place.kind === "variable" || isStable(place.base.code)) return { place, setup: "" };
  const name = temporary(lowering);
  const setup = `${name} = ${wrapped(place.base, LEVEL.assign)}, `;
  return { place: { ...place, base: { ...place.base, code: name, level: LEVEL.primary } }, setup };
}

const afterSetup = (setup: string, value: Value): Value =>
  setup === ""
    ? value
    : { type: value.type, code: `(${setup}${value.code})`, level: LEVEL.primary };

export function lowerCompound(
  lowering: Lowering,
  node: TypeScript.BinaryExpression,
  op: string,
): Value {
  const target = writable(lowering, node.left, "left operand of assignment");
  const right = lowering.expression(node.right);
  if (target === undefined) return ERROR_VALUE;
  const { place, setup } = stabilised(lowering, target);
  const sum = binaryOperation(operatorContext(lowering, node), op, readPlace(place), right);
  const value = convertFor(lowering, sum, place.type, "assignment", node.right, node);
  return afterSetup(setup, writePlace(place, value));
}

/** `postfix` only if the old value is wanted. */
export function lowerIncrement(
  lowering: Lowering,
  node: TypeScript.PrefixUnaryExpression | TypeScript.PostfixUnaryExpression,
  op: "+" | "-",
  postfix: boolean,
): Value {
  const target = writable(
    lowering,
    node.operand,
    op === "+" ? "increment operand" : "decrement operand",
  );
  if (target === undefined) return ERROR_VALUE;
  const { place, setup } = stabilised(lowering, target);
  const old = readPlace(place);
  const context = operatorContext(lowering, node);
  if (!postfix) {
    const sum = binaryOperation(context, op, old, constantValue(INT, 1));
    return afterSetup(
      setup,
      writePlace(place, convertFor(lowering, sum, place.type, "assignment", node)),
    );
  }
  const kept = temporary(lowering);
  const before: Value = { type: place.type, code: kept, level: LEVEL.primary };
  const sum = binaryOperation(context, op, before, constantValue(INT, 1));
  const write = writePlace(place, convertFor(lowering, sum, place.type, "assignment", node));
  const code = `(${setup}${kept} = ${old.code}, ${write.code}, ${kept})`;
  return { type: place.type, code, level: LEVEL.primary };
}
