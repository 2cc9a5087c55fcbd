/**
 * How the panes share the screen: a pure function from the terminal's size to rectangles. Below
 * 100 columns or 32 rows the machine panes share one place and Tab changes what is in it; larger
 * screens have a second and a third place. On a small screen the timeline grows while it is looked at,
 * and any pane may have the whole width for a while.
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

function placesFor(
  columns: number,
  height: number,
  { hasStory, zoomed, recent }: LayoutInput,
): Place[] {
  const tallTimeline = recent[0] === "timeline";
  const large = columns >= 140 && height >= 36;
  const medium = columns >= 100 && height >= 30;
  const timelineHeight = large ? 12 : medium ? 10 : tallTimeline ? 11 : 7;
  const top = height - timelineHeight;
  const storyWidth = hasStory ? Math.floor(columns * (large ? 0.36 : medium ? 0.42 : 0.46)) : 0;
  const rest = columns - storyWidth;
  const places: Place[] = [];
  const timeline: Place = {
    rect: { x: 0, y: top, width: columns, height: timelineHeight },
    shares: ["timeline"],
  };
  if (zoomed) {
    const shares = PANES.filter((pane) => pane !== "timeline" && (hasStory || pane !== "story"));
    return [{ rect: { x: 0, y: 0, width: columns, height: top }, shares }, timeline];
  }
  if (hasStory)
    places.push({ rect: { x: 0, y: 0, width: storyWidth, height: top }, shares: ["story"] });
  const place = (x: number, y: number, width: number, rows: number, shares: PaneName[]): void => {
    places.push({ rect: { x: storyWidth + x, y, width, height: rows }, shares });
  };
  if (large) {
    // Patches and oopses have longer lines than tasks have names.
    const half = Math.floor(rest * 0.46);
    const upper = Math.floor(top * 0.55);
    place(0, 0, rest, upper, ["console"]);
    place(0, upper, half, top - upper, ["tasks"]);
    place(half, upper, rest - half, top - upper, ["log", "source"]);
  } else if (medium) {
    const upper = Math.floor(top * 0.55);
    place(0, 0, rest, upper, ["console"]);
    place(0, upper, rest, top - upper, ["tasks", "log", "source"]);
  } else place(0, 0, rest, top, ["console", "tasks", "log", "source"]);
  return [...places, timeline];
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
