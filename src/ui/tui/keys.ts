/**
 * Every key of the TUI in one table: what it does, the words of the help overlay, and when it does
 * not work and why. The status line's hints and the overlay are printed from this table.
 */
import type { PaneName } from "./layout.ts";

export type Action =
  | "up"
  | "down"
  | "open"
  | "quit"
  | "next"
  | "back"
  | "event-back"
  | "event-on"
  | "screen-back"
  | "screen-on"
  | "mark-back"
  | "mark-on"
  | "start"
  | "end"
  | "pane-next"
  | "pane-back"
  | "zoom"
  | "type"
  | "answer"
  | "help"
  | "leave";

/** What decides whether a key works. */
export interface KeyContext {
  readonly place: "chooser" | "player" | "help" | "typing";
  readonly hasStory: boolean;
  readonly busy: boolean;
  /** An unanswered prediction is on the page. */
  readonly asking: boolean;
  readonly choices: number;
  /** More of the page is below what is in view. */
  readonly unread: () => boolean;
  readonly firstPage: boolean;
  readonly lastPage: boolean;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly canScroll: () => boolean;
  /** Why the machine takes no input, or "". */
  readonly stopped: string;
  readonly focus: PaneName;
}

export interface KeyRow {
  readonly keys: readonly string[];
  /** As help and hints print it. */
  readonly label: string;
  readonly action: Action;
  /** Empty for the second key of a pair. */
  readonly help: string;
  /** A word or two for the status line; absent: only in the help. */
  readonly hint?: string;
  /** The hint may be left out where there is no room for it. */
  readonly spare?: true;
  /** Another key does the opposite: its row is told of in this one's help, by this label. */
  readonly pair?: string;
  readonly places: readonly KeyContext["place"][];
  /** Why the key does nothing now, or undefined when it works. */
  readonly refuse?: (context: KeyContext) => string | undefined;
}

const when = (condition: boolean, reason: string): string | undefined =>
  condition ? reason : undefined;

const atStart = (c: KeyContext): string | undefined =>
  when(c.atStart, "the cursor is at the first event already");
const atEnd = (c: KeyContext): string | undefined =>
  when(c.atEnd, "the cursor is at the newest event: nothing has happened after it yet");

function refuseNext(c: KeyContext): string | undefined {
  if (!c.hasStory) return "there is no scenario here: press Enter and type into the console";
  if (c.busy) return "the machine is still running this step";
  if (c.unread()) return undefined;
  if (c.asking) return `make a prediction first: 1 to ${c.choices}, or up, down and Enter`;
  if (c.lastPage) return "this was the last step: b goes back, Esc leaves";
  return undefined;
}

function refuseBack(c: KeyContext): string | undefined {
  if (!c.hasStory) return "there is no scenario here: Left goes back one event";
  if (c.busy) return "the machine is still running this step";
  return when(c.firstPage, "this is the first step");
}

function refuseScroll(c: KeyContext): string | undefined {
  const picking = c.asking && c.focus === "story";
  return when(!picking && !c.canScroll(), `all of ${c.focus} is in view`);
}

function refuseTyping(c: KeyContext): string | undefined {
  if (c.stopped !== "") return c.stopped;
  return when(c.busy, "the machine is busy: wait until it asks for input");
}

