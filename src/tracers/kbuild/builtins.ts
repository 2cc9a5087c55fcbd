/**
 * The compiler's builtins of `linux/types`: operators that C has and TypeScript has not (`&x`, `*p`,
 * casts, sizeof), and the macros that every kernel header leans on (container_of, likely).
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import {
  decay,
  ERROR_TYPE,
  isError,
  isInteger,
  isScalar,
  LONG,
  pointerTo,
  sizeOfScalar,
  UNSIGNED_LONG,
  VOID,
} from "./ctype.ts";
import { entityOf, functionValue } from "./identifier.ts";
import { convertFor, type Lowering } from "./lowering.ts";
import { fieldOf, pointeePlace } from "./member.ts";
import { addressOf, type Place, readPlace, writePlace } from "./place.ts";
import {
  constantValue,
  convert,
  ERROR_VALUE,
  LEVEL,
  numeric,
  type Value,
  wrapped,
} from "./value.ts";

type Builtin = (lowering: Lowering, node: TypeScript.CallExpression) => Value;

function fail(lowering: Lowering, node: TypeScript.Node, text: string): Value {
  lowering.unit.report(node, "builtinArguments", [text], node.parent);
  return ERROR_VALUE;
}

function typeArgument(lowering: Lowering, node: TypeScript.CallExpression): CType {
  const [type] = node.typeArguments ?? [];
  if (type !== undefined) return lowering.unit.typeOf(type);
  const name = node.expression.getText();
  fail(lowering, node, `'${name}' needs the type that it is about: ${name}<task_struct>(...)`);
  return ERROR_TYPE;
}

/** Values that a cast changes the width of and gcc warns about. */
function castRefusal(to: CType, from: Value): string | undefined {
  const type = decay(from.type);
  if (!isScalar(to) && to.kind !== "void") return "conversion to non-scalar type requested";
  if (!isScalar(type)) return "a value of this type cannot be cast";
  if (type.kind === "ptr" && to.kind === "int" && to.size < 8)
    return "cast from pointer to integer of different size";
  const widens = to.kind === "ptr" && isInteger(type) && sizeOfScalar(type) < 8;
  return widens && from.constant === undefined
    ? "cast to pointer from integer of different size"
    : undefined;
}

const cast: Builtin = (lowering, node) => {
  const to = typeArgument(lowering, node);
  const [argument] = node.arguments;
  if (argument === undefined) return ERROR_VALUE;
  const value = lowering.expression(argument);
  if (isError(to) || isError(value.type)) return ERROR_VALUE;
  if (to.kind === "void") return { ...numeric(value), type: VOID };
  const refusal = castRefusal(to, value);
  if (refusal !== undefined) return fail(lowering, node, refusal);
  return to.kind === "ptr" ? { ...numeric(value), type: to } : numeric(convert(value, to));
};

const address: Builtin = (lowering, node) => {
  const { unit } = lowering;
  const [argument] = node.arguments;
  if (argument === undefined) return ERROR_VALUE;
  if (unit.ts.isIdentifier(argument)) {
    const entity = entityOf(unit, argument);
    if (entity.kind === "function")
      return { ...functionValue(unit, entity, argument), type: pointerTo(entity.type) };
  }
  const place = lowering.place(argument, "unary '&' operand");
  if (place === undefined) return ERROR_VALUE;
  if (place.kind === "memory") return addressOf(place);
  unit.report(argument, "addressOfLocal", [argument.getText()]);
  return ERROR_VALUE;
};

export function derefPlace(lowering: Lowering, node: TypeScript.CallExpression): Place | undefined {
  const [argument] = node.arguments;
  return argument === undefined ? undefined : pointeePlace(lowering, argument);
}

const deref: Builtin = (lowering, node) => {
  const place = derefPlace(lowering, node);
  return place === undefined ? ERROR_VALUE : readPlace(place);
};

