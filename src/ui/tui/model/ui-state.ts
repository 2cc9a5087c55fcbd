/**
 * Where the user is: screen, page, cursor, focus, scroll positions, answers. A pure reducer; what
 * the machine does is `session-driver.ts`'s.
 */
import type { PaneName } from "../layout.ts";
import { AT_START, type Cursor, follow, moveTo } from "./cursor.ts";

export interface UiState {
  readonly screen: "chooser" | "player";
  readonly help: boolean;
  readonly typing: boolean;
  /** The chooser's line. */
  readonly selected: number;
  readonly page: number;
  /** The last page that the reader has come to. */
  readonly furthest: number;
  readonly cursor: Cursor;
  /** Panes, the focused one first. */
  readonly recent: readonly PaneName[];
  /** One pane has the width of the screen, until a step is taken. */
  readonly zoomed: boolean;
  /** Lines away from each pane's natural place. */
  readonly scroll: Readonly<Partial<Record<PaneName, number>>>;
  /** Page to the choice made there. */
  readonly answers: Readonly<Record<number, number>>;
  /** The choice under the pointer. */
  readonly pick: number;
  /** What the status line says instead of hints. */
  readonly notice: string;
}

export const INITIAL_UI: UiState = {
  screen: "chooser",
  help: false,
  typing: false,
  selected: 0,
  page: 0,
  furthest: 0,
  cursor: AT_START,
  recent: ["story", "console", "tasks", "log", "source", "timeline"],
  zoomed: false,
  scroll: {},
  answers: {},
  pick: 0,
  notice: "",
};

export type UiChange =
  | { readonly kind: "select"; readonly selected: number }
  | { readonly kind: "open"; readonly focus: PaneName }
  | { readonly kind: "close" }
  | { readonly kind: "help"; readonly shown: boolean }
  | { readonly kind: "typing"; readonly on: boolean; readonly length: number }
  | {
      readonly kind: "turn";
      readonly page: number;
      readonly position: number;
      readonly length: number;
    }
  | { readonly kind: "cursor"; readonly cursor: Cursor }
  | { readonly kind: "grown"; readonly length: number }
  | { readonly kind: "focus"; readonly pane: PaneName }
  | { readonly kind: "zoom"; readonly on: boolean }
  /** Brings a pane into view without focusing it. */
  | { readonly kind: "show"; readonly pane: PaneName }
  | { readonly kind: "scroll"; readonly pane: PaneName; readonly to: number }
  | { readonly kind: "pick"; readonly choice: number }
  | { readonly kind: "answer"; readonly page: number; readonly choice: number }
  | { readonly kind: "notice"; readonly text: string };

const toFront = (recent: readonly PaneName[], pane: PaneName): readonly PaneName[] => [
  pane,
  ...recent.filter((name) => name !== pane),
];

function toSecond(recent: readonly PaneName[], pane: PaneName): readonly PaneName[] {
  const [first, ...rest] = recent;
  if (first === undefined || first === pane) return recent;
  return [first, pane, ...rest.filter((name) => name !== pane)];
}

const CHANGES: {
  readonly [K in UiChange["kind"]]: (
    state: UiState,
    change: Extract<UiChange, { kind: K }>,
  ) => UiState;
} = {
  select: (state, { selected }) => ({ ...state, selected }),
  open: (state, { focus }) => ({
    ...INITIAL_UI,
    screen: "player",
    selected: state.selected,
    recent: toFront(INITIAL_UI.recent, focus),
  }),
  close: (state) => ({ ...INITIAL_UI, selected: state.selected }),
  help: (state, { shown }) => ({ ...state, help: shown }),
  typing: (state, { on, length }) => ({
    ...state,
    typing: on,
    cursor: on ? moveTo(length, length) : state.cursor,
    recent: on ? toFront(state.recent, "console") : state.recent,
    scroll: { ...state.scroll, console: 0 },
  }),
  turn: (state, { page, position, length }) => ({
    ...state,
    page,
    furthest: Math.max(state.furthest, page),
    zoomed: false,
    pick: 0,
    cursor: moveTo(position, length),
    scroll: {},
  }),
  cursor: (state, { cursor }) => ({
    ...state,
    cursor,
    scroll: { ...state.scroll, console: 0, log: 0 },
  }),
  grown: (state, { length }) => {
    const cursor = follow(state.cursor, length);
    return cursor.position === state.cursor.position ? state : { ...state, cursor };
  },
  focus: (state, { pane }) => ({ ...state, recent: toFront(state.recent, pane) }),
  zoom: (state, { on }) => ({ ...state, zoomed: on }),
  show: (state, { pane }) => ({
    ...state,
    zoomed: false,
    recent: toSecond(state.recent, pane),
  }),
  scroll: (state, { pane, to }) => ({ ...state, scroll: { ...state.scroll, [pane]: to } }),
  pick: (state, { choice }) => ({ ...state, pick: choice }),
  answer: (state, { page, choice }) => ({
    ...state,
    answers: { ...state.answers, [page]: choice },
  }),
  notice: (state, { text }) => ({ ...state, notice: text }),
};

export function changeUi(state: UiState, change: UiChange): UiState {
  const apply = CHANGES[change.kind] as (state: UiState, change: UiChange) => UiState;
  const next = apply(state, change);
  // Any action answers the last refusal; only a notice leaves one standing.
  return change.kind === "notice" || change.kind === "grown" ? next : { ...next, notice: "" };
}
