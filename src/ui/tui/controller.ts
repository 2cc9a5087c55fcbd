/**
 * What a key press does. It looks the key up in the table, then changes the UI's state or asks the
 * driver to act; it holds nothing that is shown. Keys pressed while a machine is being made wait for
 * it, but for Esc and Ctrl-C.
 */
import { type Action, type KeyContext, lookUpKey, ttyBytes } from "./keys.ts";
import { PANES, type PaneName } from "./layout.ts";
import { moveBy, moveTo } from "./model/cursor.ts";
import { isPlayed } from "./model/pages.ts";
import type { UiChange } from "./model/ui-state.ts";
import { BORDER } from "./panes/frame.tsx";
import { landmarkFrom, timelineColumns } from "./panes/timeline-lines.ts";
import type { ScenarioSummary } from "./screens/chooser.tsx";
import { paneText } from "./screens/player.tsx";
import { type OpenedSession, SessionDriver } from "./session-driver.ts";
import type { Theme } from "./theme.ts";
import type { UiStore } from "./ui-store.ts";

export interface ControllerParts {
  readonly scenarios: readonly ScenarioSummary[];
  readonly openSession: (name: string | undefined) => Promise<OpenedSession | string>;
  readonly theme: Theme;
  readonly store: UiStore;
  readonly exit: () => void;
}

/** Blocks that the source pane shows. */
const SHOWN: ReadonlySet<string | undefined> = new Set(["patch", "source", "file"]);

/** Keys that wait for a machine; more are a cat on the keyboard. */
const AHEAD_MAX = 64;

