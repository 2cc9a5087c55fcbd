/**
 * Where the package's own files are, whether it runs from the bundle (`dist/cli.js` or a chunk of
 * it) or from its sources.
 */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What is kept for this user and can be made again. */
function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(base, "quicksand");
}

export interface Places {
  readonly root: string;
  readonly scenarios: string;
  readonly images: string;
  readonly tracers: string;
  /** The simulated kernel's own source: base, patches, series. */
  readonly tree: string;
  /** Images of trees that are no release, on this machine. */
  readonly cache: string;
  /** Builds, API diffs and cells of earlier runs, on this machine. */
  readonly results: string;
  /** ELF files of our own C programs. */
  readonly guests: string;
  /** The bundled worker, when this is the bundle. */
  readonly worker: URL | undefined;
}

export function findPlaces(): Places {
  const here = dirname(fileURLToPath(import.meta.url));
  let root = here;
  while (!existsSync(join(root, "package.json")) && dirname(root) !== root) root = dirname(root);
  const dist = join(root, "dist");
  const bundled = here === dist || here.startsWith(dist + sep);
  return {
    root,
    scenarios: join(root, "scenarios"),
    images: join(dist, "images"),
    tracers: join(root, "src", "tracers"),
    tree: join(root, "src", "kernel", "tree"),
    cache: join(cacheFolder(), "images"),
    results: join(cacheFolder(), "results"),
    guests: join(root, "programs", "built"),
    worker: bundled ? pathToFileURL(join(dist, "worker.js")) : undefined,
  };
}
