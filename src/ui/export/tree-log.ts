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

/** With `textOf`, each patch stands there whole. */
export function historyText(
  history: TreeHistory,
  textOf?: (patch: PatchFile) => string,
): readonly string[] {
  return history.branches.flatMap(({ branch, from, releases }) => [
    from === undefined ? branch : `${branch}, from ${from.branch} ${from.tag}`,
    ...releases.flatMap((release) => [
      ...release.patches.flatMap((patch) => [
        `    ${patchLine(patch)}`,
        ...(textOf === undefined ? [] : ["", ...textOf(patch).trimEnd().split("\n"), ""]),
      ]),
      `  ${release.tag}  ${releaseName(release)}`,
    ]),
  ]);
}
