import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FoldIndex } from "../../../src/ui/tui/fold-index.ts";
import { markdownLines } from "../../../src/ui/tui/markdown-view.ts";
import { EMPTY_SCREEN, writeScreen } from "../../../src/ui/tui/model/screen-lines.ts";
import { consoleLines } from "../../../src/ui/tui/panes/console-lines.ts";
import {
  fitResult,
  fitWidth,
  hardWrap,
  printable,
  textWidth,
  truncate,
} from "../../../src/ui/tui/text.ts";
import { lineWidth, paintLine, themeFor } from "../../../src/ui/tui/theme.ts";

const theme = themeFor({ LANG: "C.UTF-8" });
const words = fc.string({ unit: "grapheme", maxLength: 40 }).map(printable);

describe("text in cells", () => {
  it("is cut and filled to exactly the width asked for, wide characters included", () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(textWidth(fitWidth(text, width))).toBe(width);
        expect(textWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("is wrapped without losing a character", () => {
    // One cluster of Hangul letters may be wider than two cells, and is not broken.
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 30 }), (text, width) => {
        const lines = hardWrap(text, width);
        expect(lines.join("")).toBe(text);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("gives up the blanks before strace's results where the pane is narrow, and nothing else", () => {
    const line = 'read(3, "", 65536)                      = 0';
    expect(fitResult(line, 80)).toBe(line);
    expect(fitResult(line, 30)).toBe('read(3, "", 65536)         = 0');
    expect(fitResult(line, 10)).toBe('read(3, "", 65536) = 0');
    expect(fitResult("a table    with   columns", 10)).toBe("a table    with   columns");
  });

  it("shows control characters instead of obeying them", () => {
    expect(printable("a\x1b[2Jb\x07")).toBe("a^[[2Jb^G");
  });
});

describe("prose", () => {
  it("is wrapped between words, with marks for lists and no width exceeded", () => {
    const text =
      "# Title\n\nSome **bold** and `code` words, wrapped.\n\n- one item that is long\n- two";
    const lines = markdownLines(text, 20, theme.glyphs);
    expect(lines.map((line) => line.map((span) => span.text).join(""))).toEqual([
      "Title",
      "",
      "Some bold and code",
      "words, wrapped.",
      "",
      "• one item that is",
      "  long",
      "• two",
    ]);
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(20);
  });
});

describe("the console in a narrow pane", () => {
  it("breaks a line behind a blank, and sets off what goes on below", () => {
    const screen = writeScreen(EMPTY_SCREEN, 'write(1, "the secret is kept", 19)     = 19\n# ls');
    const state = { ...new FoldIndex([]).at(0), console: screen };
    const shown = (width: number) =>
      consoleLines(state, width, false).map((line) => line.map((span) => span.text).join(""));
    expect(shown(40)).toEqual(['write(1, "the secret is kept", 19)  = 19', "# ls"]);
    expect(shown(24)).toEqual(['write(1, "the secret is ', '  kept", 19) = 19', "# ls"]);
    expect(shown(10).every((line) => line.length <= 10)).toBe(true);
  });
});

describe("a terminal's lines", () => {
  const shown = (...writes: string[]) =>
    writes.reduce((screen, text) => writeScreen(screen, text), EMPTY_SCREEN).lines;

  it("obeys carriage return and backspace, as line editing in a shell needs", () => {
    expect(shown("ab\b \bc\r\nxyz\rX")).toEqual(["ac", "Xyz"]);
  });

  it("drops an escape sequence that came in two pieces", () => {
    expect(shown("\x1b[3", "1mred\x1b[0m")).toEqual(["red"]);
  });
});

describe("a painted line", () => {
  it("has no colour under NO_COLOR, but keeps weight and reverse video", () => {
    const plain = themeFor({ LANG: "C.UTF-8", NO_COLOR: "1" });
    expect(plain.paint("x", "good")).toBe("x");
    expect(plain.paint("x", "bad")).toBe("\x1b[1mx\x1b[22m");
    expect(plain.paint("x", "cursor")).toBe("\x1b[7mx\x1b[27m");
  });

  it("ends in an ellipsis when it is cut", () => {
    expect(paintLine([{ text: "abc" }, { text: "def" }], 5, theme)).toBe("abcd…");
    expect(paintLine([{ text: "abc" }], 5, theme)).toBe("abc  ");
  });
});