const storeValue: Builtin = (lowering, node) => {
  const { unit } = lowering;
  const [, argument] = node.arguments;
  const place = derefPlace(lowering, node);
  if (argument === undefined) return ERROR_VALUE;
  const value = lowering.expression(argument);
  if (place === undefined || place.kind !== "memory") return ERROR_VALUE;
  if (place.readOnly) unit.report(node, "readOnly", [`*${node.arguments[0]?.getText()}`]);
  if (place.type.kind === "struct") unit.report(node, "structAssignment");
  return writePlace(place, convertFor(lowering, value, place.type, "assignment", argument, node));
};

const sizeof: Builtin = (lowering, node) => {
  const { unit } = lowering;
  const type = typeArgument(lowering, node);
  if (isError(type)) return ERROR_VALUE;
  const [spelling] = node.typeArguments ?? [];
  if (type.kind === "struct" && unit.completeLayout(node, type.name) === undefined)
    return ERROR_VALUE;
  const size = unit.layouts.extentOf(type)?.size;
  if (size === undefined) return fail(lowering, node, "invalid application of 'sizeof'");
  return constantValue(UNSIGNED_LONG, size, `sizeof(${spelling?.getText()})`);
};

/** The offset of `a.b` in a struct, or undefined after an error. */
function memberOffset(
  lowering: Lowering,
  node: TypeScript.CallExpression,
  path: TypeScript.Expression,
): number | undefined {
  const { unit } = lowering;
  let type = typeArgument(lowering, node);
  if (!unit.ts.isStringLiteral(path)) {
    fail(lowering, path, "the member is named by a string literal");
    return undefined;
  }
  let offset = 0;
  for (const member of path.text.split(".")) {
    if (type.kind !== "struct") {
      if (!isError(type)) unit.report(path, "notStruct", [member, unit.spell(type)]);
      return undefined;
    }
    const field = fieldOf(lowering, path, type.name, member);
    if (field === undefined) return undefined;
    offset += field.offset;
    type = field.type;
  }
  return offset;
}

const offsetof: Builtin = (lowering, node) => {
  const [path] = node.arguments;
  const offset = path === undefined ? undefined : memberOffset(lowering, node, path);
  return offset === undefined
    ? ERROR_VALUE
    : constantValue(UNSIGNED_LONG, offset, `offsetof ${path?.getText()}`);
};

const containerOf: Builtin = (lowering, node) => {
  const [argument, path] = node.arguments;
  if (argument === undefined || path === undefined) return ERROR_VALUE;
  const value = lowering.expression(argument);
  const offset = memberOffset(lowering, node, path);
  if (offset === undefined || isError(value.type)) return ERROR_VALUE;
  const type = typeArgument(lowering, node);
  if (decay(value.type).kind !== "ptr")
    return fail(lowering, argument, "container_of wants a pointer to a member");
  const code = `${wrapped(value, LEVEL.sum)} - ${offset} /* ${path.getText()} */`;
  return { type: pointerTo(type), code, level: LEVEL.sum };
};

/** `!!(x)`, as the macro has it. */
const likely: Builtin = (lowering, node) => {
  const [argument] = node.arguments;
  if (argument === undefined) return ERROR_VALUE;
  const condition = lowering.condition(argument);
  if (condition.logical === true) return { ...condition, type: LONG };
  return {
    type: LONG,
    code: `${wrapped(condition, LEVEL.relation)} !== 0`,
    level: LEVEL.equality,
    logical: true,
  };
};

const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["cast", cast],
  ["addr", address],
  ["deref", deref],
  ["store", storeValue],
  ["sizeof", sizeof],
  ["offsetof", offsetof],
  ["container_of", containerOf],
  ["likely", likely],
  ["unlikely", likely],
]);

export function lowerBuiltin(
  lowering: Lowering,
  name: string,
  node: TypeScript.CallExpression,
): Value {
  const builtin = BUILTINS.get(name);
  return builtin === undefined ? ERROR_VALUE : builtin(lowering, node);
}
