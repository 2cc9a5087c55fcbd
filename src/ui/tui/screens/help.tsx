/** The help overlay: the key table of the place it was called from, and the timeline's marks. */
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { type KeyContext, labelOf, rowsFor } from "../keys.ts";
import { fitWidth } from "../text.ts";
import { type Line, type Mark, paintLine, type Theme } from "../theme.ts";

const MARK_WORDS: readonly (readonly [Mark, string])[] = [
  ["call", "system call"],
  ["return", "its return"],
  ["signal", "signal"],
  ["stop", "stop"],
  ["born", "task starts"],
  ["exec", "exec"],
  ["exit", "task dies"],
  ["reap", "waited for"],
  ["attach", "ptrace"],
  ["probe", "probe hung on"],
  ["callback", "callback"],
  ["module", "module"],
  ["oops", "oops, refusal"],
  ["print", "kernel log"],
  ["tty", "console"],
  ["file", "file opened"],
];

function markLines(theme: Theme, width: number): Line[] {
  const { glyphs } = theme;
  const words: [string, string][] = [
    ...MARK_WORDS.map(([mark, text]): [string, string] => [glyphs.marks[mark], text]),
    [glyphs.running, "on the processor"],
    [glyphs.waiting, "could run"],
    [glyphs.sleeping, "sleeping"],
    [glyphs.stopped, "stopped"],
    ["z", "zombie"],
  ];
  const cell = 19;
  const columns = Math.max(1, Math.floor(width / cell));
  const lines: Line[] = [[{ text: "On the timeline", tone: "title" }]];
  for (let at = 0; at < words.length; at += columns) {
    const row = words.slice(at, at + columns);
    lines.push(row.map(([glyph, text]) => ({ text: fitWidth(`${glyph} ${text}`, cell) })));
  }
  return lines;
}

const PANE_WORDS: readonly (readonly [string, string])[] = [
  ["story", "the lesson, as far as you have read it"],
  ["console", "the machine's terminal; Enter types into it"],
  ["tasks", "processes as a tree, their states, who traces whom, what hangs on them"],
  ["log", "what the kernel says, as dmesg prints it"],
  ["source", "the patch, header or file that the story is about"],
  ["timeline", "every event, a lane a task; all panes show the moment of its cursor"],
];

function paneLines(): Line[] {
  return [
    [{ text: "Panes", tone: "title" }],
    ...PANE_WORDS.map(
      ([name, words]): Line => [{ text: fitWidth(name, LABEL), tone: "strong" }, { text: words }],
    ),
  ];
}

const LABEL = 11;

/** The keys, and as much of the rest as there is room for. */
function helpLines(
  context: KeyContext,
  theme: Theme,
  width: number,
  height: number,
): readonly Line[] {
  const lines: Line[] = [[{ text: "Keys", tone: "title" }]];
  for (const row of rowsFor(context.place)) {
    const reason = row.refuse?.(context);
    lines.push([
      {
        text: fitWidth(labelOf(row, theme.glyphs.ascii), LABEL),
        tone: reason === undefined ? "strong" : "dim",
      },
      { text: row.help, tone: reason === undefined ? "plain" : "dim" },
    ]);
  }
  if (context.place !== "player") return lines;
  const marks = markLines(theme, width);
  const panes = paneLines();
  const roomy = lines.length + marks.length + panes.length + 2 <= height;
  return roomy ? [...lines, [], ...panes, [], ...marks] : [...lines, ...marks];
}

export function Help(props: {
  readonly context: KeyContext;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}): ReactNode {
  const width = Math.min(props.columns - 4, 100);
  const lines = helpLines(props.context, props.theme, width, props.height).slice(0, props.height);
  return (
    <Box width={props.columns} height={props.height} paddingX={2} flexShrink={0}>
      <Text wrap="truncate">
        {lines.map((line) => paintLine(line, width, props.theme)).join("\n")}
      </Text>
    </Box>
  );
}
