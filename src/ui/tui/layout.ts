/**
 * How the panes share the screen: a pure function from the terminal's size to rectangles. Below
 * 100 columns or 32 rows the machine panes share one place and Tab changes what is in it; larger
 * screens have a second and a third place. On a small screen the timeline grows while it is looked at,
 * and on a larger one the source pane while it is read; any pane may have the whole width for a while.
 */

export const COLUMNS_MIN = 80;
export const ROWS_MIN = 24;

export type PaneName = "story" | "console" | "tasks" | "timeline" | "log" | "source";

/** In the order in which Tab visits them. */
export const PANES: readonly PaneName[] = [
  "story",
  "console",
  "tasks",
  "log",
  "source",
  "timeline",
];

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A place on the screen, the pane in it, and the panes that could be. */
export interface Slot {
  readonly rect: Rect;
  readonly pane: PaneName;
  readonly shares: readonly PaneName[];
}

export interface ScreenLayout {
  /** False: the terminal is too small, and there are no slots. */
  readonly fits: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly slots: readonly Slot[];
}

export interface LayoutInput {
  readonly columns: number;
  readonly rows: number;
  /** Most recently focused first: decides what a shared place shows. */
  readonly recent: readonly PaneName[];
  /** A free shell has no story. */
  readonly hasStory: boolean;
  /** One place for all panes but the timeline. */
  readonly zoomed: boolean;
}

/** Rows above and below the panes: title and status. */
export const CHROME_ROWS = 2;

interface Place {
  readonly rect: Rect;
  readonly shares: readonly PaneName[];
}

type Size = "small" | "medium" | "large";

function sizeOf(columns: number, height: number): Size {
  if (columns >= 140 && height >= 36) return "large";
  return columns >= 100 && height >= 30 ? "medium" : "small";
}

/** The story's part of the width. */
const STORY_SHARE: Readonly<Record<Size, number>> = { small: 0.46, medium: 0.42, large: 0.36 };

const TIMELINE_ROWS: Readonly<Record<Size, number>> = { small: 7, medium: 10, large: 12 };
/** On a small screen, while it has the pointer. */
const TALL_TIMELINE_ROWS = 11;

/** The machine's panes in a place of their own, from its upper left corner. */
function machinePlaces(
  size: Size,
  width: number,
  height: number,
  recent: readonly PaneName[],
): Place[] {
  const place = (
    x: number,
    y: number,
    right: number,
    below: number,
    shares: PaneName[],
  ): Place => ({
    rect: { x, y, width: right - x, height: below - y },
    shares,
  });
  if (size === "small") return [place(0, 0, width, height, ["console", "tasks", "log", "source"])];
  const lower: PaneName[] = size === "large" ? ["log", "source"] : ["tasks", "log", "source"];
  const reading = recent.find((pane) => lower.includes(pane)) === "source";
  const upper = Math.floor(height * (reading ? 0.4 : 0.55));
  const console = place(0, 0, width, upper, ["console"]);
  if (size === "medium") return [console, place(0, upper, width, height, lower)];
  // Patches and oopses have longer lines than tasks have names.
  const left = Math.floor(width * (reading ? 0.38 : 0.46));
  return [
    console,
    place(0, upper, left, height, ["tasks"]),
    place(left, upper, width, height, lower),
  ];
}

function placesFor(columns: number, height: number, input: LayoutInput): Place[] {
  const { hasStory, zoomed, recent } = input;
  const size = sizeOf(columns, height);
  const tall = size === "small" && recent[0] === "timeline";
  const timelineHeight = tall ? TALL_TIMELINE_ROWS : TIMELINE_ROWS[size];
  const top = height - timelineHeight;
  const timeline: Place = {
    rect: { x: 0, y: top, width: columns, height: timelineHeight },
    shares: ["timeline"],
  };
  if (zoomed) {
    const shares = PANES.filter((pane) => pane !== "timeline" && (hasStory || pane !== "story"));
    return [{ rect: { x: 0, y: 0, width: columns, height: top }, shares }, timeline];
  }
  const storyWidth = hasStory ? Math.floor(columns * STORY_SHARE[size]) : 0;
  const story: Place = {
    rect: { x: 0, y: 0, width: storyWidth, height: top },
    shares: ["story"],
  };
  const machine = machinePlaces(size, columns - storyWidth, top, recent).map(
    ({ rect, shares }): Place => ({ rect: { ...rect, x: rect.x + storyWidth }, shares }),
  );
  return [...(hasStory ? [story] : []), ...machine, timeline];
}

/** Where everything goes. */
export function layOut(input: LayoutInput): ScreenLayout {
  const { columns, rows } = input;
  if (columns < COLUMNS_MIN || rows < ROWS_MIN) return { fits: false, columns, rows, slots: [] };
  const height = rows - CHROME_ROWS;
  const slots = placesFor(columns, height, input).map((place) => {
    const pane = input.recent.find((name) => place.shares.includes(name)) ?? place.shares[0];
    return { ...place, pane: pane ?? "console" };
  });
  return { fits: true, columns, rows, slots };
}
