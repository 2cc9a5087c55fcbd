/**
 * The way from one tree of the history to another: patches taken away down to where the two lines
 * part, then patches put on.
 */
import type { TreeFiles } from "./apply-patch.ts";
import type { TreeHistory, TreeRelease, TreeStep } from "./history.ts";
import type { PatchFile } from "./patch-file.ts";

/** One patch of the way; `isTaken` when it is taken away. */
export interface PathStep {
  readonly patch: PatchFile;
  readonly isTaken: boolean;
  readonly before: TreeFiles;
  readonly after: TreeFiles;
}

/** A place on a release's line. */
interface LinePoint {
  /** Of the line's steps, those that lead here. */
  readonly at: number;
  readonly release: TreeRelease;
}

/** Everything from the trunk's start to one release. */
export interface Line {
  readonly steps: readonly TreeStep[];
  /** Releases on it, oldest first; the last is the one whose line it is. */
  readonly points: readonly LinePoint[];
}

export function lineOf(history: TreeHistory, release: TreeRelease): Line {
  const branch = history.branches.find(
    (each) =>
      each.branch === release.branch && each.releases.some(({ tag }) => tag === release.tag),
  );
  if (branch === undefined) return { steps: [], points: [] };
  const parent = history.releases.find(
    ({ branch: name, tag }) => name === branch.from?.branch && tag === branch.from.tag,
  );
  const below = parent === undefined ? { steps: [], points: [] } : lineOf(history, parent);
  const points = [...below.points];
  let at = 0;
  for (const each of branch.releases) {
    at += each.patches.length;
    points.push({ at: below.steps.length + at, release: each });
    if (each.tag === release.tag) break;
  }
  return { steps: [...below.steps, ...branch.steps.slice(0, at)], points };
}

const forward = ({ patch, before, after }: TreeStep): PathStep => ({
  patch,
  isTaken: false,
  before,
  after,
});

const backward = ({ patch, before, after }: TreeStep): PathStep => ({
  patch,
  isTaken: true,
  before: after,
  after: before,
});

/** Patches between two releases, in the order in which they are met. */
export function pathBetween(
  history: TreeHistory,
  from: TreeRelease,
  to: TreeRelease,
): readonly PathStep[] {
  const [old, now] = [lineOf(history, from).steps, lineOf(history, to).steps];
  // Two branches that begin with the same patches part after those.
  let common = 0;
  while (common < old.length && old[common]?.patch === now[common]?.patch) common++;
  return [...old.slice(common).reverse().map(backward), ...now.slice(common).map(forward)];
}
