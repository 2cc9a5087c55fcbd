/** The kernel log pane: what dmesg would print at the cursor's moment. */
import type { FoldState } from "../fold.ts";
import { hardWrap, printable } from "../text.ts";
import type { Line, Tone } from "../theme.ts";

const KERN_ERR = 3;
const KERN_WARNING = 4;
const NS_PER_S = 1e9;
/** Deep enough to tell a continued line from a new one, shallow enough for narrow panes. */
const CONTINUATION = "  ";

export function logLines(state: FoldState, width: number): readonly Line[] {
  if (state.kernelLog.length === 0) return [[{ text: "the kernel has said nothing", tone: "dim" }]];
  return state.kernelLog.flatMap(({ t, level, text }): Line[] => {
    const stamp = `[${(t / NS_PER_S).toFixed(6)}] `;
    const tone: Tone = level <= KERN_ERR ? "bad" : level === KERN_WARNING ? "warn" : "plain";
    const room = Math.max(8, width - stamp.length);
    const [first = "", ...rest] = hardWrap(printable(text), room);
    const more = hardWrap(rest.join(""), width - CONTINUATION.length);
    return [
      [
        { text: stamp, tone: "dim" },
        { text: first, tone },
      ],
      ...(rest.length === 0 ? [] : more.map((part): Line => [{ text: CONTINUATION + part, tone }])),
    ];
  });
}
