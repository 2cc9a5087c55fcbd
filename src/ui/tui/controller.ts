/**
 * What a key press does. It looks the key up in the table, then changes the UI's state or asks the
 * driver to act; it holds nothing that is shown.
 */
import { type Action, type KeyContext, lookUpKey, ttyBytes } from "./keys.ts";
import { PANES, type PaneName, type ScreenLayout } from "./layout.ts";
import { moveBy, moveTo } from "./model/cursor.ts";
import { isPlayed } from "./model/pages.ts";
import { INITIAL_UI, type UiChange, type UiState } from "./model/ui-state.ts";
import { BORDER } from "./panes/frame.tsx";
import { landmarkFrom, timelineColumns } from "./panes/timeline-lines.ts";
import type { ScenarioSummary } from "./screens/chooser.tsx";
import { paneText } from "./screens/player.tsx";
import { type OpenedSession, SessionDriver } from "./session-driver.ts";
import type { Theme } from "./theme.ts";

export interface ControllerParts {
  readonly scenarios: readonly ScenarioSummary[];
  readonly openSession: (name: string | undefined) => Promise<OpenedSession | string>;
  readonly theme: Theme;
  readonly change: (change: UiChange) => void;
  readonly setDriver: (driver: SessionDriver | undefined) => void;
  readonly exit: () => void;
}

const NO_LAYOUT: ScreenLayout = { fits: false, columns: 0, rows: 0, slots: [] };

/** Blocks that the source pane shows. */
const SHOWN: ReadonlySet<string | undefined> = new Set(["patch", "source", "file"]);

export class Controller {
  readonly #parts: ControllerParts;
  #ui: UiState = INITIAL_UI;
  #driver: SessionDriver | undefined;
  #layout: ScreenLayout = NO_LAYOUT;
  #opening = false;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** What the last render showed: key presses are about that. */
  see(ui: UiState, driver: SessionDriver | undefined, layout: ScreenLayout): void {
    this.#ui = ui;
    this.#driver = driver;
    this.#layout = layout;
  }

  context(): KeyContext {
    if (this.#ui.help) return { ...this.contextBelowHelp(), place: "help" };
    return this.#ui.typing
      ? { ...this.contextBelowHelp(), place: "typing" }
      : this.contextBelowHelp();
  }

  contextBelowHelp(): KeyContext {
    const ui = this.#ui;
    const driver = this.#driver;
    const block = driver?.pages[ui.page]?.block;
    const asking = block?.kind === "predict" && ui.answers[ui.page] === undefined;
    const focus = ui.recent[0] ?? "console";
    return {
      place: ui.screen,
      hasStory: (driver?.pages.length ?? 0) > 0,
      busy: this.#opening || (driver?.busy ?? false),
      asking,
      choices: block?.kind === "predict" ? block.choices.length : 0,
      firstPage: ui.page === 0,
      lastPage: ui.page >= (driver?.pages.length ?? 0) - 1 && block === undefined,
      atStart: ui.cursor.position === 0,
      atEnd: ui.cursor.position >= (driver?.length ?? 0),
      canScroll: () => this.#canScroll(focus),
      stopped: driver?.stopped ?? "",
      focus,
    };
  }

  press(key: string): void {
    if (this.#ui.typing) {
      this.#typeKey(key);
      return;
    }
    if (key === "ctrl-c") {
      this.#quit();
      return;
    }
    if (!this.#layout.fits && key === "escape") {
      this.#quit();
      return;
    }
    const outcome = lookUpKey(key, this.context());
    if (outcome.kind === "action") this.#perform(outcome.action, key);
    else if (outcome.kind === "refused") this.#say(outcome.reason);
    else if (this.#ui.screen === "player")
      this.#say("this key does nothing here: ? shows the keys");
  }

  async open(name: string | undefined): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    this.#say("making the machine...");
    const session = await this.#parts.openSession(name);
    this.#opening = false;
    if (typeof session === "string") {
      this.#say(session);
      return;
    }
    const driver = new SessionDriver(session);
    this.#parts.setDriver(driver);
    this.#change({ kind: "open", focus: driver.pages.length > 0 ? "story" : "console" });
    await driver.start();
    if (driver.pages.length > 0) await this.#arrive(driver, 0);
    else if (driver.failure === "")
      this.#change({ kind: "typing", on: true, length: driver.length });
  }

  #perform(action: Action, key: string): void {
    const { screen } = this.#ui;
    if (screen === "chooser" && (action === "up" || action === "down")) this.#select(action);
    else this.#actions[action]?.(key);
  }

