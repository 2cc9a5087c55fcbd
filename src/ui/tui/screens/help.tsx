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
  const cell = 20;
  const columns = Math.max(1, Math.floor(width / cell));
  const lines: Line[] = [[{ text: "On the timeline", tone: "title" }]];
  for (let at = 0; at < words.length; at += columns) {
    const row = words.slice(at, at + columns);
    lines.push(row.map(([glyph, text]) => ({ text: fitWidth(`${glyph} ${text}`, cell) })));
  }
  return lines;
}

function helpLines(context: KeyContext, theme: Theme, width: number): readonly Line[] {
  const lines: Line[] = [[{ text: "Keys", tone: "title" }]];
  for (const row of rowsFor(context.place)) {
    const reason = row.refuse?.(context);
    lines.push([
      {
        text: fitWidth(labelOf(row, theme.glyphs.ascii), 11),
        tone: reason === undefined ? "strong" : "dim",
      },
      { text: row.help, tone: reason === undefined ? "plain" : "dim" },
    ]);
  }
  return context.place === "player" ? [...lines, ...markLines(theme, width)] : lines;
}

export function Help(props: {
  readonly context: KeyContext;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}): ReactNode {
  const width = Math.min(props.columns - 4, 100);
  const lines = helpLines(props.context, props.theme, width).slice(0, props.height);
  return (
    <Box width={props.columns} height={props.height} paddingX={2} flexShrink={0}>
      <Text wrap="truncate">
        {lines.map((line) => paintLine(line, width, props.theme)).join("\n")}
      </Text>
    </Box>
  );
}
