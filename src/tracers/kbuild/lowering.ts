/**
 * What the parts of the code generator share: the unit, the function being lowered, and the ways
 * back into the dispatcher. `expression.ts` makes one; the families of nodes only see this.
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import type { OperatorContext } from "./arithmetic.ts";
import { decay, refuseConversion } from "./ctype.ts";
import type { MessageKey } from "./messages.ts";
import type { Place } from "./place.ts";
import type { Unit } from "./unit.ts";
import { convert, ERROR_VALUE, isNullConstant, numeric, type Value } from "./value.ts";

/** A function being lowered: what `return` must give, and the temporaries it came to need. */
export interface Frame {
  readonly name: string;
  readonly ret: CType;
  temporaries: number;
}

/** Lines of text, without indentation of their own. */
export type Lines = readonly string[];

export type StatementHandler = (lowering: Lowering, node: never) => Lines;

export interface Lowering {
  readonly unit: Unit;
  readonly statements: ReadonlyMap<TypeScript.SyntaxKind, StatementHandler>;
  /** Undefined at file scope, where only constants make sense. */
  frame: Frame | undefined;
  expression(node: TypeScript.Expression): Value;
  /** The same for its effect only. */
  effect(node: TypeScript.Expression): Value;
  /** As the condition of an `if`: JavaScript's truth of the text is C's. */
  condition(node: TypeScript.Expression): Value;
  /** The lvalue, or undefined after an error was reported. `use` completes "lvalue required as". */
  place(node: TypeScript.Expression, use: string): Place | undefined;
}

/** Operators complain about the expression that they are in. */
export const operatorContext = (lowering: Lowering, node: TypeScript.Node): OperatorContext => ({
  refuse: (key: MessageKey, ...args: readonly string[]): void =>
    lowering.unit.report(node, key, args),
  strideOf: (type) => lowering.unit.strideOf(type),
});

/** A value as an assignment, an argument or a return converts it, or an error. */
export function convertFor(
  lowering: Lowering,
  value: Value,
  to: CType,
  what: string,
  node: TypeScript.Node,
  around: TypeScript.Node = node,
): Value {
  const refusal = refuseConversion(to, value.type, isNullConstant(value));
  if (refusal === undefined) return numeric(convert(value, to));
  const { unit } = lowering;
  unit.report(node, refusal, [what, unit.spell(to), unit.spell(decay(value.type))], around);
  return ERROR_VALUE;
}

/** A fresh variable of the function, for a value that is needed twice. */
export function temporary(lowering: Lowering): string {
  if (lowering.frame === undefined) return "__t0";
  const name = `__t${lowering.frame.temporaries}`;
  lowering.frame.temporaries += 1;
  return name;
}
