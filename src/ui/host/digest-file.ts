/**
 * Files in the user's cache folder: a digest of the rest, a newline, the rest. Disks fill up, and people
 * edit what they find; what does not bear out its digest is not trusted.
 */
import { createHash } from "node:crypto";

const DIGEST_CHARS = 32;

export const digestOf = (content: string | Uint8Array): string =>
  createHash("sha256").update(content).digest("hex").slice(0, DIGEST_CHARS);

export const withDigest = (body: string): string => `${digestOf(body)}\n${body}`;

/** What `withDigest` was given; undefined if the text is damaged. */
export function checkedBody(text: string): string | undefined {
  const body = text.slice(DIGEST_CHARS + 1);
  return text.slice(0, DIGEST_CHARS) === digestOf(body) ? body : undefined;
}
