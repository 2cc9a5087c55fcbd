/** The console pane: what the machine's terminal shows at the cursor's moment. */
import type { FoldState } from "../fold.ts";
import { hardWrap, printable } from "../text.ts";
import type { Line } from "../theme.ts";

/** `typing` shows where the next key goes. */
export function consoleLines(state: FoldState, width: number, typing: boolean): readonly Line[] {
  const { lines } = state.console;
  const shown: Line[] = [];
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    const wrapped = hardWrap(printable(line), width - (last && typing ? 1 : 0));
    for (const text of wrapped) shown.push([{ text }]);
  }
  const end = shown.at(-1);
  if (typing && end !== undefined) {
    shown[shown.length - 1] = [...end, { text: " ", tone: "cursor" }];
  }
  // A screen that ends with a newline needs no empty line below it.
  if (!typing && shown.length > 1 && lines.at(-1) === "") shown.pop();
  return shown;
}
