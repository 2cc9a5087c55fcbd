/**
 * The file of one image in the user's cache folder: a digest of the rest, a newline, the image as JSON. Disks
 * fill up, and people edit what they find, so a file that does not bear out its digest counts as none.
 *
 * Left out: the images that come with quicksand, which are plain JSON and made anew by `npm run prepare`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ReleaseImage } from "#kernel";

const DIGEST_CHARS = 32;

const digestOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, DIGEST_CHARS);

export function imageFileText(image: ReleaseImage): string {
  const json = JSON.stringify(image);
  return `${digestOf(json)}\n${json}`;
}

/** Undefined when there is no such file, or when it is damaged. */
export function readImageFile(file: string): ReleaseImage | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const json = text.slice(DIGEST_CHARS + 1);
  const isWhole = text.slice(0, DIGEST_CHARS) === digestOf(json);
  return isWhole ? (JSON.parse(json) as ReleaseImage) : undefined;
}
