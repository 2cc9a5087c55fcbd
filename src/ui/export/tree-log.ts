/** The kernel tree's history told in lines: each branch, oldest first, with what every tag took. */
import { type PatchFile, releaseName, type TreeHistory } from "#tracers";

const seenBy = ({ precedent, witnesses }: PatchFile): string =>
  witnesses.length > 0 ? `${precedent}, seen by ${witnesses.join(", ")}` : precedent;

/** `0004`: how a person calls a patch. */
export const patchNumber = ({ name }: Pick<PatchFile, "name">): string => name.slice(0, 4);

export const patchLine = (patch: PatchFile): string =>
  `${patchNumber(patch)} ${patch.subject} (${seenBy(patch)})`;

/** With `textOf`, each patch stands there whole. */
export function historyText(
  history: TreeHistory,
  textOf?: (patch: PatchFile) => string,
): readonly string[] {
  return history.branches.flatMap(({ branch, releases }) => [
    branch,
    ...releases.flatMap((release) => [
      ...release.patches.flatMap((patch) => [
        `    ${patchLine(patch)}`,
        ...(textOf === undefined ? [] : ["", ...textOf(patch).trimEnd().split("\n"), ""]),
      ]),
      `  ${release.tag}  ${releaseName(release)}`,
    ]),
  ]);
}
