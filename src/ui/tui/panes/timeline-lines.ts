/**
 * The timeline pane: a lane for each task, a column for each event, the cursor in the middle; below
 * them where the cursor is in the whole run, and its event in words.
 *
 * Left out: a time scale. Columns are events, since what matters is order; the time is in words.
 */
import type { KernelEvent } from "#kernel";
import { applyEvent, copyState, type FoldState } from "../fold.ts";
import type { FoldIndex } from "../fold-index.ts";
import { describeEvent, markOf } from "../model/describe.ts";
import { fitWidth, printable } from "../text.ts";
import type { Glyphs, Line, Mark, Span, Tone } from "../theme.ts";

export interface TimelineInput {
  readonly events: readonly KernelEvent[];
  readonly index: FoldIndex;
  readonly position: number;
  /** Positions at which the scenario's pages end. */
  readonly pageEnds: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly glyphs: Glyphs;
}

/** Cells of a lane's name. */
const LABEL = 14;
/** A pane of so many rows tells more than one event in words. */
const ROOMY_ROWS = 8;

const MARK_TONES: Readonly<Partial<Record<Mark, Tone>>> = {
  signal: "signal",
  stop: "warn",
  callback: "callback",
  probe: "callback",
  module: "callback",
  oops: "bad",
  exit: "bad",
  born: "good",
  exec: "good",
  boot: "good",
};

/** Columns of the timeline in a pane `width` cells wide. */
export const timelineColumns = (width: number): number => Math.max(1, width - LABEL);

interface Cell {
  readonly glyph: string;
  readonly tone: Tone | undefined;
}

/** The lanes an event is drawn on: the task that did it, and the one it was done to. */
function lanesOf(event: KernelEvent): readonly number[] {
  switch (event.kind) {
    case "task-new":
      return [event.tid, event.child];
    case "signal-send":
      return [event.tid, event.target];
    case "ptrace-attach":
    case "ptrace-detach":
      return [event.tid, event.tracee];
    case "task-state":
      return [event.task];
    case "probe-attach":
    case "probe-detach":
      return [event.tid, event.target];
    default:
      return [event.tid];
  }
}

function restCell(state: FoldState, tid: number, glyphs: Glyphs): Cell {
  if (tid === 0) return { glyph: " ", tone: undefined };
  const task = state.tasks.get(tid);
  if (task === undefined) return { glyph: glyphs.dead, tone: undefined };
  if (state.running === tid && task.state === "R") return { glyph: glyphs.running, tone: "good" };
  if (task.state === "R") return { glyph: glyphs.waiting, tone: undefined };
  if (task.state === "T" || task.state === "t") return { glyph: glyphs.stopped, tone: "warn" };
  if (task.state === "Z") return { glyph: "z", tone: "dim" };
  return { glyph: glyphs.sleeping, tone: "dim" };
}

function cellOf(state: FoldState, event: KernelEvent, tid: number, glyphs: Glyphs): Cell {
  const mark = markOf(event);
  if (mark === "state" || !lanesOf(event).includes(tid)) return restCell(state, tid, glyphs);
  return { glyph: glyphs.marks[mark], tone: MARK_TONES[mark] };
}

/** The tasks that get a lane: those with events nearest to the cursor come first. */
function chooseLanes(input: TimelineInput, first: number, last: number, room: number): number[] {
  const { events, position } = input;
  const nearest = events
    .slice(first, last)
    .map((event, index) => ({ event, away: Math.abs(first + index - (position - 1)) }))
    .sort((a, b) => a.away - b.away)
    .flatMap(({ event }) => lanesOf(event));
  const chosen = new Set([...nearest, ...input.index.at(position).tasks.keys()]);
  return [...chosen].slice(0, room).sort((a, b) => a - b);
}

/** Neighbouring cells of one tone as one span: fewer escape sequences. */
function joinCells(cells: readonly Cell[]): Span[] {
  const spans: { text: string; tone?: Tone }[] = [];
  for (const { glyph, tone } of cells) {
    const last = spans.at(-1);
    if (last !== undefined && last.tone === tone) last.text += glyph;
    else spans.push(tone === undefined ? { text: glyph } : { text: glyph, tone });
  }
  return spans;
}

