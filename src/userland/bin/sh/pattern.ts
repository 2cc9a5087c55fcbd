/**
 * Shell patterns: `*`, `?`, `[a-z]`, `[!a]`, and characters that quoting took the meaning from.
 *
 * Source: POSIX.1-2017, XCU 2.13 "Pattern Matching Notation".
 * Left out: collating symbols and equivalence classes; of the classes, `[:alpha:]` and the like.
 */

/** A piece of text in a pattern; nothing in a quoted piece is special. */
export interface PatternPiece {
  readonly text: string;
  readonly quoted: boolean;
}

/** Whether any piece holds an active pattern character. */
export function hasPattern(pieces: readonly PatternPiece[]): boolean {
  return pieces.some((piece) => !piece.quoted && /[*?[]/.test(piece.text));
}

/** The body of a regular expression (no anchors) that matches what the pattern matches. */
function patternSource(pieces: readonly PatternPiece[]): string {
  return pieces
    .map((piece) => (piece.quoted ? escapeText(piece.text) : translate(piece.text)))
    .join("");
}

/** Whether the whole text matches. */
export function matchPattern(pieces: readonly PatternPiece[], text: string): boolean {
  return new RegExp(`^(?:${patternSource(pieces)})$`, "su").test(text);
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (c) => `\\${c}`);
}

function escapeMember(c: string): string {
  return /[\\^[\]-]/.test(c) ? `\\${c}` : c;
}

function translate(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === "*") out += ".*";
    else if (c === "?") out += ".";
    else if (c === "[") {
      const set = bracket(text, at);
      if (set === null) out += "\\[";
      else {
        out += set.source;
        at = set.end;
      }
    } else out += escapeText(c);
  }
  return out;
}

/** The bracket expression at `open`, or null when it is never closed. */
function bracket(text: string, open: number): { source: string; end: number } | null {
  const negated = text[open + 1] === "!" || text[open + 1] === "^";
  const first = open + (negated ? 2 : 1);
  // A `]` right at the start stands for itself.
  const end = text.indexOf("]", first + 1);
  if (end < 0) return null;
  const members = memberSource(text.slice(first, end));
  // An empty set matches nothing; the opposite of one, everything.
  if (members === "") return { source: negated ? "." : "(?!)", end };
  return { source: `[${negated ? "^" : ""}${members}]`, end };
}

/** Characters and ranges; a range that runs backwards holds nothing. */
function memberSource(text: string): string {
  const characters = [...text];
  let out = "";
  for (let at = 0; at < characters.length; at++) {
    const low = characters[at] as string;
    const high = characters[at + 1] === "-" ? characters[at + 2] : undefined;
    if (high === undefined) {
      out += escapeMember(low);
      continue;
    }
    if ((low.codePointAt(0) ?? 0) <= (high.codePointAt(0) ?? 0)) {
      out += `${escapeMember(low)}-${escapeMember(high)}`;
    }
    at += 2;
  }
  return out;
}