export class Controller {
  readonly #parts: ControllerParts;
  readonly #store: UiStore;
  /** The key before was a digit that answered: an Enter behind it belongs to the answer. */
  #answered = false;
  /** Keys pressed while a machine was being made; undefined when none is. */
  #ahead: string[] | undefined;
  #making = false;
  /** Raised by each opening and leaving: an opening that finds another number has been left. */
  #visit = 0;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.#store = parts.store;
  }

  context(): KeyContext {
    const below = this.contextBelowHelp();
    const { help, typing } = this.#store.ui;
    return help ? { ...below, place: "help" } : typing ? { ...below, place: "typing" } : below;
  }

  contextBelowHelp(): KeyContext {
    const { ui, driver } = this.#store;
    const block = driver?.pages[ui.page]?.block;
    const asking = block?.kind === "predict" && ui.answers[ui.page] === undefined;
    const focus = ui.recent[0] ?? "console";
    return {
      place: ui.screen,
      hasStory: (driver?.pages.length ?? 0) > 0,
      busy: this.#making || (driver?.busy ?? false),
      asking,
      choices: block?.kind === "predict" ? block.choices.length : 0,
      unread: () => this.#unreadLines() > 0,
      firstPage: ui.page === 0,
      lastPage: ui.page >= (driver?.pages.length ?? 0) - 1 && block === undefined,
      atStart: ui.cursor.position === 0,
      atEnd: ui.cursor.position >= (driver?.length ?? 0),
      canScroll: () => this.#canScroll(focus),
      stopped: driver?.stopped ?? "",
      focus,
    };
  }

  /** Keys that came in one piece act one after the other. */
  press(...keys: readonly string[]): void {
    for (const key of keys) {
      const ahead = this.#ahead;
      if (key === "escape") ahead?.splice(0);
      if (ahead === undefined || key === "escape" || key === "ctrl-c") {
        if (keys.length > 1) this.#ahead ??= [];
        void this.#handle(key).then(() => this.#drain(this.#visit));
      } else if (ahead.length < AHEAD_MAX) ahead.push(key);
    }
  }

  /** Lets the keys that wait act, until there are none or the place has been left. */
  async #drain(visit: number): Promise<void> {
    while (visit === this.#visit && !this.#making) {
      const key = this.#ahead?.shift();
      if (key === undefined) {
        this.#ahead = undefined;
        return;
      }
      await this.#handle(key);
    }
  }

  async open(name: string | undefined): Promise<void> {
    if (this.#making) return;
    const visit = ++this.#visit;
    this.#making = true;
    this.#ahead ??= [];
    this.#say("making the machine...");
    const session = await this.#parts.openSession(name);
    const left = visit !== this.#visit;
    if (typeof session === "string") {
      if (left) return;
      this.#endMaking();
      this.#ahead = undefined;
      this.#say(session);
    } else if (left) session.client.abandon();
    else await this.#start(new SessionDriver(session), visit);
  }

  async #start(driver: SessionDriver, visit: number): Promise<void> {
    this.#store.setDriver(driver);
    this.#change({ kind: "open", focus: driver.pages.length > 0 ? "story" : "console" });
    await driver.start();
    if (visit !== this.#visit) return;
    this.#endMaking();
    if (driver.pages.length > 0) await this.#arrive(driver, 0);
    else if (driver.failure === "")
      this.#change({ kind: "typing", on: true, length: driver.length });
    await this.#drain(visit);
  }

  #endMaking(): void {
    this.#making = false;
    this.#change({ kind: "notice", text: "" });
  }

  async #handle(key: string): Promise<void> {
    const answered = this.#answered;
    this.#answered = false;
    if (!this.#store.layout.fits && (key === "escape" || key === "ctrl-c")) this.#quit();
    else if (this.#store.ui.typing) this.#typeKey(key);
    else if (answered && key === "return") this.#say("the answer is taken: Space goes on");
    else {
      const outcome = lookUpKey(key, this.context());
      if (outcome.kind === "action") await this.#perform(outcome.action, key);
      else if (outcome.kind === "refused") this.#say(outcome.reason);
      else this.#say("this key does nothing here: ? shows the keys");
    }
  }

  async #perform(action: Action, key: string): Promise<void> {
    if (this.#store.ui.screen === "chooser" && (action === "up" || action === "down"))
      this.#select(action);
    else await this.#actions[action](key);
  }

  readonly #actions: { readonly [A in Action]: (key: string) => void | Promise<void> } = {
    open: () => void this.open(this.#parts.scenarios[this.#store.ui.selected]?.name),
    quit: () => this.#quit(),
    leave: () => this.#leave(),
    help: () => this.#change({ kind: "help", shown: true }),
    next: () => this.#next(),
    back: () => this.#back(),
    "event-back": () => this.#moveBy(-1),
    "event-on": () => this.#moveBy(1),
    "screen-back": () => this.#moveBy(-this.#timelineColumns()),
    "screen-on": () => this.#moveBy(this.#timelineColumns()),
    "mark-back": () => this.#toLandmark(-1),
    "mark-on": () => this.#toLandmark(1),
    start: () => this.#moveTo(0),
    end: () => this.#moveTo(this.#store.driver?.length ?? 0),
    up: () => this.#upDown(-1),
    down: () => this.#upDown(1),
    "pane-next": () => this.#cyclePane(1),
    "pane-back": () => this.#cyclePane(-1),
    zoom: () => this.#change({ kind: "zoom", on: !this.#store.ui.zoomed }),
    answer: async (key) => {
      await this.#answer(Number(key) - 1);
      this.#answered = true;
    },
    type: () => this.#enter(),
  };

  async #enter(): Promise<void> {
    const { ui, driver } = this.#store;
    if (this.#isPicking()) await this.#answer(ui.pick);
    else this.#change({ kind: "typing", on: true, length: driver?.length ?? 0 });
  }

  #change(change: UiChange): void {
    this.#store.change(change);
  }

  #say(text: string): void {
    this.#change({ kind: "notice", text });
  }

  #quit(): void {
    this.#visit++;
    this.#store.driver?.close();
    this.#parts.exit();
  }

  #leave(): void {
    const { ui, driver } = this.#store;
    if (ui.help) this.#change({ kind: "help", shown: false });
    else if (ui.screen === "player" || this.#making) {
      this.#visit++;
      this.#ahead = undefined;
      this.#making = false;
      driver?.close();
      this.#store.setDriver(undefined);
      this.#change({ kind: "close" });
    } else this.#quit();
  }

  #select(action: "up" | "down"): void {
    const entries = this.#parts.scenarios.length + 1;
    const by = action === "up" ? entries - 1 : 1;
    this.#change({ kind: "select", selected: (this.#store.ui.selected + by) % entries });
  }

  async #next(): Promise<void> {
    const unread = this.#unreadLines();
    if (unread > 0) {
      const rows = Math.max(1, (this.#textOf("story")?.rows ?? 2) - 1);
      const to = (this.#store.ui.scroll.story ?? 0) + Math.min(unread, rows);
      this.#change({ kind: "scroll", pane: "story", to });
    } else await this.#goOn();
  }

  /** Carries out what is on the page, and turns it. */
  async #goOn(): Promise<void> {
    const { driver, ui } = this.#store;
    const { page } = ui;
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

  /** Lines of the story's newest page below what is in view. */
  #unreadLines(): number {
    const { ui } = this.#store;
    return ui.page === ui.furthest ? (this.#textOf("story")?.below ?? 0) : 0;
  }

  /** Turns to a page; a patch or a source on it is looked up at once, since that runs nothing. */
  async #arrive(driver: SessionDriver, page: number): Promise<void> {
    const kind = driver.pages[page]?.block?.kind;
    if (kind === "patch" || kind === "source") await driver.play(page);
    if (driver !== this.#store.driver) return;
    const position = driver.positionBefore(page);
    this.#change({ kind: "turn", page, position, length: driver.length });
    // Where console and source share a place, the output just made stays until the reader goes on.
    const hides = driver.pages[page - 1]?.block?.kind === "console" && this.#sharesPlace();
    if (SHOWN.has(kind) && !hides) this.#change({ kind: "show", pane: "source" });
  }

  #isInView(pane: PaneName): boolean {
    return this.#store.layout.slots.some((slot) => slot.pane === pane);
  }

  /** Whether the source pane would cover the console. */
  #sharesPlace(): boolean {
    return this.#store.layout.slots.some(
      ({ shares }) => shares.includes("console") && shares.includes("source"),
    );
  }

  #showConsoleFor(driver: SessionDriver, page: number): void {
    if (driver.pages[page]?.block?.kind === "console")
      this.#change({ kind: "show", pane: "console" });
  }

  #back(): void {
    const { driver, ui } = this.#store;
    const page = ui.page - 1;
    if (driver === undefined || page < 0) return;
    const position = driver.positionBefore(page);
    this.#change({ kind: "turn", page, position, length: driver.length });
    const kind = driver.pages[page]?.block?.kind;
    const pane = kind === "console" ? "console" : kind === "predict" ? undefined : "source";
    if (pane !== undefined) this.#change({ kind: "show", pane });
  }

  #moveTo(position: number): void {
    this.#change({ kind: "cursor", cursor: moveTo(position, this.#store.driver?.length ?? 0) });
  }

  #moveBy(by: number): void {
    const cursor = moveBy(this.#store.ui.cursor, by, this.#store.driver?.length ?? 0);
    this.#change({ kind: "cursor", cursor });
  }

  #toLandmark(direction: 1 | -1): void {
    const events = this.#store.driver?.session.client.events ?? [];
    this.#moveTo(landmarkFrom(events, this.#store.ui.cursor.position, direction));
  }

  #timelineColumns(): number {
    const slot = this.#store.layout.slots.find(({ pane }) => pane === "timeline");
    return timelineColumns((slot?.rect.width ?? 80) - BORDER - 2);
  }

  async #answer(choice: number): Promise<void> {
    const { page } = this.#store.ui;
    const { choices } = this.contextBelowHelp();
    if (choice >= choices) {
      this.#say(`there are ${choices} choices`);
      return;
    }
    this.#change({ kind: "answer", page, choice });
    // Whoever answers has read what they wanted to read.
    await this.#goOn();
  }

  /** The reader stands in the story, at a question: arrows choose, Enter answers. */
  #isPicking(): boolean {
    const { asking, focus } = this.contextBelowHelp();
    return asking && focus === "story";
  }

  /** At a question the arrows go through the text, then through its choices. */
  #upDown(by: 1 | -1): void {
    const { pick } = this.#store.ui;
    const { choices, focus } = this.contextBelowHelp();
    const inText = by > 0 ? (this.#textOf("story")?.below ?? 0) > 0 : pick === 0;
    if (this.#isPicking() && !inText) {
      this.#change({ kind: "pick", choice: Math.min(pick + by, choices - 1) });
    } else this.#scroll(focus, by);
  }

  /** Scrolling counts away from the pane's natural place: its end for console and log. */
  #scroll(pane: PaneName, by: 1 | -1): void {
    const text = this.#textOf(pane);
    if (text === undefined) return;
    if (by < 0 && text.above === 0) this.#say(`this is the top of ${pane}`);
    else if (by > 0 && text.below === 0) this.#say(`this is the end of ${pane}`);
    else {
      const away = pane === "console" || pane === "log" ? -by : by;
      this.#change({ kind: "scroll", pane, to: (this.#store.ui.scroll[pane] ?? 0) + away });
    }
  }

  #textOf(pane: PaneName): ReturnType<typeof paneText> | undefined {
    const { ui, driver, layout } = this.#store;
    const slot = layout.slots.find((one) => one.pane === pane);
    if (driver === undefined || slot === undefined) return undefined;
    return paneText({ ui, driver, theme: this.#parts.theme, layout }, slot);
  }

  #canScroll(pane: PaneName): boolean {
    const text = this.#textOf(pane);
    return text !== undefined && (text.above > 0 || text.below > 0);
  }

  #cyclePane(by: 1 | -1): void {
    const { driver, ui } = this.#store;
    const panes = PANES.filter((pane) => pane !== "story" || (driver?.pages.length ?? 0) > 0);
    const at = panes.indexOf(ui.recent[0] ?? "console");
    const pane = panes[(at + by + panes.length) % panes.length];
    if (pane !== undefined) this.#change({ kind: "focus", pane });
  }

  #typeKey(key: string): void {
    const { driver } = this.#store;
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