function laneLines(input: TimelineInput, rows: number): Line[] {
  const { events, position, glyphs } = input;
  const columns = timelineColumns(input.width);
  const current = position - 1;
  const first = Math.max(0, Math.min(current - (columns >> 1), events.length - columns));
  const last = Math.min(events.length, first + columns);
  const lanes = chooseLanes(input, first, last, rows);
  const state = copyState(input.index.at(first));
  const names = new Map<number, string>([[0, "machine"]]);
  const cells = lanes.map((): Cell[] => []);
  for (let index = first; index < last; index++) {
    const event = events[index];
    if (event === undefined) break;
    applyEvent(state, event);
    for (const [row, tid] of lanes.entries()) {
      const name = state.tasks.get(tid)?.comm;
      if (name !== undefined && (index <= current || !names.has(tid))) names.set(tid, name);
      const cell = cellOf(state, event, tid, glyphs);
      const tone = index === current ? "cursor" : index > current ? "dim" : cell.tone;
      cells[row]?.push({ glyph: cell.glyph, tone });
    }
  }
  return lanes.map((tid, row): Line => {
    const label = tid === 0 ? "     machine" : `${String(tid).padStart(4)} ${names.get(tid) ?? ""}`;
    const own = events[current]?.tid === tid;
    return [
      { text: `${fitWidth(label, LABEL - 1, glyphs.ellipsis)} `, tone: own ? "strong" : "plain" },
      ...joinCells(cells[row] ?? []),
    ];
  });
}

/** The whole run as one bar: the pages' ends, and the cursor. */
function barLine(input: TimelineInput): Line {
  const { events, position, glyphs } = input;
  const columns = timelineColumns(input.width);
  const place = (at: number): number =>
    events.length === 0 ? 0 : Math.round((at / events.length) * (columns - 1));
  const cells: Cell[] = Array.from({ length: columns }, (_, column) => ({
    glyph: glyphs.horizontal,
    tone: column <= place(position) ? undefined : "dim",
  }));
  for (const end of input.pageEnds) cells[place(end)] = { glyph: glyphs.pageEnd, tone: "info" };
  cells[place(position)] = { glyph: glyphs.here, tone: "focus" };
  const label = input.pageEnds.length > 0 ? `  step ends ${glyphs.pageEnd}` : "   whole run";
  return [{ text: fitWidth(label, LABEL), tone: "dim" }, ...joinCells(cells)];
}

/** An event in words; those around the cursor's are told dim. */
function wordsLine(input: TimelineInput, position: number): Line {
  const event = input.events[position - 1];
  const here = position === input.position;
  if (event === undefined) return here ? [{ text: "before the first event", tone: "dim" }] : [];
  const comm = input.index.at(input.position).tasks.get(event.tid)?.comm ?? "";
  const who = event.tid === 0 ? "machine" : `${event.tid} ${comm}`.trimEnd();
  const count = String(input.events.length);
  return [
    { text: `event ${String(position).padStart(count.length)}/${count}  `, tone: "dim" },
    { text: `${(event.t / 1e6).toFixed(3)} ms  `, tone: "dim" },
    { text: `${who}: `, tone: here ? "strong" : "dim" },
    {
      text: printable(describeEvent(event)),
      tone: here ? (MARK_TONES[markOf(event)] ?? "plain") : "dim",
    },
  ];
}

/** The cursor's event; where there is room, the ones before and after it too. */
function wordsLines(input: TimelineInput): Line[] {
  const { position, height } = input;
  const told = height >= ROOMY_ROWS ? [position - 1, position, position + 1] : [position];
  return told.map((at) => wordsLine(input, at));
}

export function timelineLines(input: TimelineInput): readonly Line[] {
  const words = wordsLines(input);
  const rows = Math.max(1, input.height - words.length - 1);
  const lanes: Line[] =
    input.events.length === 0
      ? [[{ text: "nothing has happened yet", tone: "dim" }]]
      : laneLines(input, rows);
  const filler = Array.from({ length: Math.max(0, rows - lanes.length) }, (): Line => []);
  return [...lanes, ...filler, barLine(input), ...words];
}

const LANDMARKS: ReadonlySet<Mark> = new Set([
  "boot",
  "born",
  "exec",
  "exit",
  "signal",
  "stop",
  "attach",
  "probe",
  "callback",
  "oops",
  "module",
]);

/** The position after the next landmark before or after `position`; the log's border without one. */
export function landmarkFrom(
  events: readonly KernelEvent[],
  position: number,
  direction: 1 | -1,
): number {
  for (
    let index = position - 1 + direction;
    index >= 0 && index < events.length;
    index += direction
  ) {
    const event = events[index];
    if (event !== undefined && LANDMARKS.has(markOf(event))) return index + 1;
  }
  return direction === 1 ? events.length : 0;
}
