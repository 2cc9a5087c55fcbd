/**
 * From a checked program to an object: every declaration of the main files in order, then the header
 * inlines that they came to need, then the macros outside functions; and the checks that C makes
 * between a file and the headers it includes.
 */
import type TypeScript from "typescript";
import { sameType, VOID } from "./ctype.ts";
import { makeLowering } from "./expression.ts";
import type { Lowering } from "./lowering.ts";
import { lowerMarker } from "./markers.ts";
import { checkOwnSources } from "./own-sources.ts";
import type { Declaration, SourceInfo } from "./source-info.ts";
import { absentStatement, lowerFunction, statementHandlers } from "./statement.ts";
import { addressTaken, declareStatic, lowerStatic } from "./static-data.ts";
import { readFunctionType, readType } from "./type-syntax.ts";
import type { Unit } from "./unit.ts";

function checkImport(unit: Unit, node: TypeScript.ImportDeclaration): void {
  if (!unit.ts.isStringLiteral(node.moduleSpecifier)) return;
  const path = node.moduleSpecifier.text;
  if (path === "core/port" && !unit.builtin) unit.report(node.moduleSpecifier, "portIsPrivate");
  const clause = node.importClause;
  const isNamed =
    clause?.namedBindings === undefined || unit.ts.isNamedImports(clause.namedBindings);
  if (clause?.name !== undefined || !isNamed)
    unit.report(node, "notInC", ['imports other than import { name } from "header"']);
}

function hasModifier(unit: Unit, node: TypeScript.Node, kind: TypeScript.SyntaxKind): boolean {
  const modifiers = unit.ts.canHaveModifiers(node) ? unit.ts.getModifiers(node) : undefined;
  return modifiers?.some((each) => each.kind === kind) === true;
}

function declareVariables(
  lowering: Lowering,
  node: TypeScript.VariableStatement,
  taken: ReadonlySet<string>,
): void {
  const { unit } = lowering;
  const { ts } = unit;
  if (hasModifier(unit, node, ts.SyntaxKind.DeclareKeyword)) return;
  if (unit.infoOf(node).isHeader) {
    checkMacros(lowering, node);
    return;
  }
  const isConst = (node.declarationList.flags & ts.NodeFlags.Const) !== 0;
  const isExported = hasModifier(unit, node, ts.SyntaxKind.ExportKeyword);
  for (const declaration of node.declarationList.declarations) {
    const inMemory = taken.has(declaration.name.getText()) || (isExported && !isConst);
    declareStatic(lowering, declaration, isConst, inMemory);
  }
}

/** A header's constants are macros: anything that could stand in a function. */
function checkMacros(lowering: Lowering, node: TypeScript.VariableStatement): void {
  const { ts } = lowering.unit;
  if ((node.declarationList.flags & ts.NodeFlags.Const) === 0)
    lowering.unit.report(node, "notInC", [
      "definitions of variables in a header (write declare let)",
    ]);
  lowering.frame = { name: "", ret: VOID, temporaries: 0 };
  for (const declaration of node.declarationList.declarations)
    if (declaration.initializer !== undefined) lowering.expression(declaration.initializer);
  lowering.frame = undefined;
}

/** C has one name space: a definition here must agree with what an included header says. */
function checkAgainstHeader(
  unit: Unit,
  node: TypeScript.FunctionDeclaration,
  header: SourceInfo,
): void {
  const name = node.name?.text ?? "";
  const theirs = header.declarations.get(name);
  if (theirs === undefined || unit.ts.isInterfaceDeclaration(theirs)) return;
  const at = node.name ?? node;
  const isPrototype = unit.ts.isFunctionDeclaration(theirs) && theirs.body === undefined;
  if (!isPrototype || !hasModifier(unit, node, unit.ts.SyntaxKind.ExportKeyword)) {
    unit.report(at, "redefinition", [name, header.path]);
    return;
  }
  const [said, defined] = [
    readFunctionType(unit.world, header, theirs),
    readFunctionType(unit.world, unit.infoOf(node), node),
  ];
  if (!sameType(said, defined))
    unit.report(at, "conflictingTypes", [name, unit.spell(said), unit.spell(defined)]);
}

