import { describe, expect, it } from "vitest";
import { ScreenWriter, updateRows } from "../../../src/ui/tui/screen-writer.ts";

describe("the screen writer", () => {
  it("writes the rows that changed, each at its own place", () => {
    expect(updateRows(["a", "b", "c"], ["a", "B", "c"])).toBe("\x1b[2;1H\x1b[0m\x1b[2KB");
    expect(updateRows(["a", "b"], ["a"])).toBe("\x1b[2;1H\x1b[0m\x1b[2K");
    expect(updateRows(["a"], ["a"])).toBe("");
  });

  it("draws everything anew after a resize", () => {
    const written: string[] = [];
    let resized = (): void => undefined;
    const writer = new ScreenWriter({
      columns: 80,
      rows: 24,
      write: (text) => written.push(text),
      on: (_event, listener) => {
        resized = listener;
      },
      off: () => undefined,
    });
    writer.write("a\nb");
    resized();
    writer.write("a\nb");
    writer.flush();
    expect(written).toHaveLength(3);
    expect(written[1]).toBe("\x1b[2J");
    expect(written[2]).toBe(written[0]);
  });
});
