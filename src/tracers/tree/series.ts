/**
 * A branch's series file: where the branch starts, then patches and release tags in order.
 *
 *     # comment
 *     from mainline v2.6.32
 *     0101-utrace-core.patch
 *     tag next-20091120 2.6.32-rc8-next-20091120
 *
 * A tag's second word is what `uname -r` says, less the local version; without it the tag says it.
 */
import { done, failed, type TreeResult } from "./tree-error.ts";

export interface TagStep {
  readonly kind: "tag";
  readonly tag: string;
  /** `2.6.32` for `v2.6.32`. */
  readonly version: string;
  readonly line: number;
}

export interface PatchStep {
  readonly kind: "patch";
  readonly patch: string;
  readonly line: number;
}

export interface Series {
  readonly branch: string;
  /** Where the branch leaves another; undefined for the trunk. */
  readonly from: { readonly branch: string; readonly tag: string } | undefined;
  readonly steps: readonly (TagStep | PatchStep)[];
}

const PATCH_NAME = /^\d{4}-[a-z0-9._-]+\.patch$/;

export function readSeries(branch: string, text: string): TreeResult<Series> {
  const file = `series/${branch}`;
  const steps: (TagStep | PatchStep)[] = [];
  let from: Series["from"];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    const words = (lines[index] ?? "").trim().split(/\s+/);
    const [first = "", second = "", third] = words;
    if (first === "" || first.startsWith("#")) continue;
    if (first === "from" && words.length === 3 && steps.length === 0) {
      from = { branch: second, tag: third ?? "" };
    } else if (first === "tag" && (words.length === 2 || words.length === 3)) {
      steps.push({ kind: "tag", tag: second, version: third ?? second.replace(/^v/, ""), line });
    } else if (words.length === 1 && PATCH_NAME.test(first)) {
      steps.push({ kind: "patch", patch: first, line });
    } else {
      const message = `\`${words.join(" ")}\` is neither a patch (0001-subject.patch) nor \`tag NAME [VERSION]\``;
      return failed("badSeries", file, line, message, "`from BRANCH TAG` stands first");
    }
  }
  return done({ branch, from, steps });
}
