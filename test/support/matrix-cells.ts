/** Cells that were never run, for whoever draws them. */
import type { Cell } from "#tracers";

export const cell = (
  change: Omit<Partial<Cell>, "evidence">,
  evidence: Partial<Cell["evidence"]> = {},
): Cell => ({
  ...{ tracer: "counter", house: "quicksand", delivery: "rebuilt", branch: "mainline" },
  ...{ release: "3.15-quicksand", verdict: "works", predicted: "works" },
  ...change,
  evidence: {
    ...{ verdict: "works", buildLog: [], dmesg: [], claimed: [], reported: [] },
    ...{ uses: undefined, ended: "halt", logHash: "" },
    ...evidence,
  },
});

export const CELLS: readonly Cell[] = [
  cell({}),
  cell(
    { release: "5.14-quicksand", verdict: "build fails", predicted: "build fails" },
    { buildLog: ["/home/me/counter/counter.ts:3:8: TS2307: no 'linux/<utrace>'"] },
  ),
  cell(
    { release: "2.6.32-44.el6-quicksand", branch: "vendor", verdict: "reports wrong data" },
    { claimed: ["counter: 17"], reported: ["counter: 0"] },
  ),
];
