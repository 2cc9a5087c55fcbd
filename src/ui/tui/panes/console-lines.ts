/** The console pane: what the machine's terminal shows at the cursor's moment. */
import type { FoldState } from "../fold.ts";
import { fitResult, printable, takeWidth, textWidth } from "../text.ts";
import type { Line } from "../theme.ts";

/** Before what did not fit on the line above. */
const CONTINUATION = "  ";

/** A line of the terminal in a pane that may be narrower, broken behind a blank where one is near. */
function wrap(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = fitResult(printable(line), width);
  let head = "";
  while (textWidth(head + rest) > width && width > 2 * CONTINUATION.length) {
    const fits = takeWidth(rest, width - head.length);
    const blank = fits.lastIndexOf(" ") + 1;
    const taken = blank > fits.length / 2 ? fits.slice(0, blank) : fits;
    if (taken === "") break;
    lines.push(head + taken);
    rest = rest.slice(taken.length);
    head = CONTINUATION;
  }
  return [...lines, head + rest];
}

/** `typing` shows where the next key goes. */
export function consoleLines(state: FoldState, width: number, typing: boolean): readonly Line[] {
  const { lines } = state.console;
  const shown: Line[] = [];
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    for (const text of wrap(line, width - (last && typing ? 1 : 0))) shown.push([{ text }]);
  }
  const end = shown.at(-1);
  if (typing && end !== undefined) {
    shown[shown.length - 1] = [...end, { text: " ", tone: "cursor" }];
  }
  // A screen that ends with a newline needs no empty line below it.
  if (!typing && shown.length > 1 && lines.at(-1) === "") shown.pop();
  return shown;
}