  readonly #actions: { readonly [A in Action]: (key: string) => void } = {
    open: () => void this.open(this.#parts.scenarios[this.#ui.selected]?.name),
    quit: () => this.#quit(),
    leave: () => this.#leave(),
    help: () => this.#change({ kind: "help", shown: true }),
    next: () => void this.#next(),
    back: () => this.#back(),
    "event-back": () => this.#moveBy(-1),
    "event-on": () => this.#moveBy(1),
    "screen-back": () => this.#moveBy(-this.#timelineColumns()),
    "screen-on": () => this.#moveBy(this.#timelineColumns()),
    "mark-back": () => this.#toLandmark(-1),
    "mark-on": () => this.#toLandmark(1),
    start: () => this.#moveTo(0),
    end: () => this.#moveTo(this.#driver?.length ?? 0),
    up: () => this.#upDown(-1),
    down: () => this.#upDown(1),
    "pane-next": () => this.#cyclePane(1),
    "pane-back": () => this.#cyclePane(-1),
    answer: (key) => this.#answer(Number(key) - 1),
    type: () => {
      if (this.context().asking) this.#answer(this.#ui.pick);
      else this.#change({ kind: "typing", on: true, length: this.#driver?.length ?? 0 });
    },
  };

  #change(change: UiChange): void {
    this.#parts.change(change);
  }

  #say(text: string): void {
    this.#change({ kind: "notice", text });
  }

  #quit(): void {
    this.#driver?.close();
    this.#parts.exit();
  }

  #leave(): void {
    if (this.#ui.help) this.#change({ kind: "help", shown: false });
    else if (this.#ui.screen === "player") {
      this.#driver?.close();
      this.#parts.setDriver(undefined);
      this.#change({ kind: "close" });
    } else this.#quit();
  }

  #select(action: "up" | "down"): void {
    const entries = this.#parts.scenarios.length + 1;
    const by = action === "up" ? entries - 1 : 1;
    this.#change({ kind: "select", selected: (this.#ui.selected + by) % entries });
  }

  async #next(): Promise<void> {
    const driver = this.#driver;
    const { page } = this.#ui;
    if (driver === undefined) return;
    const kind = driver.pages[page]?.block?.kind;
    if (SHOWN.has(kind) && !this.#isInView("source")) {
      this.#change({ kind: "show", pane: "source" });
      return;
    }
    const ahead = isPlayed(driver.pages[page] ?? NO_PAGE, driver.session.player?.results ?? []);
    if (!ahead) {
      this.#moveTo(driver.length);
      this.#showConsoleFor(driver, page);
      if (!(await driver.play(page))) return;
    }
    if (page + 1 < driver.pages.length) await this.#arrive(driver, page + 1);
    else if (ahead) this.#say("this was the last step: b goes back, Esc leaves");
  }

  /** Turns to a page; a patch or a source on it is looked up at once, since that runs nothing. */
  async #arrive(driver: SessionDriver, page: number): Promise<void> {
    const kind = driver.pages[page]?.block?.kind;
    if (kind === "patch" || kind === "source") await driver.play(page);
    if (driver !== this.#driver && this.#driver !== undefined) return;
    const position = driver.positionBefore(page);
    this.#change({ kind: "turn", page, position, length: driver.length });
    // Where console and source share a place, the output just made stays until the reader goes on.
    const hides = driver.pages[page - 1]?.block?.kind === "console" && this.#sharesPlace();
    if (SHOWN.has(kind) && !hides) this.#change({ kind: "show", pane: "source" });
  }

  #isInView(pane: PaneName): boolean {
    return this.#layout.slots.some((slot) => slot.pane === pane);
  }

  /** Whether the source pane would cover the console. */
  #sharesPlace(): boolean {
    return this.#layout.slots.some(
      ({ shares }) => shares.includes("console") && shares.includes("source"),
    );
  }

  #showConsoleFor(driver: SessionDriver, page: number): void {
    if (driver.pages[page]?.block?.kind === "console")
      this.#change({ kind: "show", pane: "console" });
  }

  #back(): void {
    const driver = this.#driver;
    const page = this.#ui.page - 1;
    if (driver === undefined || page < 0) return;
    const position = driver.positionBefore(page);
    this.#change({ kind: "turn", page, position, length: driver.length });
    const kind = driver.pages[page]?.block?.kind;
    const pane = kind === "console" ? "console" : kind === "predict" ? undefined : "source";
    if (pane !== undefined) this.#change({ kind: "show", pane });
  }

  #moveTo(position: number): void {
    this.#change({ kind: "cursor", cursor: moveTo(position, this.#driver?.length ?? 0) });
  }

  #moveBy(by: number): void {
    const cursor = moveBy(this.#ui.cursor, by, this.#driver?.length ?? 0);
    this.#change({ kind: "cursor", cursor });
  }

  #toLandmark(direction: 1 | -1): void {
    const events = this.#driver?.session.client.events ?? [];
    this.#moveTo(landmarkFrom(events, this.#ui.cursor.position, direction));
  }

  #timelineColumns(): number {
    const slot = this.#layout.slots.find(({ pane }) => pane === "timeline");
    return timelineColumns((slot?.rect.width ?? 80) - BORDER - 2);
  }

  #answer(choice: number): void {
    const { page } = this.#ui;
    if (choice >= this.context().choices) {
      this.#say(`there are ${this.context().choices} choices`);
      return;
    }
    this.#change({ kind: "answer", page, choice });
    void this.#next();
  }

  #upDown(by: 1 | -1): void {
    const context = this.context();
    if (context.asking) {
      const choice = (this.#ui.pick + by + context.choices) % context.choices;
      this.#change({ kind: "pick", choice });
      return;
    }
    this.#scroll(context.focus, by);
  }

  /** Scrolling counts away from the pane's natural place: its end for console and log. */
  #scroll(pane: PaneName, by: 1 | -1): void {
    const text = this.#textOf(pane);
    if (text === undefined) return;
    if (by < 0 && text.above === 0) this.#say(`this is the top of ${pane}`);
    else if (by > 0 && text.below === 0) this.#say(`this is the end of ${pane}`);
    else {
      const away = pane === "console" || pane === "log" ? -by : by;
      this.#change({ kind: "scroll", pane, to: (this.#ui.scroll[pane] ?? 0) + away });
    }
  }

  #textOf(pane: PaneName): ReturnType<typeof paneText> | undefined {
    const slot = this.#layout.slots.find((one) => one.pane === pane);
    if (this.#driver === undefined || slot === undefined) return undefined;
    return paneText(
      { ui: this.#ui, driver: this.#driver, theme: this.#parts.theme, layout: this.#layout },
      slot,
    );
  }

  #canScroll(pane: PaneName): boolean {
    const text = this.#textOf(pane);
    return text !== undefined && (text.above > 0 || text.below > 0);
  }

  #cyclePane(by: 1 | -1): void {
    const panes = PANES.filter((pane) => pane !== "story" || (this.#driver?.pages.length ?? 0) > 0);
    const at = panes.indexOf(this.#ui.recent[0] ?? "console");
    const pane = panes[(at + by + panes.length) % panes.length];
    if (pane !== undefined) this.#change({ kind: "focus", pane });
  }

  #typeKey(key: string): void {
    const driver = this.#driver;
    if (key === "escape" || driver === undefined) {
      this.#change({ kind: "typing", on: false, length: driver?.length ?? 0 });
      return;
    }
    if (driver.stopped !== "") {
      this.#change({ kind: "typing", on: false, length: driver.length });
      this.#say(driver.stopped);
      return;
    }
    const bytes = ttyBytes(key);
    if (bytes !== "") void driver.type(bytes);
  }
}

const NO_PAGE = {
  markdown: "",
  block: undefined,
  firstStep: 0,
  endStep: 0,
  reveals: undefined,
  askedOn: -1,
};
