/** What a learner's tree did to the tracers: those whose verdict is not that on the release. */
import type { Cell } from "#tracers";
import { reasonOf } from "./cell-reason.ts";

export function treeEffect(cells: readonly Cell[], tree: string): readonly string[] {
  const keyOf = ({ tracer, delivery }: Cell): string => `${tracer}, ${delivery}`;
  const before = new Map(
    cells.filter(({ release }) => release !== tree).map((cell) => [keyOf(cell), cell.verdict]),
  );
  const changed = cells.filter((cell) => {
    const was = before.get(keyOf(cell));
    return cell.release === tree && was !== undefined && was !== cell.verdict;
  });
  if (changed.length === 0) return ["nobody notices the difference"];
  return changed.flatMap((cell) => {
    const reason = reasonOf(cell);
    return [
      `${keyOf(cell)}: ${before.get(keyOf(cell))} -> ${cell.verdict}`,
      ...(reason === "" ? [] : [`    ${reason}`]),
    ];
  });
}
