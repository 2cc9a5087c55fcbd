/**
 * Opens the TUI in the terminal: the alternate screen, ink's frames through a screen writer, and the
 * terminal given back whatever way the program ends.
 */
import { writeSync } from "node:fs";
import { render } from "ink";
import { App, type AppProps } from "./app.tsx";
import { ScreenWriter } from "./screen-writer.ts";
import { themeFor } from "./theme.ts";

/** Alternate screen, cleared, without a cursor. */
const ENTER = "\x1b[?1049h\x1b[H\x1b[2J\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[0m\x1b[?1049l";

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGHUP", 1],
  ["SIGINT", 2],
  ["SIGTERM", 15],
];

export type TuiOptions = Omit<AppProps, "theme">;

/** Gives the terminal to the TUI; the result gives it back, and does so once at most. */
function takeTerminal(descriptor: number): () => void {
  let taken = true;
  const release = (): void => {
    if (taken) writeSync(descriptor, LEAVE);
    taken = false;
  };
  const handlers = SIGNALS.map(([signal, number]) => {
    const handler = (): void => process.exit(128 + number);
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  process.on("exit", release);
  // A bug's message must not vanish with the alternate screen.
  process.on("uncaughtExceptionMonitor", release);
  writeSync(descriptor, ENTER);
  return () => {
    release();
    process.off("exit", release);
    process.off("uncaughtExceptionMonitor", release);
    for (const off of handlers) off();
  };
}

/** Runs until the user leaves; answers the exit status. */
export async function openTui(options: TuiOptions): Promise<number> {
  const release = takeTerminal(process.stdout.fd);
  const writer = new ScreenWriter(process.stdout);
  try {
    const app = render(<App {...options} theme={themeFor(process.env)} />, {
      // The writer is all that ink uses of a stream when every write is a whole frame.
      stdout: writer as unknown as NodeJS.WriteStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    await app.waitUntilExit();
    return 0;
  } finally {
    writer.close();
    release();
  }
}
