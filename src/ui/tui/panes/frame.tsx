/** A pane: a border with the names of the panes that share the place, and a window on its lines. */
import { Box } from "ink";
import type { ReactNode } from "react";
import type { PaneName, Rect } from "../layout.ts";
import { textWidth } from "../text.ts";
import { type Line, paintLine, type Theme } from "../theme.ts";
import { Painted } from "./painted.tsx";

const PANE_TITLES: Readonly<Record<PaneName, string>> = {
  story: "story",
  console: "console",
  tasks: "tasks",
  timeline: "timeline",
  log: "log",
  source: "source",
};

/** Cells and rows that the border takes from a pane. */
export const BORDER = 2;

/** The part of `lines` in view: `anchor` says which end is the natural place. */
export function windowOf(
  lines: readonly Line[],
  height: number,
  scroll: number,
  anchor: "top" | "bottom",
): { readonly shown: readonly Line[]; readonly above: number; readonly below: number } {
  const spare = Math.max(0, lines.length - height);
  const wanted = anchor === "top" ? scroll : spare - scroll;
  const above = Math.max(0, Math.min(spare, wanted));
  return {
    shown: lines.slice(above, above + height),
    above,
    below: Math.max(0, lines.length - above - height),
  };
}

export interface FrameProps {
  readonly rect: Rect;
  readonly pane: PaneName;
  readonly shares: readonly PaneName[];
  readonly focused: boolean;
  /** Said at the right of the upper border. */
  readonly note?: string;
  readonly lines: readonly Line[];
  readonly above?: number;
  readonly below?: number;
  readonly theme: Theme;
}

function topBorder(props: FrameProps): string {
  const { theme, focused, rect, pane } = props;
  const { corner, horizontal, pointer } = theme.glyphs;
  const edge = focused ? "focus" : "dim";
  let painted = theme.paint(corner[0] + horizontal, edge);
  let used = 2;
  for (const name of props.shares) {
    const shown = name === pane;
    const title = PANE_TITLES[name];
    const several = props.shares.length > 1;
    const label =
      shown && focused ? ` ${pointer} ${title} ` : shown && several ? `[${title}]` : ` ${title} `;
    painted += theme.paint(label, shown ? (focused ? "focus" : "strong") : "dim");
    painted += theme.paint(horizontal, edge);
    used += textWidth(label) + 1;
  }
  const note = props.note === undefined || props.note === "" ? "" : ` ${props.note} `;
  const fits = used + textWidth(note) + 2 <= rect.width;
  const filler = rect.width - used - 1 - (fits ? textWidth(note) + 1 : 0);
  painted += theme.paint(horizontal.repeat(Math.max(0, filler)), edge);
  if (fits) painted += theme.paint(note, "dim") + theme.paint(horizontal, edge);
  return painted + theme.paint(corner[1], edge);
}

function bottomBorder(props: FrameProps): string {
  const { theme, rect, above = 0, below = 0 } = props;
  const { corner, horizontal } = theme.glyphs;
  const edge = props.focused ? "focus" : "dim";
  const more = [above > 0 ? `${above} more above` : "", below > 0 ? `${below} more below` : ""]
    .filter((part) => part !== "")
    .join(", ");
  const label = more === "" ? "" : ` ${more} `;
  const filler = Math.max(0, rect.width - 3 - textWidth(label));
  return (
    theme.paint(corner[2] + horizontal.repeat(filler), edge) +
    theme.paint(label, props.focused ? "focus" : "dim") +
    theme.paint(horizontal + corner[3], edge)
  );
}

/** One `<Text>` for the whole pane: ink's cost is by the node. */
export function Frame(props: FrameProps): ReactNode {
  const { rect, theme } = props;
  const inner = rect.width - BORDER - 2;
  const side = theme.paint(theme.glyphs.vertical, props.focused ? "focus" : "dim");
  const rows = Array.from({ length: rect.height - BORDER }, (_, row) => {
    return `${side} ${paintLine(props.lines[row] ?? [], inner, theme)} ${side}`;
  });
  return (
    <Box width={rect.width} height={rect.height} flexShrink={0}>
      <Painted lines={[topBorder(props), ...rows, bottomBorder(props)]} width={rect.width} />
    </Box>
  );
}
