/**
 * The macros that stand outside functions: MODULE_LICENSE and its kin, module_init, module_param,
 * EXPORT_SYMBOL, initcalls. They are recognised by name wherever a header declares them, and become
 * sections of the object.
 *
 * Source: include/linux/module.h, moduleparam.h and init.h of Linux 2.6.32.
 */
import type TypeScript from "typescript";
import { NOKPROBE_PREFIX } from "#kernel";
import {
  cText,
  type FunctionType,
  INT,
  pointerTo,
  refuseConversion,
  sameType,
  typeText,
  VOID,
} from "./ctype.ts";
import { entityOf } from "./identifier.ts";
import type { Lowering } from "./lowering.ts";
import { readFunctionType } from "./type-syntax.ts";
import type { Unit } from "./unit.ts";

type Marker = (lowering: Lowering, node: TypeScript.CallExpression) => void;

function textArgument(unit: Unit, node: TypeScript.CallExpression, index: number): string {
  const argument = node.arguments[index];
  if (argument !== undefined && unit.ts.isStringLiteral(argument)) return argument.text;
  unit.report(argument ?? node, "badMarker", [
    `${node.expression.getText()} wants a string literal`,
  ]);
  return "";
}

const information =
  (key: string): Marker =>
  ({ unit }, node) => {
    unit.markers.modinfo.push([key, textArgument(unit, node, 0)]);
  };

const entryPoint =
  (key: string, type: FunctionType): Marker =>
  ({ unit }, node) => {
    const [argument] = node.arguments;
    if (argument === undefined) return;
    const entity = entityOf(unit, argument);
    if (entity.kind === "error") {
      unit.unresolved.push(argument);
      return;
    }
    if (entity.kind !== "function") {
      unit.report(argument, "badMarker", [
        `${node.expression.getText()} wants a function of this file`,
      ]);
      return;
    }
    const refusal = refuseConversion(pointerTo(type), entity.type, false);
    if (refusal !== undefined)
      unit.report(
        argument,
        refusal,
        [node.expression.getText(), cText(type), cText(entity.type)],
        node,
      );
    const isTaken = unit.markers.init.some(([other]) => other === key);
    if (isTaken && !unit.builtin)
      unit.report(node, "badMarker", [`a module has one ${node.expression.getText()}()`]);
    unit.markers.init.push([key, entity.name]);
  };

/** C has one name space: what a header says of a function of the core is what the core's port says. */
function checkAgainstPort(unit: Unit, argument: TypeScript.Identifier, type: FunctionType): void {
  const port = unit.world.find("core/port");
  const row = port?.declarations.get(argument.text);
  if (port === undefined || row === undefined || !unit.ts.isFunctionDeclaration(row)) return;
  const theirs = readFunctionType(unit.world, port, row);
  if (!sameType(theirs, type))
    unit.report(argument, "conflictingTypes", [
      argument.text,
      unit.spell(type),
      unit.spell(theirs),
    ]);
}

/** A module exports what it defines; the kernel's own files also what the core does for them. */
const exported =
  (gplOnly: boolean): Marker =>
  ({ unit }, node) => {
    const [argument] = node.arguments;
    if (argument === undefined) return;
    const entity = entityOf(unit, argument);
    if (entity.kind === "error") {
      unit.unresolved.push(argument);
      return;
    }
    const isOwn =
      unit.ts.isIdentifier(argument) && unit.infoOf(node).declarations.has(argument.text);
    const isCore = unit.builtin && entity.kind === "function" && entity.node.body === undefined;
    if (!unit.ts.isIdentifier(argument) || !(isOwn || isCore)) {
      const text = "EXPORT_SYMBOL stands in the file that defines the symbol";
      unit.report(argument, "badMarker", [text]);
      return;
    }
    if (entity.kind === "function" && !isOwn) checkAgainstPort(unit, argument, entity.type);
    unit.markers.exports.push({ name: argument.text, gplOnly });
  };

/** The address of a function that must not be probed, in a variable that the linker looks for. */
const notProbed: Marker = ({ unit }, node) => {
  const [argument] = node.arguments;
  if (argument === undefined) return;
  const entity = entityOf(unit, argument);
  if (entity.kind === "error") unit.unresolved.push(argument);
  else if (entity.kind !== "function")
    unit.report(argument, "badMarker", ["NOKPROBE_SYMBOL wants a function"]);
  else {
    const { name } = entity;
    unit.data.push({ name: `${NOKPROBE_PREFIX}${name}`, size: 8, lines: [`+0 &${name}`] });
  }
};

