/**
 * The look: sixteen colours by role, or only weight and reverse video when NO_COLOR is set
 * (no-color.org), and line-drawing glyphs with an ASCII set for terminals without UTF-8.
 * Nothing is said by colour alone. Escape sequences are written here and nowhere else.
 */
import { takeWidth, textWidth } from "./text.ts";

/** What a piece of text is, which decides how it looks. */
export type Tone =
  | "plain"
  | "dim"
  | "strong"
  | "title"
  | "focus"
  | "good"
  | "bad"
  | "warn"
  | "info"
  | "code"
  | "signal"
  | "callback"
  | "cursor"
  | "bar";

/** A run of text in one tone. */
export interface Span {
  readonly text: string;
  readonly tone?: Tone;
}

/** One line of a pane, before it is cut to the pane's width. */
export type Line = readonly Span[];

/** Glyphs that differ between UTF-8 and ASCII terminals. */
export interface Glyphs {
  readonly ascii: boolean;
  readonly ellipsis: string;
  readonly corner: readonly [string, string, string, string];
  readonly horizontal: string;
  readonly vertical: string;
  readonly branch: string;
  readonly lastBranch: string;
  readonly trunk: string;
  readonly bullet: string;
  readonly pointer: string;
  readonly traces: string;
  readonly marks: Readonly<Record<Mark, string>>;
  readonly running: string;
  readonly waiting: string;
  readonly sleeping: string;
  readonly stopped: string;
  readonly dead: string;
  readonly pageEnd: string;
  readonly here: string;
}

/** What the timeline marks on a task's lane. */
export type Mark =
  | "boot"
  | "born"
  | "exec"
  | "exit"
  | "reap"
  | "call"
  | "return"
  | "file"
  | "signal"
  | "stop"
  | "attach"
  | "probe"
  | "callback"
  | "oops"
  | "print"
  | "tty"
  | "module"
  | "state"
  | "other";

const UNICODE: Glyphs = {
  ascii: false,
  ellipsis: "…",
  corner: ["┌", "┐", "└", "┘"],
  horizontal: "─",
  vertical: "│",
  branch: "├─",
  lastBranch: "└─",
  trunk: "│ ",
  bullet: "•",
  pointer: "▸",
  traces: "←",
  marks: {
    boot: "▲",
    born: "┬",
    exec: "»",
    exit: "×",
    reap: "┴",
    call: "›",
    return: "‹",
    file: "f",
    signal: "!",
    stop: "■",
    attach: "⊕",
    probe: "◇",
    callback: "◆",
    oops: "✖",
    print: "p",
    tty: "t",
    module: "M",
    state: "╴",
    other: "∙",
  },
  running: "━",
  waiting: "╌",
  sleeping: "·",
  stopped: "▒",
  dead: " ",
  pageEnd: "┴",
  here: "●",
};

const ASCII: Glyphs = {
  ascii: true,
  ellipsis: "~",
  corner: ["+", "+", "+", "+"],
  horizontal: "-",
  vertical: "|",
  branch: "|-",
  lastBranch: "`-",
  trunk: "| ",
  bullet: "*",
  pointer: ">",
  traces: "<-",
  marks: {
    boot: "^",
    born: "+",
    exec: "E",
    exit: "x",
    reap: "r",
    call: ">",
    return: "<",
    file: "f",
    signal: "!",
    stop: "#",
    attach: "@",
    probe: "o",
    callback: "*",
    oops: "X",
    print: "p",
    tty: "t",
    module: "M",
    state: "'",
    other: ",",
  },
  running: "=",
  waiting: "-",
  sleeping: ".",
  stopped: ":",
  dead: " ",
  pageEnd: "|",
  here: "O",
};

/** How text is painted and which glyphs there are. */
export interface Theme {
  readonly glyphs: Glyphs;
  readonly colour: boolean;
  paint(text: string, tone: Tone | undefined): string;
}

type Codes = readonly [on: string, off: string];

const BOLD: Codes = ["1", "22"];
const DIM: Codes = ["2", "22"];
const REVERSE: Codes = ["7", "27"];
const foreground = (code: number): Codes => [String(code), "39"];

const COLOURS: Readonly<Record<Tone, readonly Codes[]>> = {
  plain: [],
  dim: [DIM],
  strong: [BOLD],
  title: [BOLD, foreground(36)],
  focus: [BOLD, foreground(33)],
  good: [foreground(32)],
  bad: [BOLD, foreground(31)],
  warn: [foreground(33)],
  info: [foreground(36)],
  code: [foreground(36)],
  signal: [foreground(33)],
  callback: [foreground(35)],
  cursor: [REVERSE],
  bar: [REVERSE],
};

const WEIGHTS: Readonly<Record<Tone, readonly Codes[]>> = {
  plain: [],
  dim: [],
  strong: [BOLD],
  title: [BOLD],
  focus: [BOLD],
  good: [],
  bad: [BOLD],
  warn: [],
  info: [],
  code: [BOLD],
  signal: [],
  callback: [],
  cursor: [REVERSE],
  bar: [REVERSE],
};

function painter(table: Readonly<Record<Tone, readonly Codes[]>>): Theme["paint"] {
  const sequence = (codes: readonly Codes[], side: 0 | 1): string =>
    codes.length === 0 ? "" : `\x1b[${codes.map((pair) => pair[side]).join(";")}m`;
  const sequences = new Map(
    Object.entries(table).map(([tone, codes]) => [
      tone,
      { on: sequence(codes, 0), off: sequence(codes, 1) },
    ]),
  );
  return (text, tone) => {
    const pair = sequences.get(tone ?? "plain");
    return pair === undefined || pair.on === "" || text === "" ? text : pair.on + text + pair.off;
  };
}

/** The theme of a terminal, read from its environment. */
export function themeFor(env: Readonly<Record<string, string | undefined>>): Theme {
  const colour = (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  // No locale at all is a container behind somebody's UTF-8 terminal, unless tmux is in between:
  // tmux then turns what it takes for foreign characters into underscores.
  const spoken = locale === "" ? !env["TMUX"] : /utf-?8/i.test(locale);
  const utf8 = spoken && env["TERM"] !== "linux" && !env["QUICKSAND_ASCII"];
  return {
    colour,
    glyphs: utf8 ? UNICODE : ASCII,
    paint: painter(colour ? COLOURS : WEIGHTS),
  };
}

/** One line as a terminal string of exactly `width` cells. */
export function paintLine(line: Line, width: number, theme: Theme): string {
  const total = lineWidth(line);
  if (total <= width) {
    return (
      line.map((span) => theme.paint(span.text, span.tone)).join("") + " ".repeat(width - total)
    );
  }
  let left = width - textWidth(theme.glyphs.ellipsis);
  let painted = "";
  for (const span of line) {
    const cut = takeWidth(span.text, left);
    painted += theme.paint(cut, span.tone);
    left -= textWidth(cut);
    if (cut !== span.text) break;
  }
  return painted + theme.glyphs.ellipsis + " ".repeat(Math.max(0, left));
}

/** Cells of a line. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, span) => sum + textWidth(span.text), 0);
}
