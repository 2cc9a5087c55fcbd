/** The first screen: which scenario, or a free shell. */
import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { wrapSpans } from "../markdown-view.ts";
import { fitWidth, textWidth } from "../text.ts";
import { type Line, paintLine, type Theme } from "../theme.ts";

/** What the chooser says about a scenario. */
export interface ScenarioSummary {
  /** What `openSession` is given. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly minutes: number;
  readonly release: string;
}

const PITCH =
  "A small Linux-like kernel, and three ways to watch a program on it. Some of them break when the next release is booted. Choose a question:";
const SHORT_PITCH = "A small Linux-like kernel, and three ways to watch it. Choose a question:";
const SHELL_TITLE = "Free shell";
const SHELL_SAYS = "Boot a machine and type what you like: ls, ps, strace, reboot RELEASE.";

interface Entry {
  readonly title: string;
  readonly says: string;
  readonly facts: string;
}

/** A release as it is spoken of, whichever of its names an author wrote. */
const spoken = (release: string): string => release.replace(/^v(?=\d)|-quicksand$/g, "");

function entriesOf(scenarios: readonly ScenarioSummary[], shellRelease: string): readonly Entry[] {
  const releases = [shellRelease, ...scenarios.map((one) => one.release)].map(spoken);
  const width = Math.max(...releases.map(textWidth));
  const facts = (time: string, release: string): string =>
    `${time.padStart(6)}  ${fitWidth(spoken(release), width)}`;
  return [
    ...scenarios.map(({ title, question, minutes, release }) => ({
      title,
      says: question,
      facts: facts(`${minutes} min`, release),
    })),
    { title: SHELL_TITLE, says: SHELL_SAYS, facts: facts("", shellRelease) },
  ];
}

function titleLine(entry: Entry, selected: boolean, width: number, theme: Theme): Line {
  const room = width - entry.facts.length - 4;
  return [
    { text: selected ? `${theme.glyphs.pointer} ` : "  ", tone: "focus" },
    {
      text: fitWidth(entry.title, Math.max(8, room), theme.glyphs.ellipsis),
      tone: selected ? "focus" : "strong",
    },
    { text: `  ${entry.facts}`, tone: "dim" },
  ];
}

/** The list, two or three lines a scenario where there is room, and only the titles where not. */
function chooserLines(
  entries: readonly Entry[],
  selected: number,
  width: number,
  height: number,
  theme: Theme,
): readonly Line[] {
  const pitch = wrapSpans([{ text: PITCH }], width);
  const shortPitch = wrapSpans([{ text: SHORT_PITCH }], width);
  const full = entries.map((entry, index): Line[] => [
    titleLine(entry, index === selected, width, theme),
    ...wrapSpans([{ text: entry.says, tone: "dim" }], width - 4).map(
      (line): Line => [{ text: "    " }, ...line],
    ),
    [],
  ]);
  const close = full.map((lines) => lines.slice(0, -1));
  for (const [head, list] of [
    [pitch, full],
    [pitch, close],
    [shortPitch, close],
  ] as const) {
    const lines = [...head, [], ...list.flat()];
    if (lines.length <= height + (list === full ? 1 : 0)) return lines;
  }
  const room = height - pitch.length - 1;
  const short = close.map((lines, index) => (index === selected ? lines : lines.slice(0, 1)));
  const before = short.slice(0, selected).flat().length;
  const own = short[selected]?.length ?? 1;
  const top = Math.max(0, Math.min(before - ((room - own) >> 1), short.flat().length - room));
  return [...pitch, [], ...short.flat().slice(top, top + room)];
}

export function Chooser(props: {
  readonly scenarios: readonly ScenarioSummary[];
  readonly shellRelease: string;
  readonly selected: number;
  readonly columns: number;
  readonly height: number;
  readonly theme: Theme;
}): ReactNode {
  const width = Math.min(props.columns - 4, 100);
  const entries = entriesOf(props.scenarios, props.shellRelease);
  const lines = chooserLines(entries, props.selected, width, props.height - 1, props.theme);
  const text = lines.map((line) => paintLine(line, width, props.theme)).join("\n");
  return (
    <Box width={props.columns} height={props.height} paddingX={2} paddingTop={1} flexShrink={0}>
      <Text wrap="truncate">{text}</Text>
    </Box>
  );
}