/** The same for structs and variables. */
function checkNames(unit: Unit, headers: readonly SourceInfo[]): void {
  const { ts } = unit;
  for (const [name, node] of unit.mains.flatMap((info) => [...info.declarations])) {
    const header = headers.find((info) => info.declarations.has(name));
    const theirs = header?.declarations.get(name);
    if (header === undefined || theirs === undefined) continue;
    if (ts.isInterfaceDeclaration(node) && ts.isInterfaceDeclaration(theirs)) {
      if (theirs.members.length > 0) unit.report(node.name, "duplicateStruct", [name, header.path]);
    } else if (ts.isVariableDeclaration(node) && !isExternOf(unit, node, header, theirs))
      unit.report(node.name, "redefinition", [name, header.path]);
  }
}

/** `declare let x: int` in the header, `export let x: int = 0` here. */
function isExternOf(
  unit: Unit,
  node: TypeScript.VariableDeclaration,
  header: SourceInfo,
  theirs: Declaration,
): boolean {
  if (!unit.ts.isVariableDeclaration(theirs) || theirs.initializer !== undefined) return false;
  if (theirs.type === undefined || node.type === undefined) return false;
  const said = readType(unit.world, header, theirs.type);
  return unit.statics.get(node)?.inMemory === true && sameType(said, unit.typeOf(node.type));
}

function lowerInlines(lowering: Lowering): void {
  const { unit } = lowering;
  const own = new Set(unit.functions.map((each) => each.name));
  // The map grows while it is walked: an inline may need another.
  for (const [name, node] of unit.inlines) {
    if (own.has(name)) continue;
    const lowered = lowerFunction(lowering, node);
    if (lowered !== undefined) unit.functions.push(lowered);
  }
}

class MainFiles {
  readonly #lowering: Lowering;
  readonly #unit: Unit;
  readonly #functions: TypeScript.FunctionDeclaration[] = [];
  readonly #markers: TypeScript.ExpressionStatement[] = [];

  constructor(lowering: Lowering) {
    this.#lowering = lowering;
    this.#unit = lowering.unit;
  }

  /** First pass: what is there. */
  declare(): void {
    const taken = addressTaken(this.#unit);
    for (const { file } of this.#unit.mains)
      for (const node of file.statements) this.#declareOne(node, taken);
  }

  #declareOne(node: TypeScript.Statement, taken: ReadonlySet<string>): void {
    const { ts } = this.#unit;
    if (ts.isImportDeclaration(node)) checkImport(this.#unit, node);
    else if (ts.isVariableStatement(node)) declareVariables(this.#lowering, node, taken);
    else if (ts.isFunctionDeclaration(node)) this.#functions.push(node);
    else if (ts.isExpressionStatement(node)) this.#markers.push(node);
    else if (!this.#isSilent(node)) this.#unit.report(node, "notInC", [absentStatement(ts, node)]);
  }

  #isSilent(node: TypeScript.Statement): boolean {
    const { ts } = this.#unit;
    return (
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isEnumDeclaration(node) ||
      ts.isExportDeclaration(node) ||
      node.kind === ts.SyntaxKind.EmptyStatement
    );
  }

  /** Second pass: code. Returns the `let`s of module scalars. */
  lower(): readonly string[] {
    const unit = this.#unit;
    const scalars: string[] = [];
    for (const variable of unit.statics.values()) {
      const text = lowerStatic(this.#lowering, variable);
      if (text !== undefined) scalars.push(text);
    }
    const headers = unit.visibleHeaders().filter((info) => !unit.mains.includes(info));
    checkNames(unit, headers);
    checkOwnSources(unit);
    for (const node of this.#functions) {
      for (const header of headers) checkAgainstHeader(unit, node, header);
      const lowered = lowerFunction(this.#lowering, node);
      if (lowered !== undefined) unit.functions.push(lowered);
    }
    for (const node of this.#markers) lowerMarker(this.#lowering, node);
    lowerInlines(this.#lowering);
    this.#forgetOwnImports();
    return scalars;
  }

  /** What a header announces and this file defines is no import. */
  #forgetOwnImports(): void {
    const unit = this.#unit;
    for (const { name } of unit.functions) unit.imports.delete(name);
    for (const { name } of unit.data) unit.imports.delete(name);
  }
}

/** Lower the main files of the unit. The result is complete only if the unit has no errors. */
export function compileUnit(unit: Unit): readonly string[] {
  const mains = new MainFiles(makeLowering(unit, statementHandlers(unit.ts)));
  mains.declare();
  return mains.lower();
}
