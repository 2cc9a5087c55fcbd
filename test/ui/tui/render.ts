/**
 * Renders the TUI on a terminal of any size and gives its frames as plain text. ink-testing-library
 * has 100 columns and no rows, so that only its idea is used: ink's debug mode on streams in memory.
 */
import { EventEmitter } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { render } from "ink";
import { createElement } from "react";
import { App, type AppProps } from "../../../src/ui/tui/app.tsx";
import { themeFor } from "../../../src/ui/tui/theme.ts";
import { FAKE_SCENARIO, fakeSession } from "./fake-session.ts";

class MemoryOut extends EventEmitter {
  columns: number;
  rows: number;
  readonly isTTY = true;
  frame = "";
  frames = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write = (frame: string): boolean => {
    if (frame !== "") this.frame = frame;
    this.frames++;
    this.emit("frame");
    return true;
  };
}

class MemoryIn extends EventEmitter {
  readonly isTTY = true;
  #data: string | null = null;

  press(data: string): void {
    this.#data = data;
    this.emit("readable");
  }

  read = (): string | null => {
    const data = this.#data;
    this.#data = null;
    return data;
  };

  setEncoding(): void {}
  setRawMode(): void {}
  ref(): void {}
  unref(): void {}
}

/** Bytes that a terminal sends for a named key. */
export const KEY = {
  escape: "\x1b",
  enter: "\r",
  up: "\x1b[A",
  down: "\x1b[B",
  right: "\x1b[C",
  left: "\x1b[D",
  home: "\x1b[H",
  end: "\x1b[F",
  pageUp: "\x1b[5~",
  pageDown: "\x1b[6~",
  tab: "\t",
  shiftTab: "\x1b[Z",
  controlC: "\x03",
} as const;

export interface Screen {
  /** Sends bytes and waits until the TUI has settled. */
  press(...keys: readonly string[]): Promise<void>;
  /** Sends one key and waits for no longer than it takes to draw the next frame. */
  pressNow(key: string): Promise<void>;
  /** The screen as text, trailing blanks cut. */
  text(): string;
  /** The same with its escape sequences. */
  raw(): string;
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves when the TUI has ended. */
  readonly ended: Promise<void>;
  readonly session: ReturnType<typeof fakeSession>;
  unmount(): void;
}

const UTF8 = { LANG: "C.UTF-8" };

/** ink gives a lone ESC some time to become a sequence. */
const ESCAPE_MS = 60;
const QUIET_MS = 5;
const QUIET_ROUNDS = 3;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Opens the TUI with the fake scenario in its chooser. */
export function openScreen(
  columns: number,
  rows: number,
  options: { env?: Record<string, string>; props?: Partial<AppProps> } = {},
): Screen {
  const stdout = new MemoryOut(columns, rows);
  const stdin = new MemoryIn();
  const session = fakeSession();
  const { title, question, minutes, release } = FAKE_SCENARIO.front;
  const props: AppProps = {
    scenarios: [{ name: "one-tracer", title, question, minutes, release }],
    openSession: async (name) => {
      if (name !== undefined) return session;
      const { client, seed } = session;
      return { title: "free shell", client, release, seed };
    },
    shellRelease: release,
    theme: themeFor({ ...UTF8, ...options.env }),
    ...options.props,
  };
  const app = render(createElement(App, props), {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  /** Waits until no frame has been drawn for a while. */
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < QUIET_ROUNDS; ) {
      const before = stdout.frames;
      await pause(QUIET_MS);
      quiet = stdout.frames === before ? quiet + 1 : 0;
    }
  };
  return {
    session,
    ended: app.waitUntilExit().then(() => undefined),
    unmount: () => app.unmount(),
    raw: () => stdout.frame,
    text: () =>
      stripVTControlCharacters(stdout.frame)
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n"),
    pressNow: (key) =>
      new Promise((resolve) => {
        stdout.once("frame", resolve);
        stdin.press(key);
      }),
    async press(...keys) {
      for (const key of keys) {
        stdin.press(key);
        if (key === KEY.escape) await pause(ESCAPE_MS);
        await settle();
      }
    },
    async resize(width, height) {
      stdout.columns = width;
      stdout.rows = height;
      stdout.emit("resize");
      await settle();
    },
  };
}
