/**
 * From a type as it is written to the C type that it means. The checker is not asked: to it u32, int
 * and u8 are one type, `number`.
 *
 * Left out: generic aliases, unions, tuples, conditional types; a header that needs one is not C.
 */

import type TypeScript from "typescript";
import type { CType } from "#kernel";
import {
  BOOL,
  CHAR,
  ERROR_TYPE,
  INTEGERS,
  pointerTo,
  STRING,
  UNSIGNED_INT,
  VOID,
  VOID_POINTER,
} from "./ctype.ts";
import type { MessageKey } from "./messages.ts";
import { type FindSource, resolveName, type SourceInfo, type Ts } from "./source-info.ts";

export type Config = Readonly<Record<string, boolean | number | string>>;

export type ReportAt = (
  node: TypeScript.Node,
  key: MessageKey,
  ...args: readonly (string | number)[]
) => void;

/** What is needed to read types: the other files, the configuration, and somewhere to complain. */
export interface TypeWorld {
  readonly ts: Ts;
  readonly find: FindSource;
  readonly config: Config;
  readonly report: ReportAt;
}

const TYPES_HEADER = "linux/types";

const KEYWORDLESS: ReadonlyMap<string, CType> = new Map<string, CType>([
  ...INTEGERS,
  ["bool", BOOL],
  ["cstring", STRING],
  ["voidp", VOID_POINTER],
  ["const_voidp", pointerTo(VOID, true)],
]);

type Build = (world: TypeWorld, info: SourceInfo, args: readonly TypeScript.TypeNode[]) => CType;

const buildPointer =
  (isConst: boolean): Build =>
  (world, info, [to]) =>
    to === undefined ? ERROR_TYPE : pointerTo(readType(world, info, to), isConst);

const GENERIC: ReadonlyMap<string, Build> = new Map<string, Build>([
  ["ptr", buildPointer(false)],
  ["const_ptr", buildPointer(true)],
  [
    "chars",
    (world, info, [length]) => ({
      kind: "array",
      of: CHAR,
      length: readLength(world, info, length),
    }),
  ],
  [
    "array",
    (world, info, [of, length]) =>
      of === undefined
        ? ERROR_TYPE
        : { kind: "array", of: readType(world, info, of), length: readLength(world, info, length) },
  ],
  [
    "config",
    (world, info, [, type]) => (type === undefined ? ERROR_TYPE : readType(world, info, type)),
  ],
]);

/** `16` or `typeof TASK_COMM_LEN`. */
function readLength(
  world: TypeWorld,
  info: SourceInfo,
  node: TypeScript.TypeNode | undefined,
): number {
  const { ts } = world;
  if (node === undefined) return 0;
  if (ts.isLiteralTypeNode(node) && ts.isNumericLiteral(node.literal))
    return Number(node.literal.text);
  if (ts.isTypeQueryNode(node) && ts.isIdentifier(node.exprName)) {
    const target = resolveName(world.find, info, node.exprName.text)?.node;
    const value =
      target !== undefined && ts.isVariableDeclaration(target) ? target.initializer : undefined;
    if (value !== undefined && ts.isNumericLiteral(value)) return Number(value.text);
  }
  world.report(node, "notCType", node.getText(info.file));
  return 0;
}

export function readFunctionType(
  world: TypeWorld,
  info: SourceInfo,
  node: TypeScript.SignatureDeclarationBase,
): Extract<CType, { kind: "fn" }> {
  const params: CType[] = [];
  let variadic = false;
  for (const parameter of node.parameters) {
    if (parameter.dotDotDotToken !== undefined) variadic = true;
    else if (parameter.type !== undefined)
      params.push(parameterType(readType(world, info, parameter.type)));
    else {
      world.report(parameter, "needsType", parameter.name.getText(info.file), "`x: int`, say");
      params.push(ERROR_TYPE);
    }
  }
  const ret = node.type === undefined ? VOID : parameterType(readType(world, info, node.type));
  return { kind: "fn", ret, params, variadic };
}

/** C11 6.7.6.3: a parameter of array type is a pointer. A struct is passed by its address. */
function parameterType(type: CType): CType {
  if (type.kind === "array") return pointerTo(type.of);
  return type.kind === "struct" ? pointerTo(type) : type;
}

function readReference(
  world: TypeWorld,
  info: SourceInfo,
  node: TypeScript.TypeReferenceNode,
): CType {
  const { ts } = world;
  if (!ts.isIdentifier(node.typeName)) {
    world.report(node, "notCType", node.getText(info.file));
    return ERROR_TYPE;
  }
  const target = resolveName(world.find, info, node.typeName.text);
  if (target === undefined) {
    // What an import does not find is TypeScript's to report, at the import.
    if (!info.imports.has(node.typeName.text)) world.report(node, "notCType", node.getText());
    return ERROR_TYPE;
  }
  if (target.info.path === TYPES_HEADER) {
    const simple = KEYWORDLESS.get(target.name);
    if (simple !== undefined) return simple;
    const build = GENERIC.get(target.name);
    if (build !== undefined) return build(world, info, node.typeArguments ?? []);
  }
  if (ts.isInterfaceDeclaration(target.node)) return { kind: "struct", name: target.name };
  if (ts.isEnumDeclaration(target.node)) return UNSIGNED_INT;
  if (ts.isTypeAliasDeclaration(target.node) && target.node.typeParameters === undefined)
    return readType(world, target.info, target.node.type);
  world.report(node, "notCType", node.getText(info.file));
  return ERROR_TYPE;
}

export function readType(world: TypeWorld, info: SourceInfo, node: TypeScript.TypeNode): CType {
  const { ts } = world;
  if (ts.isTypeReferenceNode(node)) return readReference(world, info, node);
  if (ts.isParenthesizedTypeNode(node)) return readType(world, info, node.type);
  if (ts.isFunctionTypeNode(node)) return pointerTo(readFunctionType(world, info, node));
  if (node.kind === ts.SyntaxKind.VoidKeyword) return VOID;
  world.report(node, "notCType", node.getText(info.file));
  return ERROR_TYPE;
}

/** The type of a struct's member, or undefined if the configuration leaves it out. */
export function readMember(
  world: TypeWorld,
  info: SourceInfo,
  member: TypeScript.TypeElement,
): { readonly name: string; readonly type: CType } | undefined {
  const { ts } = world;
  const isPlain = member.questionToken === undefined && member.name !== undefined;
  if (!isPlain || !ts.isIdentifier(member.name)) {
    world.report(member, "notInC", "optional, indexed or computed members");
    return undefined;
  }
  const name = member.name.text;
  if (ts.isMethodSignature(member)) {
    return { name, type: pointerTo(readFunctionType(world, info, member)) };
  }
  if (!ts.isPropertySignature(member) || member.type === undefined) {
    world.report(member, "notInC", "members without a type");
    return undefined;
  }
  const option = configOption(ts, member.type);
  if (option !== undefined && !isSet(world.config, option)) return undefined;
  return { name, type: readType(world, info, member.type) };
}

const isSet = (config: Config, option: string): boolean => {
  const value = config[option] ?? config[option.replace(/^CONFIG_/, "")];
  return value !== undefined && value !== false && value !== "n" && value !== 0;
};

function configOption(ts: Ts, node: TypeScript.TypeNode): string | undefined {
  if (!ts.isTypeReferenceNode(node) || node.typeName.getText() !== "config") return undefined;
  const [option] = node.typeArguments ?? [];
  return option !== undefined && ts.isLiteralTypeNode(option) && ts.isStringLiteral(option.literal)
    ? option.literal.text
    : undefined;
}
