/**
 * Makes a picture of the TUI from a real run: starts the built command in a tmux of its own, presses
 * keys, and writes what the screen shows as SVG.
 *
 *     npm run screenshot                                     # docs/tui.svg
 *     npm run screenshot -- /tmp/other.svg Enter Space Space
 *
 * Keys are tmux's names. Left out: terminals other than tmux's.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { terminalSvg } from "./terminal-svg.ts";

const COLUMNS = 120;
const ROWS = 36;
const STEADY_MS = 250;
const STEADY_ROUNDS_MAX = 80;

/** The moment of the README: the fourth scenario, where the module loads, runs, and is wrong. */
const README_KEYS = [
  ...["Down", "Down", "Down", "Enter", "Space", "Space", "1", "Space", "Space"],
  ...["Space", "1", "Space", "Space"],
];

const [file = "docs/tui.svg", ...given] = process.argv.slice(2);
const keys = given.length > 0 ? given : README_KEYS;
const server = `quicksand-screenshot-${process.pid}`;
const tmux = (...args: string[]): string =>
  execFileSync("tmux", ["-u", "-L", server, ...args], { encoding: "utf8" });
const capture = (): string => tmux("capture-pane", "-e", "-p");

/** The screen once it is drawn and no longer changes. */
async function steady(): Promise<string> {
  let before = "";
  for (let round = 0; round < STEADY_ROUNDS_MAX; round++) {
    await pause(STEADY_MS);
    const now = capture();
    if (now === before && now.trim() !== "") return now;
    before = now;
  }
  throw new Error("the screen does not come to rest");
}

try {
  const command = "env -u NO_COLOR LANG=C.UTF-8 node dist/cli.js; sleep 60";
  tmux("new-session", "-d", "-x", String(COLUMNS), "-y", String(ROWS), command);
  let screen = await steady();
  for (const key of keys) {
    tmux("send-keys", key);
    screen = await steady();
  }
  writeFileSync(file, terminalSvg(screen, COLUMNS, "quicksand in a terminal"));
} finally {
  tmux("kill-server");
}
