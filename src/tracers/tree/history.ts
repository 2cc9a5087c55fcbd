/**
 * The kernel tree's history as a whole: branches, their releases, and the source tree of each.
 */
import { applyPatchFile, type TreeFiles } from "./apply-patch.ts";
import { configNames } from "./config.ts";
import { type PatchFile, readPatchFile } from "./patch-file.ts";
import { releaseName, resolveRelease, splitConfig } from "./release-name.ts";
import { readSeries, type Series } from "./series.ts";
import { done, failed, type TreeResult } from "./tree-error.ts";

/** `src/kernel/tree` as text: what is in its three folders, by path inside each. */
export interface TreeSource {
  readonly base: TreeFiles;
  readonly patches: TreeFiles;
  readonly series: TreeFiles;
}

/** One tag of one branch, in the tree's own configuration or in another. */
export interface TreeRelease {
  readonly branch: string;
  readonly tag: string;
  readonly version: string;
  /** What follows the version of a tree that is no release: `+` for a learner's. */
  readonly localVersion?: string;
  /** The fragment that is laid over the tree's configuration. */
  readonly config?: string;
  readonly files: TreeFiles;
  /** Patches since the tag before it on the branch, oldest first. */
  readonly patches: readonly PatchFile[];
}

/** A branch after one more patch. A branch that was started anew counts as several. */
export interface TreeStep {
  readonly patch: PatchFile;
  readonly before: TreeFiles;
  readonly after: TreeFiles;
}

export interface TreeBranch {
  readonly branch: string;
  /** The release from which it starts; none for the trunk. */
  readonly from: Series["from"];
  readonly start: TreeFiles;
  readonly steps: readonly TreeStep[];
  readonly releases: readonly TreeRelease[];
  /** Releases in other configurations, those that the series names. */
  readonly variants: readonly TreeRelease[];
}

export interface TreeHistory {
  readonly branches: readonly TreeBranch[];
  /** All releases, trunk first, in series order. */
  readonly releases: readonly TreeRelease[];
  /** Those of them that are built in other configurations too, once for each. */
  readonly variants: readonly TreeRelease[];
}

class HistoryReader {
  readonly #source: TreeSource;
  readonly #patches = new Map<string, PatchFile>();
  readonly #branches = new Map<string, readonly TreeBranch[]>();
  readonly #started = new Set<string>();

  constructor(source: TreeSource) {
    this.#source = source;
  }

  branch(name: string, askedBy: string, line: number): TreeResult<readonly TreeBranch[]> {
    const known = this.#branches.get(name);
    if (known !== undefined) return done(known);
    const text = this.#source.series[name];
    if (text === undefined) {
      return failed("badSeries", askedBy, line, `there is no branch \`${name}\``);
    }
    if (this.#started.has(name)) {
      return failed("badSeries", askedBy, line, `branch \`${name}\` starts from itself`);
    }
    this.#started.add(name);
    const series = readSeries(name, text);
    if (!series.ok) return series;
    const branches: TreeBranch[] = [];
    for (const part of series.value) {
      const start = this.#startOf(part);
      if (!start.ok) return start;
      const read = this.#replay(part, start.value);
      if (!read.ok) return read;
      branches.push(read.value);
    }
    this.#branches.set(name, branches);
    return done(branches);
  }

  #startOf(series: Series): TreeResult<TreeFiles> {
    if (series.from === undefined) return done(this.#source.base);
    const file = `series/${series.branch}`;
    const parent = this.branch(series.from.branch, file, 1);
    if (!parent.ok) return parent;
    const tag = series.from.tag;
    const releases = parent.value.flatMap((branch) => branch.releases);
    const release = releases.find((each) => each.tag === tag);
    if (release === undefined) {
      return failed("badSeries", file, 1, `branch \`${series.from.branch}\` has no tag \`${tag}\``);
    }
    return done(release.files);
  }

  #replay(series: Series, start: TreeFiles): TreeResult<TreeBranch> {
    let files = start;
    let fresh: PatchFile[] = [];
    const steps: TreeStep[] = [];
    const releases: TreeRelease[] = [];
    const variants: TreeRelease[] = [];
    for (const step of series.steps) {
      if (step.kind === "tag") {
        const { tag, version } = step;
        const release = { branch: series.branch, tag, version, files, patches: fresh };
        releases.push(release);
        for (const config of step.configs) {
          const variant = configured(release, config, `series/${series.branch}`, step.line);
          if (!variant.ok) return variant;
          variants.push(variant.value);
        }
        fresh = [];
        continue;
      }
      const patch = this.#patch(step.patch, series.branch, step.line);
      if (!patch.ok) return patch;
      const after = applyPatchFile(files, patch.value);
      if (!after.ok) return after;
      steps.push({ patch: patch.value, before: files, after: after.value });
      files = after.value;
      fresh.push(patch.value);
    }
    return done({ branch: series.branch, from: series.from, start, steps, releases, variants });
  }

  #patch(name: string, branch: string, line: number): TreeResult<PatchFile> {
    const known = this.#patches.get(name);
    if (known !== undefined) return done(known);
    const text = this.#source.patches[name];
    if (text === undefined) {
      return failed("noSuchPatch", `series/${branch}`, line, `there is no patches/${name}`);
    }
    const read = readPatchFile(name, text);
    if (read.ok) this.#patches.set(name, read.value);
    return read;
  }
}

/** A release in one of its tree's other configurations. */
export function configured(
  release: TreeRelease,
  config: string,
  file = "",
  line = 0,
): TreeResult<TreeRelease> {
  const names = configNames(release.files);
  if (names.includes(config)) return done({ ...release, config });
  const message = `${releaseName(release)} has no configuration \`${config}\``;
  const hint = names.length === 0 ? "it has but one" : `it has ${names.join(", ")}`;
  return failed("noSuchConfig", file, line, message, hint);
}

/** Trunk first, then by name. */
const branchOrder = (a: string, b: string): number =>
  Number(b === "mainline") - Number(a === "mainline") || (a < b ? -1 : 1);

/** Replays every series. */
export function readHistory(source: TreeSource): TreeResult<TreeHistory> {
  const reader = new HistoryReader(source);
  const branches: TreeBranch[] = [];
  for (const name of Object.keys(source.series).sort(branchOrder)) {
    const branch = reader.branch(name, `series/${name}`, 0);
    if (!branch.ok) return branch;
    branches.push(...branch.value);
  }
  return done({
    branches,
    releases: branches.flatMap((branch) => branch.releases),
    variants: branches.flatMap((branch) => branch.variants),
  });
}

/** The release that a person means by `name`. */
export function findRelease(history: TreeHistory, name: string): TreeResult<TreeRelease> {
  const ids = history.releases.map((tree) => ({
    tree,
    branch: tree.branch,
    tag: tree.tag,
    release: releaseName(tree),
  }));
  const [release, config] = splitConfig(name);
  const found = resolveRelease(ids, release);
  if (!found.ok) return found;
  const { tree } = found.value;
  return config === undefined ? done(tree) : configured(tree, config);
}
