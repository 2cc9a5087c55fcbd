/**
 * Text measured in terminal cells: width, truncation, padding and word wrap. Plain strings only;
 * colour is added afterwards (theme.ts), so nothing here has to step over escape sequences.
 */
import stringWidth from "string-width";

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its job
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** Cells that `text` occupies. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth(text);
}

/** Control characters as `^X`, so that no guest output can move the real cursor. */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    if (character === "\t") return " ";
    const code = character.charCodeAt(0);
    return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : code === 0x7f ? "^?" : "?";
  });
}

function graphemes(text: string): string[] {
  if (PRINTABLE_ASCII.test(text)) return text.split("");
  return Array.from(new Intl.Segmenter().segment(text), (part) => part.segment);
}

/** The longest beginning of `text` that fits `width` cells. */
export function takeWidth(text: string, width: number): string {
  if (PRINTABLE_ASCII.test(text)) return text.slice(0, Math.max(0, width));
  let used = 0;
  let taken = "";
  for (const grapheme of graphemes(text)) {
    const next = used + textWidth(grapheme);
    if (next > width) break;
    used = next;
    taken += grapheme;
  }
  return taken;
}

/** `text` cut to `width` cells, the cut marked by `mark`. */
export function truncate(text: string, width: number, mark = "…"): string {
  if (width <= 0) return "";
  if (textWidth(text) <= width) return text;
  return takeWidth(text, width - textWidth(mark)) + mark;
}

/** `text` cut or filled with spaces to exactly `width` cells. */
export function fitWidth(text: string, width: number, mark = "…"): string {
  const cut = truncate(text, width, mark);
  return cut + " ".repeat(Math.max(0, width - textWidth(cut)));
}

/** Hard wrap at `width` cells, as a terminal does. Always at least one line. */
export function hardWrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > width && width > 0) {
    const head = takeWidth(rest, width) || (graphemes(rest)[0] ?? "");
    lines.push(head);
    rest = rest.slice(head.length);
  }
  lines.push(rest);
  return lines;
}

/** Before the `= 0` of strace's lines stand blanks, so that results make a column in 80 cells. */
const RESULT_GAP = /( {2,})= /;

/** A line of strace's that is wider than `width` only for its column of results, brought to fit. */
export function fitResult(text: string, width: number): string {
  const over = textWidth(text) - width;
  const gap = over > 0 ? RESULT_GAP.exec(text) : null;
  if (gap === null) return text;
  const blanks = Math.max(1, (gap[1] ?? "").length - over);
  return `${text.slice(0, gap.index)}${" ".repeat(blanks)}${text.slice(gap.index + (gap[1] ?? "").length)}`;
}
