/**
 * A session for a command: in a watched worker from the bundle, in this thread from the sources.
 */
import type { ReleaseImage } from "#kernel";
import { failed } from "#tracers";
import type { Catalogue } from "../host/catalogue.ts";
import type { SessionClient } from "../host/client.ts";
import { openImages } from "../host/images.ts";
import type { WorkerSetup } from "../host/worker-protocol.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import type { Places } from "./places.ts";

/** `images` are those of trees that are no release. */
export function openCatalogue(places: Places, images: readonly string[] = []): Catalogue {
  try {
    return openImages(places.images, images);
  } catch (error) {
    throw usageError("QS1108", (error as Error).message);
  }
}

export interface OwnTree {
  readonly image: ReleaseImage;
  /** Where the image is kept. */
  readonly file: string;
}

/** Builds a learner's tree and boots it once, or says what is wrong with it. */
export async function buildTree(places: Places, dir: string): Promise<OwnTree> {
  const { builder } = openCatalogue(places);
  const { buildCheckout } = await import("../host/checkout.ts");
  const { ImageStore } = await import("../host/image-store.ts");
  const built = buildCheckout(dir, new ImageStore(places.cache, builder));
  if (!built.ok) throw new AuthorError(...built.diagnostics);
  const catalogue = openCatalogue(places, [built.file]);
  const client = await openClient(places, catalogue);
  const booted = await client.command({ op: "boot", release: built.image.release, seed: 1 });
  client.abandon();
  if (booted.kind === "done") return built;
  throw booted.kind === "bug"
    ? treeFault(booted.message, dir)
    : new AuthorError(...booted.diagnostics);
}

/** What the kernel's own checks find in a learner's tree is its author's affair, and no bug of ours. */
export const treeFault = (message: string, dir = ""): AuthorError =>
  new AuthorError(
    failed("doesNotBoot", dir, 0, `it builds, and the kernel stops: ${message}`).error,
  );

export interface WhichRelease {
  readonly release?: string;
  readonly tree?: string;
}

/** The catalogue, and the release that `--release` or `--tree` names, if one of them does. */
export async function openRelease(
  places: Places,
  { release, tree }: WhichRelease,
): Promise<{ readonly catalogue: Catalogue; readonly release?: string }> {
  if (tree === undefined) {
    const catalogue = openCatalogue(places);
    return release === undefined ? { catalogue } : { catalogue, release };
  }
  if (release !== undefined) {
    const hint = "a tree knows the release that it was taken from";
    throw usageError("QS1130", "--release and --tree exclude each other", hint);
  }
  const { image, file } = await buildTree(places, tree);
  return { catalogue: openCatalogue(places, [file]), release: image.release };
}

export const workerSetup = (places: Places, catalogue: Catalogue): WorkerSetup => ({
  imagesPath: places.images,
  ownImages: catalogue.ownImages,
  tracersPath: places.tracers,
  guestsPath: places.guests,
  treePath: places.tree,
  cachePath: places.cache,
});

export async function openClient(places: Places, catalogue: Catalogue): Promise<SessionClient> {
  if (places.worker !== undefined) {
    const { WorkerClient } = await import("../host/worker-client.ts");
    return new WorkerClient(places.worker, workerSetup(places, catalogue));
  }
  const { LocalClient } = await import("../host/local-client.ts");
  const { moduleSources } = await import("../host/module-sources.ts");
  const { sessionParts } = await import("../host/session-parts.ts");
  const { guestPrograms } = await import("../host/guest-programs.ts");
  const files = { ...moduleSources(places.tracers), ...guestPrograms(places.guests) };
  return new LocalClient(sessionParts(catalogue, files));
}
