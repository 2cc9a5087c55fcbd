/**
 * Which tracers and releases a matrix is of, as the command line names them: names, and patterns with
 * `*` for whatever is in its place.
 */
import { readFileSync } from "node:fs";
import { splitConfig, withConfig } from "#tracers";
import type { Catalogue, ReleaseSummary } from "../host/catalogue.ts";
import { suggestName } from "../near-names.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { openCatalogue, openRelease } from "./open-client.ts";
import type { Places } from "./places.ts";

const escaped = (text: string): string => text.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");

/** Does the whole of `name` fit? */
function fits(pattern: string, name: string): boolean {
  return new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`).test(name);
}

const namesOf = ({ release, tag, branch }: ReleaseSummary): readonly string[] => [
  release,
  release.replace(/-quicksand$/, ""),
  tag,
  `${branch}/${tag}`,
];

/** Releases in the catalogue's order, each once. All of them if none is named. */
export function selectReleases(catalogue: Catalogue, wanted: readonly string[]): readonly string[] {
  const all = catalogue.releases.map(({ release }) => release);
  if (wanted.length === 0) return all;
  const chosen = new Set(
    wanted.flatMap((name): readonly string[] => {
      if (!name.includes("*")) return [nameOf(catalogue, name)];
      const found = catalogue.releases.filter((row) =>
        namesOf(row).some((each) => fits(name, each)),
      );
      if (found.length > 0) return found.map(({ release }) => release);
      const hint = "quicksand list --releases shows them";
      throw usageError("QS1101", `no release is called like "${name}"`, hint);
    }),
  );
  return all.filter((release) => chosen.has(release));
}

function nameOf(catalogue: Catalogue, name: string): string {
  const image = catalogue.load(name);
  if ("message" in image) throw new AuthorError(image);
  return image.release;
}

/** What `--release`, `--config` and `--tree` choose together. */
export interface WhichReleases {
  readonly release: readonly string[];
  readonly config?: string;
  readonly tree?: string;
}

export interface Selection {
  readonly catalogue: Catalogue;
  readonly releases: readonly string[];
  /** The tree or configuration that stands beside the release that it was made of. */
  readonly own?: string;
}

export async function openSelection(places: Places, which: WhichReleases): Promise<Selection> {
  const { config, release: wanted, tree } = which;
  if (tree !== undefined) {
    const [release] = wanted;
    const named = { tree, ...(config && { config }), ...(release && { release }) };
    const opened = await openRelease(places, named);
    return besideItsBase(opened.catalogue, opened.release ?? "");
  }
  const catalogue = openCatalogue(places);
  if (config === undefined) return openNamed(places, catalogue, wanted);
  if (wanted.length === 0) return { catalogue, releases: comingIn(catalogue, config) };
  return openConfigured(places, selectReleases(catalogue, wanted), config);
}

/** Each release beside itself in another configuration. */
async function openConfigured(
  places: Places,
  wanted: readonly string[],
  config: string,
): Promise<Selection> {
  const plain = [...new Set(wanted.map((release) => splitConfig(release)[0]))];
  const built: string[] = [];
  for (const release of plain)
    built.push(...(await openRelease(places, { release, config })).catalogue.ownImages);
  const pairs = plain.map((release) => [release, withConfig(release, config)] as const);
  const releases = pairs.flat();
  const [pair] = pairs;
  const own = pairs.length === 1 && pair !== undefined ? { own: pair[1] } : {};
  return { catalogue: openCatalogue(places, built), releases, ...own };
}

/** Releases as they are named; one in a configuration in which it does not come is built. */
async function openNamed(
  places: Places,
  catalogue: Catalogue,
  wanted: readonly string[],
): Promise<Selection> {
  const isThere = (name: string): boolean => !("message" in catalogue.load(name));
  const built: string[] = [];
  for (const release of wanted) {
    const [plain, config] = splitConfig(release);
    if (config !== undefined && isThere(plain) && !isThere(release))
      built.push(...(await openRelease(places, { release })).catalogue.ownImages);
  }
  const all = built.length === 0 ? catalogue : openCatalogue(places, built);
  return { catalogue: all, releases: selectReleases(all, wanted) };
}

function besideItsBase(catalogue: Catalogue, own: string): Selection {
  const image = catalogue.load(own);
  const base = "tag" in image ? selectReleases(catalogue, [`${image.branch}/${image.tag}`]) : [];
  return { catalogue, releases: [...base, own], own };
}

/** Every release that comes in a configuration, beside the plain one. */
function comingIn(catalogue: Catalogue, config: string): readonly string[] {
  const all = catalogue.releases.map(({ release }) => release);
  const pairs = all.filter((release) => all.includes(withConfig(release, config)));
  if (pairs.length > 0) return pairs.flatMap((release) => [release, withConfig(release, config)]);
  const hint = "--release names one to be built in it; list --releases has the configurations";
  throw usageError("QS1130", `no release comes in a configuration "${config}"`, hint);
}

/** Patterns among names of tracers, which everybody else takes as they are. */
export async function selectTracers(wanted: readonly string[]): Promise<readonly string[]> {
  if (!wanted.some((name) => name.includes("*"))) return [...new Set(wanted)];
  const { SHIPPED_TRACERS } = await import("#tracers");
  const shipped = Object.values(SHIPPED_TRACERS).map(({ name }) => name);
  const found = wanted.flatMap((name) => {
    if (!name.includes("*")) return [name];
    const fitting = shipped.filter((each) => fits(name, each));
    if (fitting.length > 0) return fitting;
    throw usageError("QS1112", `no tracer is called like "${name}"`, suggestName(name, shipped));
  });
  return [...new Set(found)];
}

/** A workload by its name, or a script in a file. */
export async function readWorkload(name: string): Promise<string> {
  const { WORKLOADS } = await import("#tracers");
  const known = WORKLOADS[name];
  if (known !== undefined) return known;
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw usageError("QS1141", `cannot read ${name}: ${code}`);
    const hint = suggestName(name, Object.keys(WORKLOADS));
    throw usageError("QS1141", `there is no workload and no file "${name}"`, hint);
  }
}
