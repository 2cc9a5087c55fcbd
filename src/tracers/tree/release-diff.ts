/**
 * Two releases compared, and each difference with the patch that made it. The difference is that of
 * the two trees; on the way from one to the other every patch is looked at for what it did.
 */
import { type ApiChange, type ApiSide, diffApi } from "../kbuild/api-diff.ts";
import { diffCode } from "../kbuild/code-diff.ts";
import type { Kbuild } from "../kbuild/kbuild.ts";
import type { Ts } from "../kbuild/source-info.ts";
import type { TreeFiles } from "./apply-patch.ts";
import { sortFiles } from "./build-image.ts";
import { readConfig } from "./config.ts";
import type { TreeHistory, TreeRelease, TreeStep } from "./history.ts";
import type { PatchFile } from "./patch-file.ts";
import { pathBetween } from "./path.ts";
import { diffQuietly, type Side } from "./quiet-diff.ts";

export interface AttributedChange {
  readonly change: ApiChange;
  /** The last patch of the way that touched it. */
  readonly patch: PatchFile | undefined;
  /** It is not a patch that made it, but this configuration. */
  readonly config?: string;
}

/** The API of a tree in a configuration, without building an image of it. */
export function sideOfTree(kbuild: Kbuild, files: TreeFiles, config?: string): ApiSide {
  const { headers, sources } = sortFiles(files);
  const set = kbuild.readHeaders(headers, readConfig(files, config));
  const exports = Object.entries(sources).flatMap(([file, text]) =>
    kbuild.exportsOf(file, text, set),
  );
  return { headers: set, exports };
}

const SEVERITIES: readonly ApiChange["severity"][] = ["build", "load", "silent"];

class ReleaseDiff {
  readonly #ts: Ts;
  readonly #kbuild: Kbuild;
  readonly #sides = new Map<TreeFiles, Map<string | undefined, ApiSide>>();

  constructor(ts: Ts, kbuild: Kbuild) {
    this.#ts = ts;
    this.#kbuild = kbuild;
  }

  changes(before: TreeFiles, after: TreeFiles, config?: string): readonly ApiChange[] {
    return this.#changes(before, config, after, config);
  }

  /** What another configuration changes in one tree. */
  configChanges(files: TreeFiles, before?: string, after?: string): readonly ApiChange[] {
    return before === after ? [] : this.#changes(files, before, files, after);
  }

  #changes(
    before: TreeFiles,
    configBefore: string | undefined,
    after: TreeFiles,
    configAfter: string | undefined,
  ): readonly ApiChange[] {
    const old: Side = { files: before, api: this.#side(before, configBefore) };
    const now: Side = { files: after, api: this.#side(after, configAfter) };
    const api = diffApi(this.#ts, old.api, now.api);
    // An inline that modules can use is told of as such, and so is a member that has another type.
    const told = new Set(api.map(({ name }) => name));
    const rest = [...diffQuietly(this.#ts, old, now), ...diffCode(this.#ts, before, after)];
    return [
      ...api,
      ...rest.filter(({ name, severity }) => severity !== "silent" || !told.has(name)),
    ];
  }

  #side(files: TreeFiles, config: string | undefined): ApiSide {
    const configs = this.#sides.get(files) ?? new Map<string | undefined, ApiSide>();
    this.#sides.set(files, configs);
    const side = configs.get(config) ?? sideOfTree(this.#kbuild, files, config);
    configs.set(config, side);
    return side;
  }
}

/** Build-breaking changes first, then load-breaking, then silent ones. */
const bySeverity = (changes: readonly AttributedChange[]): readonly AttributedChange[] =>
  SEVERITIES.flatMap((severity) => changes.filter(({ change }) => change.severity === severity));

/** What one patch changes. */
export function diffPatch(
  ts: Ts,
  kbuild: Kbuild,
  { patch, before, after }: TreeStep,
): readonly AttributedChange[] {
  const changes = new ReleaseDiff(ts, kbuild).changes(before, after);
  return bySeverity(changes.map((change) => ({ change, patch })));
}

/** In the configurations of the two; the way between them is looked at in that of the first. */
export function diffReleases(
  ts: Ts,
  kbuild: Kbuild,
  history: TreeHistory,
  from: TreeRelease,
  to: TreeRelease,
): readonly AttributedChange[] {
  const diff = new ReleaseDiff(ts, kbuild);
  const blame = new Map<string, PatchFile>();
  for (const { patch, before, after } of pathBetween(history, from, to))
    for (const { kind, name } of diff.changes(before, after, from.config)) {
      blame.set(name, patch);
      blame.set(`${kind} ${name}`, patch);
    }
  const byPatch = diff.changes(from.files, to.files, from.config).map((change) => {
    const { kind, name } = change;
    return { change, patch: blame.get(`${kind} ${name}`) ?? blame.get(name) };
  });
  const config = to.config ?? `without ${from.config}`;
  const byConfig = diff
    .configChanges(to.files, from.config, to.config)
    .map((change) => ({ change, patch: undefined, config }));
  return bySeverity([...byPatch, ...byConfig]);
}
