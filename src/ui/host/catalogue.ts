/**
 * What the outside can know of releases without booting one: names, patches, sources. `images.ts`
 * reads it from the files that the image builder wrote.
 */
import type { ReleaseImage } from "#kernel";
import type { Diagnostic } from "../diagnostic.ts";

/** One line of the index. */
export interface ReleaseSummary {
  readonly release: string;
  readonly branch: string;
  readonly tag: string;
  /** Patches since the parent release. */
  readonly patches: readonly string[];
}

export interface Catalogue {
  /** Oldest first within a branch. */
  readonly releases: readonly ReleaseSummary[];
  /** A hash of the code that made the images. */
  readonly builder: string;
  /** A hash of all releases and patches. */
  readonly identity: string;
  /** Files of images that are no releases: a learner's trees. */
  readonly ownImages: readonly string[];
  /** The release to use when none is named. */
  readonly defaultRelease: string;
  /** An image, or why there is none. `name` is a release, a tag, or BRANCH/TAG, maybe with +CONFIG. */
  load(name: string): ReleaseImage | Diagnostic;
  /** The text of a patch, by its number. */
  patch(number: string): string | undefined;
  /** Numbers of every patch. */
  readonly patchNumbers: readonly string[];
}
