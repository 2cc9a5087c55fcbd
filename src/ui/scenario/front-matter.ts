/**
 * The front matter of a scenario: YAML between two `---` lines at the top of the file. Every
 * mistake is told with its own line and column.
 */
import * as v from "valibot";
import { LineCounter, parseDocument, type YAMLMap } from "yaml";
import type { Diagnostic } from "../diagnostic.ts";
import { suggestName } from "../near-names.ts";
import type { FrontMatter } from "./scenario.ts";

const text = v.pipe(
  v.string("must be text"),
  v.check((s: string) => s.trim() !== "", "must not be empty"),
);

const schema = v.object({
  title: text,
  question: text,
  release: text,
  seed: v.optional(
    v.pipe(v.number("must be a number"), v.safeInteger("must be a whole number")),
    1,
  ),
  minutes: v.pipe(v.number("must be a number of minutes"), v.minValue(1, "must be 1 or more")),
});

const KEYS: readonly string[] = Object.keys(schema.entries);

export interface FrontMatterResult {
  readonly front: FrontMatter | undefined;
  /** Lines that the front matter takes, both `---` included. */
  readonly lineCount: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** A way to say where in the file something is wrong. */
type Complain = (offset: number, message: string, hint?: string) => void;

function checkFields(
  root: YAMLMap,
  lineOf: (offset: number) => number,
  complain: Complain,
): FrontMatter | undefined {
  const offsetOf = (node: unknown): number =>
    (node as { range?: readonly number[] } | null)?.range?.[0] ?? 0;
  const values: Record<string, unknown> = {};
  const places = new Map<string, number>();
  for (const pair of root.items) {
    const key = String(pair.key);
    places.set(key, offsetOf(pair.value) || offsetOf(pair.key));
    if (!KEYS.includes(key))
      complain(offsetOf(pair.key), `unknown front-matter key "${key}"`, suggestName(key, KEYS));
    values[key] = root.get(key);
  }
  const parsed = v.safeParse(schema, values);
  for (const issue of parsed.issues ?? []) {
    const key = String(issue.path?.[0].key);
    if (places.has(key)) complain(places.get(key) ?? 0, `${key} ${issue.message}`);
    else complain(0, `the front matter lacks "${key}"`, `add a line "${key}: ..."`);
  }
  if (!parsed.success) return undefined;
  return { ...parsed.output, releaseLine: lineOf(places.get("release") ?? 0) };
}

/** Reads the front matter of `source`. */
export function parseFrontMatter(source: string, file: string): FrontMatterResult {
  const code = "QS1001";
  const lines = source.split("\n");
  const end = lines.findIndex((line, i) => i > 0 && line.trimEnd() === "---");
  if (lines[0]?.trimEnd() !== "---" || end < 0) {
    const message =
      lines[0]?.trimEnd() === "---"
        ? "the front matter is never closed by a second ---"
        : "a scenario starts with front matter";
    const hint = `the first line is ---, then ${KEYS.join(", ")}, then ---`;
    const diagnostic = { code, message, file, line: 1, column: 1, hint };
    return { front: undefined, lineCount: 0, diagnostics: [diagnostic] };
  }
  const counter = new LineCounter();
  const body = lines.slice(1, end).join("\n");
  const document = parseDocument(body, { lineCounter: counter, prettyErrors: false });
  const diagnostics: Diagnostic[] = [];
  const lineOf = (offset: number): number => counter.linePos(offset).line + 1;
  const complain: Complain = (offset, message, hint) => {
    const { line, col } = counter.linePos(offset);
    const place = { code, message, file, line: line + 1, column: Math.max(1, col) };
    diagnostics.push(hint ? { ...place, hint } : place);
  };
  for (const error of document.errors) complain(error.pos[0], error.message);
  const root = document.contents;
  let front: FrontMatter | undefined;
  if (diagnostics.length === 0) {
    if (root === null || !("items" in root)) complain(0, "the front matter is not a list of keys");
    else front = checkFields(root as YAMLMap, lineOf, complain);
  }
  return {
    front: diagnostics.length === 0 ? front : undefined,
    lineCount: end + 1,
    diagnostics,
  };
}
