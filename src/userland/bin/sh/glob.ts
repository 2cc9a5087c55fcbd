/**
 * Pathname expansion: which files a pattern names, in order.
 *
 * Source: POSIX.1-2017, XCU 2.13.3, glob(7): a leading dot is matched only by a dot.
 */
import { O_DIRECTORY, O_RDONLY } from "#abi";
import { readDirectory } from "../../libc/directory.ts";
import type { Sys } from "../../libc/system-calls.ts";
import type { UserCall } from "../../libc/trap.ts";
import { hasPattern, matchPattern, type PatternPiece } from "./pattern.ts";

/** The matching paths, sorted; none leaves the pattern as it is. */
export function* globPaths(sys: Sys, pieces: readonly PatternPiece[]): UserCall<string[]> {
  const components = splitComponents(pieces);
  let found = [""];
  for (const [index, component] of components.entries()) {
    const last = index === components.length - 1;
    const next: string[] = [];
    for (const base of found) next.push(...(yield* step(sys, base, component, last)));
    found = next;
  }
  return found;
}

/** The paths under `base` that one component leads to; `base` is empty or ends in a slash. */
function* step(
  sys: Sys,
  base: string,
  component: readonly PatternPiece[],
  last: boolean,
): UserCall<string[]> {
  const end = last ? "" : "/";
  if (!hasPattern(component)) {
    const path = `${base}${component.map((piece) => piece.text).join("")}`;
    if (!last) return [`${path}/`];
    return (yield* sys.access(path, 0)) === 0 ? [path] : [];
  }
  const fd = yield* sys.open(base === "" ? "." : base, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return [];
  const entries = yield* readDirectory(sys, fd);
  yield* sys.close(fd);
  const dots = (component[0]?.text ?? "").startsWith(".");
  return entries
    .map((entry) => entry.name)
    .filter((name) => dots || !name.startsWith("."))
    .filter((name) => matchPattern(component, name))
    .sort()
    .map((name) => `${base}${name}${end}`);
}

function splitComponents(pieces: readonly PatternPiece[]): PatternPiece[][] {
  const components: PatternPiece[][] = [[]];
  for (const piece of pieces) {
    for (const [index, text] of piece.text.split("/").entries()) {
      if (index > 0) components.push([]);
      if (text !== "") components.at(-1)?.push({ text, quoted: piece.quoted });
    }
  }
  return components;
}
