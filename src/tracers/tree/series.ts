/**
 * A branch's series file: where the branch starts, then patches and release tags in order.
 *
 *     # comment
 *     from mainline v2.6.32
 *     0101-utrace-core.patch
 *     tag next-20091120 2.6.32-rc8-next-20091120
 *     config debug
 *
 * A second `from` starts the branch anew, as linux-next is made anew every day.
 *
 * A tag's second word is what `uname -r` says, less the local version; without it the tag says it.
 * `config` names configurations in which the tag before it is built too: see config.ts.
 */
import { done, failed, type TreeResult } from "./tree-error.ts";

export interface TagStep {
  readonly kind: "tag";
  readonly tag: string;
  /** `2.6.32` for `v2.6.32`. */
  readonly version: string;
  /** Configurations in which it is built, beside its own. */
  readonly configs: readonly string[];
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

const CONFIG_NAME = /^[a-z0-9]+$/;
const PATCH_NAME = /^\d{4}-[a-z0-9._-]+\.patch$/;

const isConfigLine = ([first, ...names]: readonly string[]): boolean =>
  first === "config" && names.length > 0 && names.every((name) => CONFIG_NAME.test(name));

/** A line that is neither comment nor `from`; undefined if it is nothing that a series has. */
function readStep(words: readonly string[], line: number): TagStep | PatchStep | undefined {
  const [first = "", tag = "", third] = words;
  if (first === "tag" && (words.length === 2 || words.length === 3))
    return { kind: "tag", tag, version: third ?? tag.replace(/^v/, ""), configs: [], line };
  if (words.length === 1 && PATCH_NAME.test(first)) return { kind: "patch", patch: first, line };
  return undefined;
}

/** One after the other, what the branch was made of from each `from` on. */
export function readSeries(branch: string, text: string): TreeResult<readonly Series[]> {
  const file = `series/${branch}`;
  const all: Series[] = [];
  let steps: (TagStep | PatchStep)[] = [];
  let from: Series["from"];
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = index + 1;
    const words = (lines[index] ?? "").trim().split(/\s+/);
    const [first = "", second = "", third] = words;
    if (first === "" || first.startsWith("#")) continue;
    const last = steps.at(-1);
    const step = readStep(words, line);
    if (first === "from" && words.length === 3 && (steps.length === 0 || last?.kind === "tag")) {
      if (steps.length > 0) all.push({ branch, from, steps });
      steps = [];
      from = { branch: second, tag: third ?? "" };
    } else if (isConfigLine(words) && last?.kind === "tag") {
      steps[steps.length - 1] = { ...last, configs: [...last.configs, ...words.slice(1)] };
    } else if (step !== undefined) {
      steps.push(step);
    } else {
      const message = `\`${words.join(" ")}\` is neither a patch (0001-subject.patch) nor \`tag NAME [VERSION]\` nor, after a tag, \`config NAME\``;
      return failed(
        "badSeries",
        file,
        line,
        message,
        "`from BRANCH TAG` stands first, or after a tag",
      );
    }
  }
  return done([...all, { branch, from, steps }]);
}
