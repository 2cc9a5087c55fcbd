/**
 * A scenario's prose as terminal lines: paragraphs, headings, bold, code, lists, quotations and
 * fenced text, wrapped to a width.
 *
 * Left out: links' targets, images, tables, raw HTML (their text is shown, if they have any).
 */
import type { Nodes, PhrasingContent, RootContent } from "mdast";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { hardWrap, printable, textWidth } from "./text.ts";
import type { Glyphs, Line, Span, Tone } from "./theme.ts";

const parser = unified().use(remarkParse).freeze();

function phrase(nodes: readonly PhrasingContent[], tone: Tone | undefined): Span[] {
  return nodes.flatMap((node): Span[] => {
    switch (node.type) {
      case "text":
        return [styled(node.value, tone)];
      case "inlineCode":
        return [styled(node.value, "code")];
      case "strong":
      case "emphasis":
        return phrase(node.children, "strong");
      case "break":
        return [styled("\n", tone)];
      case "link":
      case "delete":
        return phrase(node.children, tone);
      default:
        return [];
    }
  });
}

const styled = (text: string, tone: Tone | undefined): Span =>
  tone === undefined ? { text } : { text, tone };

/** A word and the tone it is in; `glued` words follow the last one without a space. */
interface Word {
  readonly span: Span;
  readonly glued: boolean;
}

function wordsOf(spans: readonly Span[]): Word[] {
  const words: Word[] = [];
  let spaced = true;
  for (const span of spans) {
    for (const part of span.text.split(/(\s+)/)) {
      if (part === "") continue;
      if (/^\s+$/.test(part)) spaced = true;
      else {
        words.push({ span: styled(printable(part), span.tone), glued: !spaced });
        spaced = false;
      }
    }
  }
  return words;
}

/** Spans filled into lines of at most `width` cells; words longer than a line are broken. */
export function wrapSpans(spans: readonly Span[], width: number): Line[] {
  const lines: Span[][] = [[]];
  let used = 0;
  const words = wordsOf(spans);
  const unit = (index: number): number => {
    let cells = textWidth(words[index]?.span.text ?? "");
    for (let next = index + 1; words[next]?.glued; next++) {
      cells += textWidth(words[next]?.span.text ?? "");
    }
    return cells;
  };
  for (const [index, { span, glued }] of words.entries()) {
    const gap = used === 0 || glued ? 0 : 1;
    const breaks = glued
      ? used + textWidth(span.text) > width
      : used + gap + Math.min(unit(index), width) > width;
    if (breaks && used > 0) {
      lines.push([]);
      used = 0;
    } else if (gap === 1) {
      const before = lines.at(-1)?.at(-1);
      lines.at(-1)?.push(styled(" ", before?.tone === span.tone ? span.tone : undefined));
      used++;
    }
    for (const [piece, text] of hardWrap(span.text, width).entries()) {
      if (piece > 0) {
        lines.push([]);
        used = 0;
      }
      lines.at(-1)?.push(styled(text, span.tone));
      used += textWidth(text);
    }
  }
  return lines;
}

/** Markdown of one paragraph as spans: a question, a choice. */
export function inlineMarkdown(markdown: string, tone?: Tone): Span[] {
  const [block] = parser.parse(markdown).children;
  return block?.type === "paragraph" ? phrase(block.children, tone) : [styled(markdown, tone)];
}

function indented(lines: readonly Line[], first: string, rest: string): Line[] {
  return lines.map((line, index) => [{ text: index === 0 ? first : rest }, ...line]);
}

function blockLines(node: RootContent, width: number, glyphs: Glyphs): Line[] {
  switch (node.type) {
    case "heading":
      return wrapSpans(phrase(node.children, "title"), width);
    case "paragraph":
      return wrapSpans(phrase(node.children, undefined), width);
    case "code":
      return node.value.split("\n").map((text) => [{ text: `  ${printable(text)}`, tone: "code" }]);
    case "blockquote":
      return indented(
        stack(node.children, width - 2, glyphs),
        `${glyphs.vertical} `,
        `${glyphs.vertical} `,
      );
    case "list":
      return node.children.flatMap((item, index) => {
        const mark = node.ordered ? `${(node.start ?? 1) + index}. ` : `${glyphs.bullet} `;
        const inner = stack(item.children, width - mark.length, glyphs);
        return indented(inner, mark, " ".repeat(mark.length));
      });
    case "thematicBreak":
      return [[{ text: glyphs.horizontal.repeat(width), tone: "dim" }]];
    default:
      return [];
  }
}

function stack(nodes: readonly Nodes[], width: number, glyphs: Glyphs): Line[] {
  const lines: Line[] = [];
  for (const node of nodes) {
    const block = blockLines(node as RootContent, width, glyphs);
    if (block.length === 0) continue;
    if (lines.length > 0) lines.push([]);
    lines.push(...block);
  }
  return lines;
}

/** Markdown as lines of at most `width` cells. */
export function markdownLines(markdown: string, width: number, glyphs: Glyphs): readonly Line[] {
  return stack(parser.parse(markdown).children, Math.max(8, width), glyphs);
}
