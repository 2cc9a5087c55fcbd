/** The player: the story beside the machine's panes, all of them at the cursor's moment. */
import { Box } from "ink";
import type { ReactNode } from "react";
import type { FoldState } from "../fold.ts";
import type { PaneName, ScreenLayout, Slot } from "../layout.ts";
import { isPlayed } from "../model/pages.ts";
import type { UiState } from "../model/ui-state.ts";
import { consoleLines } from "../panes/console-lines.ts";
import { BORDER, Frame, windowOf } from "../panes/frame.tsx";
import { logLines } from "../panes/log-lines.ts";
import { sourcePage, sourceText, sourceTitle } from "../panes/source-lines.ts";
import { storyText, storyTop } from "../panes/story-lines.ts";
import { taskLines } from "../panes/task-lines.ts";
import { timelineLines } from "../panes/timeline-lines.ts";
import type { SessionDriver } from "../session-driver.ts";
import type { Line, Theme } from "../theme.ts";

export interface PlayerView {
  readonly ui: UiState;
  readonly driver: SessionDriver;
  readonly theme: Theme;
  readonly layout: ScreenLayout;
}

/** A pane's lines, the first one in view, and a note for its border. */
interface PaneText {
  readonly lines: readonly Line[];
  readonly above: number;
  readonly below: number;
  /** Rows of the part that scrolls. */
  readonly rows: number;
  readonly note?: string;
}

function inView(
  lines: readonly Line[],
  height: number,
  scroll: number,
  anchor: "top" | "bottom",
): PaneText {
  const { shown, above, below } = windowOf(lines, height, scroll, anchor);
  return { lines: shown, above, below, rows: height };
}

function storyPane(player: PlayerView, width: number, height: number, scroll: number): PaneText {
  const { ui, driver, theme } = player;
  const results = driver.session.player?.results ?? [];
  const page = driver.pages[ui.page];
  // Gone back to a page, the reader stands before what its commands did.
  const before = ui.cursor.position < driver.positionBefore(ui.page + 1);
  const text = storyText({
    pages: driver.pages,
    results: before ? results.slice(0, page?.firstStep) : results,
    again: before && page !== undefined && isPlayed(page, results),
    page: ui.page,
    answers: ui.answers,
    pick: ui.pick,
    busy: driver.busy,
    sourceShown: player.layout.slots.some((slot) => slot.pane === "source"),
    width,
    glyphs: theme.glyphs,
  });
  const room = height - text.prompt.length;
  const view = inView(text.lines, room, storyTop(text, room) + scroll, "top");
  // The prompt follows the text, one line below it where there is one.
  const filler: readonly Line[] = view.lines.length < room ? [[]] : [];
  const unread = view.below > 0 && ui.page === ui.furthest && !driver.busy;
  return {
    ...view,
    lines: [...view.lines, ...filler, ...(unread ? text.readOn : text.prompt)],
    note: `${ui.page + 1}/${driver.pages.length}`,
  };
}

function pageEnds(driver: SessionDriver): number[] {
  const played = driver.pages.filter(
    (page) => (driver.session.player?.results.length ?? 0) >= page.endStep,
  );
  return played.map((_, index) => driver.positionBefore(index + 1));
}

const PANES: Readonly<
  Record<
    PaneName,
    (view: PlayerView, state: FoldState, width: number, height: number, scroll: number) => PaneText
  >
> = {
  story: (view, _state, width, height, scroll) => storyPane(view, width, height, scroll),
  console: (view, state, width, height, scroll) => ({
    ...inView(consoleLines(state, width, view.ui.typing), height, scroll, "bottom"),
    note: view.ui.cursor.following ? "" : "past",
  }),
  tasks: (view, state, _width, height, scroll) => ({
    ...inView(taskLines(state, view.theme.glyphs), height, scroll, "top"),
    note: String(state.tasks.size),
  }),
  log: (_view, state, width, height, scroll) =>
    inView(logLines(state, width), height, scroll, "bottom"),
  source: (view, _state, width, height, scroll) => {
    const { pages, session } = view.driver;
    const page = pages[sourcePage(pages, view.ui.page)];
    const { lines, anchor } = sourceText(page, session.player?.results ?? [], width);
    const top = Math.max(0, Math.min(anchor, lines.length - height));
    return { ...inView(lines, height, top + scroll, "top"), note: sourceTitle(page) };
  },
  timeline: (view, _state, width, height) => ({
    lines: timelineLines({
      events: view.driver.session.client.events,
      index: view.driver.index,
      position: view.ui.cursor.position,
      pageEnds: pageEnds(view.driver),
      width,
      height,
      glyphs: view.theme.glyphs,
    }),
    above: 0,
    below: 0,
    rows: height,
  }),
};

/** What a slot shows. */
export function paneText(view: PlayerView, slot: Slot): PaneText {
  const state = view.driver.index.at(view.ui.cursor.position);
  const width = slot.rect.width - BORDER - 2;
  const height = slot.rect.height - BORDER;
  return PANES[slot.pane](view, state, width, height, view.ui.scroll[slot.pane] ?? 0);
}

export function Player(props: PlayerView): ReactNode {
  const { layout, ui, theme } = props;
  const height = Math.max(...layout.slots.map(({ rect }) => rect.y + rect.height));
  return (
    <Box width={layout.columns} height={height} flexShrink={0}>
      {layout.slots.map((slot) => (
        <Box
          key={slot.shares[0]}
          position="absolute"
          marginLeft={slot.rect.x}
          marginTop={slot.rect.y}
        >
          <Frame
            rect={slot.rect}
            pane={slot.pane}
            shares={slot.shares}
            focused={slot.pane === ui.recent[0]}
            theme={theme}
            {...paneText(props, slot)}
          />
        </Box>
      ))}
    </Box>
  );
}
