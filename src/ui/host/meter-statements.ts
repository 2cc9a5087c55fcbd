/**
 * Puts a call of `$at(line, column)` before each statement of a source text, for `code-meter.ts`.
 * No line moves, so messages about the result fit the original.
 *
 * Left out: marks inside expressions, other than at the start of an arrow function's.
 */
import type * as TypeScript from "typescript";

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** Ends what another began, so of two at one place it goes first. */
  readonly closes: boolean;
}

export function meterStatements(ts: typeof TypeScript, file: string, source: string): string {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022);
  const insertions: Insertion[] = [];
  const insert = (at: number, text: string, closes = false): void =>
    void insertions.push({ at, text, closes });
  const markOf = (node: TypeScript.Node): string => {
    const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    return `$at(${line + 1},${character + 1})`;
  };
  const isMarked = (statement: TypeScript.Statement): boolean =>
    !(
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    );
  const markEach = (statements: readonly TypeScript.Statement[]): void => {
    for (const statement of statements)
      if (isMarked(statement)) insert(statement.getStart(tree), `${markOf(statement)};`);
  };
  /** A loop's or a branch's statement becomes a block; a block that is empty gets a mark. */
  const openBody = (body: TypeScript.Statement): void => {
    const start = body.getStart(tree);
    if (!ts.isBlock(body)) insert(start, `{${markOf(body)};`);
    else if (!body.statements.some(isMarked)) insert(start + 1, `${markOf(body)};`);
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isCaseOrDefaultClause(node))
      markEach(node.statements);
    const bodies = bodiesOf(ts, node);
    for (const body of bodies) openBody(body);
    const result = ts.isArrowFunction(node) && !ts.isBlock(node.body) ? node.body : undefined;
    if (result !== undefined) insert(result.getStart(tree), `(${markOf(result)},`);
    ts.forEachChild(node, visit);
    // After the children, whose ends may be at the same place.
    if (result !== undefined) insert(result.end, ")", true);
    for (const body of bodies) if (!ts.isBlock(body)) insert(body.end, "}", true);
  };
  visit(tree);
  return withInsertions(source, insertions);
}

/** Statements that run again and again, or not at all. */
function bodiesOf(ts: typeof TypeScript, node: TypeScript.Node): readonly TypeScript.Statement[] {
  if (ts.isIterationStatement(node, false)) return [node.statement];
  if (ts.isIfStatement(node))
    return [node.thenStatement, ...(node.elseStatement === undefined ? [] : [node.elseStatement])];
  if (!ts.isFunctionLike(node) || !("body" in node)) return [];
  const body = node.body as TypeScript.ConciseBody | undefined;
  return body !== undefined && ts.isBlock(body) ? [body] : [];
}

function withInsertions(source: string, insertions: readonly Insertion[]): string {
  const sorted = [...insertions].sort((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes));
  let text = "";
  let from = 0;
  for (const { at, text: inserted } of sorted) {
    text += source.slice(from, at) + inserted;
    from = at;
  }
  return text + source.slice(from);
}