const PARAMETER_TYPES: Readonly<Record<string, readonly string[]>> = {
  bool: ["bool"],
  byte: ["u8"],
  short: ["short"],
  int: ["int"],
  uint: ["unsigned_int"],
  long: ["long"],
  ulong: ["unsigned_long"],
  charp: ["ptr<const char>", "ptr<char>"],
};

/** VERIFY_OCTAL_PERMISSIONS: a number, and nobody but the owner may write. */
function permissionsOf(unit: Unit, node: TypeScript.Expression | undefined): number {
  if (node === undefined) return 0;
  const bits = unit.ts.isNumericLiteral(node) ? Number(node.text) : -1;
  if (bits >= 0 && bits <= 0o777 && (bits & 0o002) === 0) return bits;
  const text = "permissions of a parameter are a number such as 0o644, without write for others";
  unit.report(node, "badMarker", [text]);
  return 0;
}

/** `module_param(variable, "int", 0)` or, with a name of its own, `module_param_named`. */
const parameter =
  (isNamed: boolean): Marker =>
  ({ unit }, node) => {
    const variable = node.arguments[isNamed ? 1 : 0];
    const kind = textArgument(unit, node, isNamed ? 2 : 1);
    if (variable === undefined) return;
    const entity = entityOf(unit, variable);
    if (entity.kind !== "place") {
      unit.report(variable, "badMarker", [
        "module_param wants a variable of the module (let, not const)",
      ]);
      return;
    }
    const wanted = PARAMETER_TYPES[kind];
    if (wanted === undefined)
      unit.report(node, "badMarker", [
        `'${kind}' is no parameter type: ${Object.keys(PARAMETER_TYPES).join(" ")}`,
      ]);
    else if (!wanted.includes(typeText(entity.place.type)))
      unit.report(
        variable,
        "incompatibleType",
        ["module_param", kind, unit.spell(entity.place.type)],
        node,
      );
    const name = isNamed ? textArgument(unit, node, 0) : variable.getText();
    const permissions = permissionsOf(unit, node.arguments[isNamed ? 3 : 2]);
    unit.markers.params.push({ name, type: kind, variable: variable.getText(), permissions });
  };

const INIT: FunctionType = { kind: "fn", ret: INT, params: [], variadic: false };
const EXIT: FunctionType = { kind: "fn", ret: VOID, params: [], variadic: false };

const MARKERS: ReadonlyMap<string, Marker> = new Map<string, Marker>([
  ["MODULE_LICENSE", information("license")],
  ["MODULE_AUTHOR", information("author")],
  ["MODULE_DESCRIPTION", information("description")],
  ["MODULE_VERSION", information("version")],
  [
    "MODULE_INFO",
    ({ unit }, node) => {
      unit.markers.modinfo.push([textArgument(unit, node, 0), textArgument(unit, node, 1)]);
    },
  ],
  ["MODULE_IMPORT_NS", information("import_ns")],
  ["MODULE_ALIAS", information("alias")],
  [
    "MODULE_PARM_DESC",
    ({ unit }, node) => {
      const [parameter] = node.arguments;
      if (parameter === undefined) return;
      const name = unit.ts.isStringLiteral(parameter) ? parameter.text : parameter.getText();
      unit.markers.descriptions.set(name, textArgument(unit, node, 1));
    },
  ],
  ["module_init", entryPoint("init", INIT)],
  ["module_exit", entryPoint("exit", EXIT)],
  ["early_initcall", entryPoint("early", INIT)],
  ["core_initcall", entryPoint("core", INIT)],
  ["subsys_initcall", entryPoint("subsys", INIT)],
  ["fs_initcall", entryPoint("fs", INIT)],
  ["device_initcall", entryPoint("device", INIT)],
  ["late_initcall", entryPoint("late", INIT)],
  ["module_param", parameter(false)],
  ["module_param_named", parameter(true)],
  ["NOKPROBE_SYMBOL", notProbed],
  ["EXPORT_SYMBOL", exported(false)],
  ["EXPORT_SYMBOL_GPL", exported(true)],
  ["EXPORT_SYMBOL_NS", exported(false)],
  ["EXPORT_SYMBOL_NS_GPL", exported(true)],
]);

/** An expression statement at file scope. */
export function lowerMarker(lowering: Lowering, node: TypeScript.ExpressionStatement): void {
  const { unit } = lowering;
  const call = node.expression;
  const isCall = unit.ts.isCallExpression(call) && unit.ts.isIdentifier(call.expression);
  const name = isCall ? call.expression.getText() : "";
  const marker = MARKERS.get(name);
  if (isCall && marker !== undefined) marker(lowering, call);
  else unit.report(node, "topLevelCode");
}
