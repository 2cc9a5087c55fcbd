import { expect, it } from "vitest";
import { terminalSvg } from "../../../scripts/terminal-svg.ts";

it("a screen becomes a picture with its colours, and its text is escaped", () => {
  const svg = terminalSvg("\x1b[1;31m<oops>\x1b[0m and \x1b[7mbar\x1b[27m\n", 20, "a title");
  expect(svg).toContain('fill="#cc6666" font-weight="bold">&lt;oops&gt;</text>');

  expect(svg).toMatch(/<rect x="104.4"[^>]*fill="#c5c8c6"\/><text [^>]*fill="#1d1f21">bar</);
});
