/**
 * A terminal's screen, as `tmux capture-pane -e -p` prints it, as an SVG picture: sixteen colours,
 * bold, dim, underline and reverse video.
 *
 * Left out: italics, blinking, 256 colours, wide characters.
 */

const CELL_WIDTH = 8.4;
/** As high as a line-drawing glyph of the font, so that borders have no gaps. */
const CELL_HEIGHT = 16;
const PADDING = 12;
const BACKGROUND = "#1d1f21";
const FOREGROUND = "#c5c8c6";
const COLOURS: readonly string[] = [
  "#282a2e",
  "#cc6666",
  "#b5bd68",
  "#f0c674",
  "#81a2be",
  "#b294bb",
  "#8abeb7",
  "#c5c8c6",
  "#666a70",
  "#d98888",
  "#c8d080",
  "#f6d893",
  "#9ab8d0",
  "#c7aacf",
  "#a5d3cd",
  "#ffffff",
];

interface Pen {
  colour: string | undefined;
  bold: boolean;
  dim: boolean;
  underline: boolean;
  reverse: boolean;
}

const freshPen = (): Pen => ({
  colour: undefined,
  bold: false,
  dim: false,
  underline: false,
  reverse: false,
});

function applyCode(pen: Pen, code: number): void {
  if (code === 0) Object.assign(pen, freshPen());
  else if (code === 1) pen.bold = true;
  else if (code === 2) pen.dim = true;
  else if (code === 4) pen.underline = true;
  else if (code === 7) pen.reverse = true;
  else if (code === 22) Object.assign(pen, { bold: false, dim: false });
  else if (code === 24) pen.underline = false;
  else if (code === 27) pen.reverse = false;
  else if (code === 39) pen.colour = undefined;
  else if (code >= 30 && code <= 37) pen.colour = COLOURS[code - 30];
  else if (code >= 90 && code <= 97) pen.colour = COLOURS[code - 82];
}

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));

/** Words with single blanks between them: browsers drop other blanks, and stretch what is left. */
const WORDS = /[^ ]+(?: [^ ]+)*/g;

function runSvg(text: string, column: number, row: number, pen: Pen): string {
  const x = PADDING + column * CELL_WIDTH;
  const y = PADDING + row * CELL_HEIGHT;
  const width = text.length * CELL_WIDTH;
  const ink = pen.colour ?? FOREGROUND;
  const back = pen.reverse
    ? `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${CELL_HEIGHT}" fill="${ink}"/>`
    : "";
  const style = [
    `fill="${pen.reverse ? BACKGROUND : ink}"`,
    pen.bold ? 'font-weight="bold"' : "",
    pen.dim ? 'opacity="0.6"' : "",
    pen.underline ? 'text-decoration="underline"' : "",
  ];
  const attributes = style.filter((part) => part !== "").join(" ");
  const words = Array.from(text.matchAll(WORDS), ({ 0: part, index }) => {
    const place = `x="${(x + index * CELL_WIDTH).toFixed(1)}" y="${y + 13}"`;
    const length = `textLength="${(part.length * CELL_WIDTH).toFixed(1)}"`;
    return `<text ${place} ${length} ${attributes}>${escapeXml(part)}</text>`;
  });
  return back + words.join("");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts what is parsed here
const SGR = /\x1b\[([0-9;]*)m/;

/** The picture; `screen` is rows separated by newlines, with SGR sequences and no others. */
export function terminalSvg(screen: string, columns: number, title: string): string {
  const rows = screen.replace(/\n+$/, "").split("\n");
  const pen = freshPen();
  const runs = rows.flatMap((line, row) => {
    let column = 0;
    return line.split(SGR).map((part, index) => {
      if (index % 2 === 1) {
        for (const code of part.split(";")) applyCode(pen, Number(code));
        return "";
      }
      const at = column;
      column += part.length;
      return part === "" ? "" : runSvg(part, at, row, pen);
    });
  });
  const width = Math.ceil(columns * CELL_WIDTH + 2 * PADDING);
  const height = rows.length * CELL_HEIGHT + 2 * PADDING;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...runs.filter((run) => run !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
