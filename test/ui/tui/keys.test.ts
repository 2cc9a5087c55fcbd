import { describe, expect, it } from "vitest";
import { KEYS, type KeyContext, keyNames, lookUpKey, ttyBytes } from "../../../src/ui/tui/keys.ts";
import { layOut, PANES } from "../../../src/ui/tui/layout.ts";

const context: KeyContext = {
  place: "player",
  hasStory: true,
  busy: false,
  asking: false,
  choices: 0,
  firstPage: false,
  lastPage: false,
  atStart: false,
  atEnd: false,
  canScroll: () => true,
  unread: () => false,
  stopped: "",
  focus: "story",
};

describe("the key table", () => {
  it("has one meaning a key in each place", () => {
    for (const place of ["chooser", "player", "help"] as const) {
      const keys = KEYS.filter((row) => row.places.includes(place)).flatMap((row) => row.keys);
      expect(new Set(keys).size, place).toBe(keys.length);
    }
  });

  it("lets Esc leave everywhere but while typing, where every key is the machine's", () => {
    for (const place of ["chooser", "player", "help"] as const) {
      expect(lookUpKey("escape", { ...context, place })).toMatchObject({ action: "leave" });
    }
    expect(lookUpKey("escape", { ...context, place: "typing" })).toEqual({ kind: "unknown" });
  });

  it("says why a key does nothing", () => {
    const refused = (key: string, change: Partial<KeyContext>): unknown =>
      lookUpKey(key, { ...context, ...change });
    expect(refused("space", { asking: true, choices: 3 })).toEqual({
      kind: "refused",
      reason: "make a prediction first: 1 to 3, or up, down and Enter",
    });
    expect(refused("b", { firstPage: true })).toMatchObject({ reason: "this is the first step" });
    expect(refused("return", { stopped: "the machine has halted" })).toMatchObject({
      reason: "the machine has halted",
    });
    expect(refused("left", { atStart: true })).toMatchObject({ kind: "refused" });
  });

  it("names ink's keys, one a character for pasted text", () => {
    const none = Object.fromEntries(
      ["upArrow", "leftArrow", "tab", "shift", "ctrl", "return", "escape"].map((k) => [k, false]),
    ) as never as Parameters<typeof keyNames>[1];
    expect(keyNames("a b\r", none)).toEqual(["a", "space", "b", "return"]);
    expect(keyNames("\t\x03", none)).toEqual(["tab", "ctrl-c"]);
    expect(keyNames("", { ...none, tab: true, shift: true })).toEqual(["shift-tab"]);
    expect(keyNames("c", { ...none, ctrl: true })).toEqual(["ctrl-c"]);
  });

  it("sends the bytes of a terminal", () => {
    expect(["return", "ctrl-c", "backspace", "x", "up", "home"].map(ttyBytes)).toEqual([
      "\n",
      "\x03",
      "\x7f",
      "x",
      "\x1b[A",
      "",
    ]);
  });
});

describe("the layout", () => {
  it("covers the screen exactly, without overlap, at every size and focus", () => {
    for (const [columns, rows] of [
      [80, 24],
      [99, 40],
      [100, 32],
      [120, 40],
      [160, 50],
      [300, 90],
    ]) {
      for (const focus of PANES) {
        for (const [hasStory, zoomed] of [
          [true, false],
          [false, false],
          [true, true],
          [false, true],
        ] as const) {
          const recent = [focus, ...PANES.filter((pane) => pane !== focus)];
          const { slots } = layOut({
            columns: columns ?? 0,
            rows: rows ?? 0,
            recent,
            hasStory,
            zoomed,
          });
          const area = slots.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
          expect(area, `${columns}x${rows} ${focus}`).toBe((columns ?? 0) * ((rows ?? 0) - 2));
          const panes = slots.map((slot) => slot.pane);
          expect(new Set(panes).size).toBe(panes.length);
          if (focus !== "story" || hasStory) expect(panes).toContain(focus);
        }
      }
    }
  });

  it("refuses a terminal below 80 by 24", () => {
    const recent = PANES;
    expect(layOut({ columns: 79, rows: 24, recent, hasStory: true, zoomed: false }).fits).toBe(
      false,
    );
    expect(layOut({ columns: 80, rows: 23, recent, hasStory: true, zoomed: false }).fits).toBe(
      false,
    );
    expect(layOut({ columns: 80, rows: 24, recent, hasStory: true, zoomed: false }).fits).toBe(
      true,
    );
  });
});
