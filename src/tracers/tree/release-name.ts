/**
 * Which release a person means: `v2.6.32`, `2.6.32`, `next-20100111`, `vendor 2.6.32-71.el6`,
 * `vendor/2.6.32-71.el6`, or what uname -r prints there; `v5.14+debug` is one in another configuration.
 */
import { done, failed, type TreeResult } from "./tree-error.ts";

/** What is added to every version: it is a toy, and says so. */
export const LOCAL_VERSION = "-quicksand";

interface NamedTree {
  readonly version: string;
  readonly localVersion?: string;
  readonly config?: string;
}

/** What uname -r says of a tree, unless its configuration has a CONFIG_LOCALVERSION. */
export const kernelRelease = ({ version, localVersion = "" }: NamedTree): string =>
  `${version}${LOCAL_VERSION}${localVersion}`;

/** The name of a tree, which no other has. */
export const releaseName = (tree: NamedTree): string =>
  withConfig(kernelRelease(tree), tree.config);

/** The name of a release in a configuration. */
export const withConfig = (release: string, config: string | undefined): string =>
  config === undefined ? release : `${release}+${config}`;

/** A name's release and configuration. */
export function splitConfig(name: string): readonly [release: string, config?: string] {
  const [, release, config] = /^(.+)\+([a-z0-9]+)$/.exec(name.trim()) ?? [];
  return release === undefined || config === undefined ? [name] : [release, config];
}

export interface ReleaseId {
  readonly branch: string;
  readonly tag: string;
  /** Version and local version. */
  readonly release: string;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

const NEAR_NAMES_MAX = 3;

function spellings(id: ReleaseId): readonly string[] {
  const bare = id.tag.replace(/^v/, "");
  const names = [id.tag, bare, id.release, id.release.replace(LOCAL_VERSION, "")];
  return names.flatMap((name) => [name, `${id.branch} ${name}`, `${id.branch}/${name}`]);
}

/** Finds the release called `name`; otherwise one error that lists the nearest names. */
export function resolveRelease<T extends ReleaseId>(
  all: readonly T[],
  name: string,
): TreeResult<T> {
  const wanted = name.trim().replace(/\s+/g, " ");
  const found = all.find((id) => spellings(id).includes(wanted));
  if (found !== undefined) return done(found);
  const near = all
    .map((id) => ({
      tag: id.branch === "vendor" ? `vendor ${id.tag}` : id.tag,
      far: Math.min(...spellings(id).map((spelling) => editDistance(spelling, wanted))),
    }))
    .sort((a, b) => a.far - b.far)
    .slice(0, NEAR_NAMES_MAX)
    .map(({ tag }) => `\`${tag}\``);
  const message = `there is no release called \`${wanted}\``;
  return failed("noSuchRelease", "", 0, message, `did you mean ${near.join(", ")}?`);
}
