/**
 * The file of one image in the user's cache folder: JSON behind its digest. A damaged one counts as none.
 *
 * Left out: the images that come with quicksand, which are plain JSON and made anew by `npm run prepare`.
 */
import { readFileSync } from "node:fs";
import type { ReleaseImage } from "#kernel";
import { checkedBody, withDigest } from "./digest-file.ts";

export const imageFileText = (image: ReleaseImage): string => withDigest(JSON.stringify(image));

/** Undefined when there is no such file, or when it is damaged. */
export function readImageFile(file: string): ReleaseImage | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const json = checkedBody(text);
  return json === undefined ? undefined : (JSON.parse(json) as ReleaseImage);
}
