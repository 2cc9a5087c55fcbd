/**
 * Feature tests as they stand in a module's source, in comments like the other directives:
 *
 *     //#test HAVE_GROUP_DEAD     a unit of its own, with its own imports
 *     //#endtest
 *
 * Left out: tests in files of their own, as SystemTap's runtime/linux/autoconf-*.c are.
 */
import type { PreprocessError } from "./preprocess.ts";

/** One test: its name, and a unit whose lines stand where they stand in the source. */
export interface FeatureSource {
  readonly name: string;
  readonly line: number;
  readonly text: string;
}

export interface CutSource {
  /** The source without its tests. */
  readonly text: string;
  readonly tests: readonly FeatureSource[];
  readonly errors: readonly PreprocessError[];
}

const DIRECTIVE = /^\s*\/\/#\s*(test|endtest)\b\s*(.*?)\s*$/;

/** Does it ask for anything? */
export const hasTests = (source: string): boolean => /^\s*\/\/#\s*test\b/m.test(source);

/** Takes the feature tests out of a source. */
export function cutTests(source: string): CutSource {
  if (!hasTests(source) && !source.includes("#endtest"))
    return { text: source, tests: [], errors: [] };
  const errors: PreprocessError[] = [];
  const complain = (line: number, text: string): void => {
    errors.push({ line, key: "badTest", args: [text] });
  };
  const tests: FeatureSource[] = [];
  let open: { readonly name: string; readonly line: number; readonly lines: string[] } | undefined;
  const rest = source.split("\n").map((text, index) => {
    const [, word, name = ""] = DIRECTIVE.exec(text) ?? [];
    if (word === "test") {
      if (open !== undefined) complain(index + 1, "#test inside a #test");
      if (!/^[A-Z]\w*$/.test(name)) complain(index + 1, "a #test has a name in capitals");
      if (tests.some((each) => each.name === name)) complain(index + 1, `two tests '${name}'`);
      open = { name, line: index + 1, lines: new Array<string>(index + 1).fill("") };
      return "";
    }
    if (word !== "endtest") {
      open?.lines.push(text);
      return open === undefined ? text : "";
    }
    if (open === undefined) complain(index + 1, "#endtest without #test");
    else tests.push({ name: open.name, line: open.line, text: open.lines.join("\n") });
    open = undefined;
    return "";
  });
  if (open !== undefined) complain(open.line, "#test without #endtest");
  return { text: rest.join("\n"), tests, errors };
}
