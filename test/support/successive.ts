/** Releases that follow one another, as their images are called. */
import type { TreeHistory } from "#tracers";

/** Each release with the one before it on its line, the branch's start included. */
export function successiveReleases(history: TreeHistory): readonly (readonly [string, string])[] {
  return history.branches.flatMap(({ branch, from, releases }) => {
    const names = releases.map(({ tag }) => `${branch}/${tag}`);
    const line = from === undefined ? names : [`${from.branch}/${from.tag}`, ...names];
    return line.slice(1).map((name, index) => [line[index] ?? "", name] as const);
  });
}
