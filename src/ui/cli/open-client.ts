/**
 * A session for a command: in a watched worker from the bundle, in this thread from the sources.
 */
import type { ReleaseImage } from "#kernel";
import { failed, splitConfig, withConfig } from "#tracers";
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
export async function buildTree(places: Places, dir: string, config?: string): Promise<OwnTree> {
  const { builder } = openCatalogue(places);
  const { buildCheckout } = await import("../host/checkout.ts");
  const { ImageStore } = await import("../host/image-store.ts");
  const built = buildCheckout(dir, new ImageStore(places.cache, builder), config);
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
  readonly config?: string;
}

/** Which release's other configuration? A table has many. */
export function checkWhich({ release, tree, config }: WhichRelease): void {
  if (config !== undefined && release === undefined && tree === undefined)
    throw usageError("QS1130", "--config wants --release, too");
}

interface OpenedRelease {
  readonly catalogue: Catalogue;
  readonly release?: string;
}

/** The catalogue, and the release that `--release`, `--tree` and `--config` name, if they do. */
export async function openRelease(places: Places, which: WhichRelease): Promise<OpenedRelease> {
  const { release, tree, config } = which;
  if (tree === undefined) {
    const catalogue = openCatalogue(places);
    if (release === undefined && config === undefined) return { catalogue };
    return openConfigured(places, catalogue, release ?? catalogue.defaultRelease, config);
  }
  if (release !== undefined) {
    const hint = "a tree knows the release that it was taken from";
    throw usageError("QS1130", "--release and --tree exclude each other", hint);
  }
  const { image, file } = await buildTree(places, tree, config);
  return { catalogue: openCatalogue(places, [file]), release: image.release };
}

/** A release in a configuration; an image that does not come with quicksand is built. */
async function openConfigured(
  places: Places,
  catalogue: Catalogue,
  release: string,
  option: string | undefined,
): Promise<OpenedRelease> {
  const [plain, named] = splitConfig(release);
  const config = option ?? named;
  const name = withConfig(plain, config);
  const isThere = (wanted: string): boolean => !("message" in catalogue.load(wanted));
  // What is wrong with a name is told by whoever boots it.
  if (config === undefined || isThere(name) || !isThere(plain)) return { catalogue, release: name };
  const { buildConfigured } = await import("../host/checkout.ts");
  const { ImageStore } = await import("../host/image-store.ts");
  const built = buildConfigured(places.tree, name, new ImageStore(places.cache, catalogue.builder));
  if (!built.ok) throw new AuthorError(...built.diagnostics);
  return { catalogue: openCatalogue(places, [built.file]), release: built.image.release };
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
