/**
 * How long a key press takes in the TUI when the log holds 100,000 events: from the key to ink's
 * next frame, over moves of the cursor of every size.
 *
 * NODE_ENV must be "production" before this is imported: React reads it once.
 */
import { KEY, openScreen } from "../test/ui/tui/render.ts";

const EVENTS = 100_000;
const ROUNDS = 30;
const KEYS: readonly string[] = [KEY.left, KEY.pageUp, "p", KEY.home, KEY.right, KEY.end, KEY.tab];

export interface KeyPressFigures {
  readonly medianMs: number;
  readonly worstMs: number;
}

export async function measureKeyPress(columns: number, rows: number): Promise<KeyPressFigures> {
  const screen = openScreen(columns, rows);
  await screen.press(KEY.enter, " ");
  screen.session.client.append((script) => {
    for (let i = 0; script.events.length < EVENTS; i++) {
      script.on(2 + (i % 6));
      script.add("callback", { owner: "counter", function: "count_entry", ret: 0 }).call(64, 1, 1);
      script.add("task-state", { task: script.tid, state: i % 2 === 0 ? "R" : "S" });
      if (i % 5 === 0) script.print(`line ${i}\n`);
      if (i % 20 === 0) script.add("printk", { level: 6, text: `counter: ${i}` });
    }
  });
  await screen.press(KEY.home);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const key of KEYS) {
      const start = performance.now();
      await screen.pressNow(key);
      times.push(performance.now() - start);
    }
  }
  screen.unmount();
  times.sort((a, b) => a - b);
  return { medianMs: times[times.length >> 1] ?? 0, worstMs: times.at(-1) ?? 0 };
}
