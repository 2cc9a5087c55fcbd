/**
 * A digest of our own code, as far as a cell of the matrix depends on it: kernel, userland, tracers,
 * and the host's part in running them. The kernel's own tree is not in it: images have that.
 *
 * The bundle has the digest of the sources that it was made of, so that who runs the sources and who
 * runs the bundle share their results.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Put there by `scripts/bundle.ts`. */
declare const QUICKSAND_CODE_DIGEST: string | undefined;

const FOLDERS = ["kernel", "userland", "tracers", "ui/host"];
const TREE = join("src", "kernel", "tree") + sep;

export function codeDigest(): string {
  if (typeof QUICKSAND_CODE_DIGEST === "string") return QUICKSAND_CODE_DIGEST;
  return digestSources(fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, ""));
}

/** `root` is the package's folder. */
export function digestSources(root: string): string {
  const hash = createHash("sha256");
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, "src", folder), { recursive: true, withFileTypes: true }).flatMap(
      (entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []),
    ),
  );
  const isOurs = (file: string): boolean => !file.startsWith(join(root, TREE));
  for (const file of [...files.filter(isOurs), join(root, "package-lock.json")].sort()) {
    hash.update(`${file.slice(root.length)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}