/** The table. Earlier rows win, so a key may mean different things in different places. */
export const KEYS: readonly KeyRow[] = [
  {
    keys: ["up"],
    label: "↑",
    pair: "↑↓",
    action: "up",
    help: "choose a scenario",
    hint: "choose",
    places: ["chooser"],
  },
  {
    keys: ["down"],
    label: "↓",
    action: "down",
    help: "",
    places: ["chooser"],
  },
  {
    keys: ["return"],
    label: "Enter",
    action: "open",
    help: "open it",
    hint: "open",
    places: ["chooser"],
  },
  {
    keys: ["q"],
    label: "q",
    action: "quit",
    help: "quit quicksand",
    hint: "quit",
    places: ["chooser"],
  },
  {
    keys: ["space"],
    label: "Space",
    action: "next",
    help: "read on; then do the step: its commands are typed and run",
    hint: "next",
    places: ["player"],
    refuse: refuseNext,
  },
  {
    keys: ["b"],
    label: "b",
    action: "back",
    help: "back one step; nothing is run again",
    hint: "back",
    places: ["player"],
    refuse: refuseBack,
  },
  {
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    label: "1-9",
    action: "answer",
    help: "choose an answer when a prediction is asked",
    places: ["player"],
    refuse: (c) => {
      if (!c.asking) return "there is no question on this page";
      return undefined;
    },
  },
  {
    keys: ["left"],
    label: "←",
    action: "event-back",
    pair: "←→",
    help: "one event back or on",
    hint: "time",
    spare: true,
    places: ["player"],
    refuse: atStart,
  },
  {
    keys: ["right"],
    label: "→",
    action: "event-on",
    help: "",
    places: ["player"],
    refuse: atEnd,
  },
  {
    keys: ["p"],
    label: "p",
    action: "mark-back",
    pair: "p n",
    help: "back or on to a stop, signal, callback, start, death or oops",
    places: ["player"],
    refuse: atStart,
  },
  {
    keys: ["n"],
    label: "n",
    action: "mark-on",
    help: "",
    places: ["player"],
    refuse: atEnd,
  },
  {
    keys: ["pageup"],
    label: "PgUp",
    action: "screen-back",
    pair: "PgUp PgDn",
    help: "a timeline's width back or on",
    places: ["player"],
    refuse: atStart,
  },
  {
    keys: ["pagedown"],
    label: "PgDn",
    action: "screen-on",
    help: "",
    places: ["player"],
    refuse: atEnd,
  },
  {
    keys: ["home"],
    label: "Home",
    action: "start",
    pair: "Home End",
    help: "to the first event, to the newest event",
    places: ["player"],
    refuse: atStart,
  },
  {
    keys: ["end"],
    label: "End",
    action: "end",
    help: "",
    places: ["player"],
    refuse: atEnd,
  },
  {
    keys: ["up"],
    label: "↑",
    action: "up",
    pair: "↑↓",
    help: "scroll the pane that the pointer is on, or choose an answer",
    places: ["player"],
    refuse: refuseScroll,
  },
  {
    keys: ["down"],
    label: "↓",
    action: "down",
    help: "",
    places: ["player"],
    refuse: refuseScroll,
  },
  {
    keys: ["tab"],
    label: "Tab",
    action: "pane-next",
    pair: "Tab",
    help: "move the pointer to the next pane; Shift-Tab to the one before",
    hint: "pane",
    spare: true,
    places: ["player"],
  },
  {
    keys: ["shift-tab"],
    label: "Shift-Tab",
    action: "pane-back",
    help: "",
    places: ["player"],
  },
  {
    keys: ["z"],
    label: "z",
    action: "zoom",
    help: "give that pane the whole width, and back",
    hint: "zoom",
    spare: true,
    places: ["player"],
  },
  {
    keys: ["return"],
    label: "Enter",
    action: "type",
    help: "type into the machine's console, or take the choice pointed at",
    hint: "type",
    places: ["player"],
    refuse: (c) => (c.asking && c.focus === "story" ? undefined : refuseTyping(c)),
  },
  {
    keys: ["?"],
    label: "?",
    action: "help",
    help: "these keys",
    hint: "keys",
    places: ["chooser", "player"],
  },
  {
    keys: ["escape"],
    label: "Esc",
    action: "leave",
    help: "leave: this help, typing, the scenario; in the list, quicksand",
    hint: "leave",
    places: ["chooser", "player", "help"],
  },
  {
    keys: ["ctrl-c"],
    label: "Ctrl-C",
    action: "quit",
    help: "quit quicksand; while you type it goes to the machine",
    places: ["chooser", "player", "help"],
  },
  {
    keys: ["?", "q", "return", "space"],
    label: "?",
    action: "leave",
    help: "close this help",
    places: ["help"],
  },
];

const ARROWS: Readonly<Record<string, string>> = {
  "↑↓": "Up/Down",
  "←→": "Left/Right",
};

/** A row's label: arrows are spelt out for terminals without them. */
export function labelOf(row: KeyRow, ascii: boolean): string {
  const label = row.pair ?? row.label;
  return ascii ? (ARROWS[label] ?? label) : label;
}

/** What a key press comes to. */
export type KeyOutcome =
  | { readonly kind: "action"; readonly action: Action; readonly key: string }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unknown" };

/** Looks `key` up where the user is. */
export function lookUpKey(key: string, context: KeyContext): KeyOutcome {
  const row = KEYS.find((one) => one.keys.includes(key) && one.places.includes(context.place));
  if (row === undefined) return { kind: "unknown" };
  const reason = row.refuse?.(context);
  return reason === undefined
    ? { kind: "action", action: row.action, key }
    : { kind: "refused", reason };
}

/** Rows to tell about in a place; the second of a pair is told of by the first. */
export const rowsFor = (place: KeyContext["place"]): readonly KeyRow[] =>
  KEYS.filter((row) => row.places.includes(place) && row.help !== "");

/** The parts of ink's key record that name a key. */
export interface InkKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageDown: boolean;
  readonly pageUp: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
}

const NAMED: readonly (readonly [keyof InkKey, string])[] = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "return"],
  ["escape", "escape"],
  ["backspace", "backspace"],
  ["delete", "delete"],
];

/** ink's press as the table's key names; pasted text is one name a character. */
export function keyNames(input: string, key: InkKey): readonly string[] {
  if (key.tab) return [key.shift ? "shift-tab" : "tab"];
  const named = NAMED.find(([flag]) => key[flag]);
  if (named !== undefined) return [named[1]];
  if (key.ctrl) return [`ctrl-${input}`];
  return Array.from(input, nameOfCharacter);
}

const CHARACTERS: Readonly<Record<string, string>> = {
  " ": "space",
  "\r": "return",
  "\n": "return",
  "\t": "tab",
  "\x7f": "backspace",
};

/** Keys that come in one piece are characters to ink, control characters among them. */
function nameOfCharacter(character: string): string {
  const known = CHARACTERS[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  return code > 0 && code < 27 ? `ctrl-${String.fromCharCode(code + 96)}` : character;
}

const TTY_BYTES: Readonly<Record<string, string>> = {
  return: "\n",
  backspace: "\x7f",
  delete: "\x7f",
  tab: "\t",
  space: " ",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
};

/** What a terminal sends to the machine for a key; "" for keys that it does not pass on. */
export function ttyBytes(key: string): string {
  const known = TTY_BYTES[key];
  if (known !== undefined) return known;
  const control = /^ctrl-([a-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 96);
  return Array.from(key).length === 1 ? key : "";
}
