/**
 * Expected output against the real one. Exact, but a line `...` stands for any lines (none too) and
 * `[..]` inside a line for any text.
 *
 * Source: trycmd's elisions.
 */

export const ANY_LINES = "...";
export const ANY_TEXT = "[..]";

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Does one line match? */
export function matchesLine(expected: string, actual: string): boolean {
  if (!expected.includes(ANY_TEXT)) return expected === actual;
  const parts = expected.split(ANY_TEXT).map(escapeRegExp);
  return new RegExp(`^${parts.join(".*")}$`, "s").test(actual);
}

/**
 * For each expected line the actual line it matched (for `...` the first of those it swallowed), or
 * undefined when the whole does not match. Greedy from the left with retreat, as a glob is matched.
 */
export function alignOutput(
  expected: readonly string[],
  actual: readonly string[],
): readonly number[] | undefined {
  const at: number[] = [];
  let [e, a] = [0, 0];
  let star = -1;
  let starAt = 0;
  while (a < actual.length || e < expected.length) {
    if (e < expected.length && expected[e] === ANY_LINES) {
      [star, starAt] = [e, a];
      at[e++] = a;
    } else if (
      e < expected.length &&
      a < actual.length &&
      matchesLine(expected[e] ?? "", actual[a] ?? "")
    ) {
      at[e++] = a++;
    } else if (star >= 0 && starAt < actual.length) {
      // The last `...` takes one more line, and what followed it is tried again.
      starAt++;
      [e, a] = [star + 1, starAt];
    } else return undefined;
  }
  return at;
}

export function matchesOutput(expected: readonly string[], actual: readonly string[]): boolean {
  return alignOutput(expected, actual) !== undefined;
}

/** Characters that no editor shows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are the ones that are meant.
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f]+/g;

/** What would read as a prompt, a status, an elision or a fence, or not at all, becomes `[..]`. */
function writable(line: string): string {
  const visible = line.replace(INVISIBLE, ANY_TEXT);
  return /^([$#?>] |\.\.\.$|```|~~~)/.test(visible)
    ? ANY_TEXT + visible.slice(1).trimStart()
    : visible;
}

/**
 * The expectation for `--update`: what was written, where that still matches, and the real lines
 * elsewhere. Elisions survive when the whole still matches.
 */
export function updatedOutput(expected: readonly string[], actual: readonly string[]): string[] {
  if (matchesOutput(expected, actual)) return [...expected];
  return actual.map((line, i) => {
    const before = expected[i];
    const kept = before !== undefined && before !== ANY_LINES && matchesLine(before, line);
    return kept ? before : writable(line);
  });
}
