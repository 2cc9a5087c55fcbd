/**
 * A `predict` block: YAML with a question, choices and the author's answer.
 *
 *     question: What will insmod say on the next release?
 *     choices:
 *       - says: It loads and counts as before.
 *         when: module-load name=counter
 *       - says: It is refused.
 *         when: module-refused name=counter
 *     answer: 2
 *
 * `when` is a claim (or a list of them: all must hold) about the console block that follows. The
 * scenario fails unless exactly the answered choice holds there.
 */
import * as v from "valibot";
import { isMap, isNode, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { type ClaimPattern, parseClaimPattern } from "./claim-pattern.ts";
import type { Choice, PredictBlock } from "./scenario.ts";

const schema = v.strictObject({
  question: v.string("must be text"),
  choices: v.pipe(
    v.array(
      v.strictObject({
        says: v.string("must be text"),
        when: v.union([v.string(), v.array(v.string())], "must be a claim or a list of claims"),
      }),
      "must be a list",
    ),
    v.minLength(2, "must be two or more"),
  ),
  answer: v.pipe(
    v.number("must be the number of a choice, from 1"),
    v.integer(),
    v.minValue(1, "counts from 1"),
  ),
});

export interface PredictResult {
  readonly block: Omit<PredictBlock, "lines"> | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

type Complain = (offset: number, message: string, hint?: string) => void;

/** Where in the YAML text the value at `path` starts, or the nearest thing around it. */
function offsetAt(root: ParsedNode | null, path: readonly (string | number)[]): number {
  let node: unknown = root;
  let offset = root?.range[0] ?? 0;
  for (const key of path) {
    const next: unknown = isMap(node) || isSeq(node) ? node.get(key, true) : undefined;
    if (!isNode(next)) break;
    node = next;
    offset = next.range?.[0] ?? offset;
  }
  return offset;
}

function parseWhen(
  lines: readonly { readonly text: string; readonly offset: number }[],
  complain: Complain,
): ClaimPattern[] {
  const patterns: ClaimPattern[] = [];
  for (const { text, offset } of lines) {
    const pattern = parseClaimPattern(text);
    if ("message" in pattern) complain(offset, pattern.message, pattern.hint);
    else patterns.push(pattern);
  }
  return patterns;
}

/** Reads the text of a block; `firstLine` is the file's number of its first line. */
export function parsePredictBlock(text: string, firstLine: number, file: string): PredictResult {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const diagnostics: Diagnostic[] = [];
  const complain: Complain = (offset, message, hint) => {
    const { line, col } = counter.linePos(offset);
    const at = { file, line: firstLine + Math.max(0, line - 1), column: Math.max(1, col) };
    diagnostics.push({ code: "QS1004", message, ...at, ...(hint ? { hint } : {}) });
  };
  for (const error of document.errors) complain(error.pos[0], error.message);
  if (diagnostics.length > 0) return { block: undefined, diagnostics };
  const parsed = v.safeParse(schema, document.toJS());
  for (const issue of parsed.issues ?? []) {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    complain(offsetAt(document.contents, path), `${path.join(".") || "predict"}: ${issue.message}`);
  }
  if (!parsed.success) return { block: undefined, diagnostics };
  const { question, choices, answer } = parsed.output;
  if (answer > choices.length)
    complain(offsetAt(document.contents, ["answer"]), `there is no choice ${answer}`);
  const read = choices.map((choice, i): Choice => {
    const node = document.getIn(["choices", i, "when"], true);
    const scalars = isSeq(node) ? node.items : [node];
    const lines = scalars.map((item) => ({
      text: isScalar(item) ? String(item.value) : "",
      offset: isNode(item) ? (item.range?.[0] ?? 0) : 0,
    }));
    return { says: choice.says, when: parseWhen(lines, complain) };
  });
  if (diagnostics.length > 0) return { block: undefined, diagnostics };
  return { block: { kind: "predict", question, choices: read, answer: answer - 1 }, diagnostics };
}
