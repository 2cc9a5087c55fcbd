/** The kernel tree's history told in lines: each branch, oldest first, with what every tag took. */
import { type PatchFile, releaseName, type TreeHistory } from "#tracers";

/** What stands before the colon of a precedent, less its number: the release that it was in. */
const releaseOf = ({ precedent }: PatchFile): string =>
  precedent.replace(/^[PX]\d{3}, /, "").replace(/:.*$/, "");

const seenBy = (patch: PatchFile): string => {
  const { breakClass, witnesses } = patch;
  const what = `${breakClass ?? "adds to it"}, as in ${releaseOf(patch)}`;
  return witnesses.length > 0 ? `${what}; seen by ${witnesses.join(", ")}` : what;
};

/** `0004`: how a person calls a patch. */
export const patchNumber = ({ name }: Pick<PatchFile, "name">): string => name.slice(0, 4);

export const patchLine = (patch: PatchFile): string =>
  `${patchNumber(patch)} ${patch.subject} (${seenBy(patch)})`;

/** Did the branch before it have the same name? */
const isAnew = ({ branches }: TreeHistory, index: number): boolean =>
  branches[index]?.branch === branches[index - 1]?.branch;

/** With `textOf`, each patch stands there whole, where it comes first. */
export function historyText(
  history: TreeHistory,
  textOf?: (patch: PatchFile) => string,
): readonly string[] {
  const told = new Set<PatchFile>();
  const whole = (patch: PatchFile): readonly string[] => {
    if (textOf === undefined || told.has(patch)) return [];
    told.add(patch);
    return ["", ...textOf(patch).trimEnd().split("\n"), ""];
  };
  return history.branches.flatMap(({ branch, from, releases }, index) => [
    from === undefined
      ? branch
      : `${branch}, ${isAnew(history, index) ? "anew " : ""}from ${from.branch} ${from.tag}`,
    ...releases.flatMap((release) => [
      ...release.patches.flatMap((patch) => [`    ${patchLine(patch)}`, ...whole(patch)]),
      `  ${release.tag}  ${releaseName(release)}`,
    ]),
  ]);
}
