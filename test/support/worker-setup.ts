/** What a worker is started with in tests. */
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { WorkerSetup } from "../../src/ui/host/worker-protocol.ts";

/** Shared by the tests of one user: images in it are named by their content. */
export const TEST_CACHE_HOME: string = join(tmpdir(), "quicksand-test-cache");
export const TEST_CACHE: string = join(TEST_CACHE_HOME, "quicksand", "images");
export const TEST_RESULTS: string = join(TEST_CACHE_HOME, "quicksand", "results");

export const WORKER_SETUP: WorkerSetup = {
  imagesPath: resolve("dist/images"),
  ownImages: [],
  tracersPath: resolve("src/tracers"),
  guestsPath: resolve("programs/built"),
  treePath: resolve("src/kernel/tree"),
  cachePath: TEST_CACHE,
};
