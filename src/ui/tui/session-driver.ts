/**
 * One opened machine as the TUI uses it: starts it, plays pages, passes on what is typed, and tells
 * React about news at most thirty times a second. It runs the machine only when asked to act; the
 * past is read from the events.
 */
import { formatDiagnostic } from "../diagnostic.ts";
import type { Reply, SessionClient } from "../host/client.ts";
import type { ScenarioPlayer } from "../scenario/player.ts";
import { FoldIndex } from "./fold-index.ts";
import { positionOf } from "./model/cursor.ts";
import { type Page, pagesOf } from "./model/pages.ts";

/** The part of a scenario player that the TUI needs. */
export type LessonPlayer = Pick<
  ScenarioPlayer,
  "scenario" | "steps" | "results" | "start" | "next" | "result"
>;

/** What opening a scenario or a shell gives. */
export interface OpenedSession {
  readonly title: string;
  readonly client: SessionClient;
  /** Absent in a free shell, which `release` and `seed` boot. */
  readonly player?: LessonPlayer;
  readonly release: string;
  readonly seed: number;
}

/** What stty(1) calls kill: takes back a line that has been typed and not sent. */
const KILL_LINE = "\x15";

/** Keys after which a line that was begun is no longer there: Enter, ^C, ^D, ^U, ^Z, ^\. */
const ENDS_LINE: ReadonlySet<string> = new Set([..."\r\n\x03\x04\x15\x1a\x1c"]);

/** Milliseconds between two looks at a machine that is running. */
const NEWS_MS = 33;

export class SessionDriver {
  readonly session: OpenedSession;
  readonly index: FoldIndex;
  readonly pages: readonly Page[];
  /** Raised at every change that a screen could show. */
  version = 0;
  busy = false;
  /** The machine was stopped after a long run that asked for no input. */
  restless = false;
  /** Why the session is over, or "". */
  failure = "";
  /** Length of the log when the machine had booted. */
  bootPosition = 0;
  readonly #listeners: Set<() => void> = new Set();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A run until the machine wants input is under way: keys go into it. */
  #runs = false;
  #closed = false;
  /** Somebody has begun to type a line, and has not sent it. */
  #lineBegun = false;

  constructor(session: OpenedSession) {
    this.session = session;
    this.index = new FoldIndex(session.client.events);
    this.pages = session.player === undefined ? [] : pagesOf(session.player.steps);
    session.client.on.on("events", this.#news);
    session.client.on.on("state", this.#news);
  }

  get length(): number {
    return this.session.client.events.length;
  }

  /** Why nothing can be typed, or "". */
  get stopped(): string {
    if (this.failure !== "") return "the session is over: Esc leaves";
    return this.session.client.state.status === "halted"
      ? "the machine has halted: Esc leaves, the timeline can still be read"
      : "";
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getVersion = (): number => this.version;

  /** Boots the machine, up to its first prompt. */
  start(): Promise<void> {
    return this.#act(async () => {
      const { player, client, release, seed } = this.session;
      if (player !== undefined) {
        if (!(await player.start())) this.#failWithPlayer(player);
      } else if (this.#accept(await client.command({ op: "boot", release, seed }))) {
        await this.#runToInput();
      }
      this.bootPosition = this.length;
    });
  }

  /** Plays what is left of a page. True when all of it was played. */
  async play(page: number): Promise<boolean> {
    const end = this.pages[page]?.endStep ?? 0;
    const { player } = this.session;
    if (player === undefined) return false;
    // What was left there would become a part of the step's first command.
    if (this.#lineBegun) await this.type(KILL_LINE);
    await this.#act(async () => {
      while (player.results.length < end && this.failure === "") {
        if ((await player.next()) === undefined) this.#failWithPlayer(player);
      }
    });
    return player.results.length >= end;
  }

  /** Sends bytes to the machine's terminal, whatever it is doing. */
  async type(text: string): Promise<void> {
    const accepted = this.#accept(await this.session.client.command({ op: "key", text }));
    this.#lineBegun = !ENDS_LINE.has(text.at(-1) ?? "");
    // A reply that comes before the run's own was given within the run.
    if (accepted && !this.#runs) await this.#act(() => this.#runToInput());
  }

  /** Where the log stood when page `page` began: after the page before it had been played. */
  positionBefore(page: number): number {
    const { player, client } = this.session;
    if (player === undefined) return this.length;
    const before = this.pages[page - 1];
    const last = before === undefined ? undefined : player.results[before.endStep - 1];
    if (before === undefined) return this.bootPosition;
    return last === undefined ? this.length : positionOf(client.events, last.endSeq - 1);
  }

  /** Leaves the machine. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.session.client.on.off("events", this.#news);
    this.session.client.on.off("state", this.#news);
    this.session.client.abandon();
  }

  async #runToInput(): Promise<void> {
    this.#runs = true;
    const reply = await this.session.client.command({ op: "run", until: "input" });
    this.#runs = false;
    if (!this.#accept(reply)) return;
    this.restless = reply.kind === "done" && reply.answer.end === "limit";
  }

  #accept(reply: Reply): boolean {
    if (reply.kind === "refused") this.failure = reply.diagnostics.map(formatDiagnostic).join("\n");
    if (reply.kind === "bug") {
      this.failure = `This is a bug in quicksand, please report it: ${reply.message} (seed ${reply.seed})`;
    }
    return reply.kind === "done";
  }

  #failWithPlayer(player: LessonPlayer): void {
    const { diagnostics, bug } = player.result();
    if (bug !== undefined) this.#accept(bug);
    else this.failure = diagnostics.map(formatDiagnostic).join("\n") || "the scenario cannot go on";
  }

  async #act(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.#tell();
    await act();
    this.busy = false;
    this.#tell();
  }

  #news = (): void => {
    this.#timer ??= setTimeout(() => this.#tell(), NEWS_MS);
  };

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#closed) return;
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}
