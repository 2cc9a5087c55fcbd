/**
 * The vendors' files were built once, from the sources that lie beside them, and so they would be again:
 * what a learner reads is what runs.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { imageOf, testKbuild, tracerOf } from "../support/images.ts";

/** A blob's sources in the order of linking. */
const SOURCES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  secprod: ["secprod-core"],
  vgpu: ["vgpu-core"],
  vgx: ["vgx-shim", "vgx-core"],
};

const builds = Object.keys(SOURCES).flatMap((name) => {
  const { declaration } = tracerOf(name);
  if (declaration.house !== "blob") throw new Error(`${name} is no blob`);
  const later = declaration.builds ?? [];
  return [declaration, ...later].map(({ home, ko }) => ({ name, home, ko }));
});

test.each(builds)("$ko is what its sources come to on $home", async ({ name, home, ko }) => {
  const read = (file: string): { readonly file: string; readonly source: string } => ({
    file: `${file}.ts`,
    source: readFileSync(`src/tracers/${name}/${file}.ts.txt`, "utf8"),
  });
  const [first, ...others] = (SOURCES[name] ?? []).map(read);
  if (first === undefined) throw new Error(`${name} has no sources`);
  const image = imageOf(home);
  const built = testKbuild.compile({
    name,
    ...first,
    others,
    headers: testKbuild.readHeaders(image.headers, image.config),
    symvers: image.exports,
    vermagic: image.vermagic,
  });
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics));
  await expect(built.ko).toMatchFileSnapshot(`../../src/tracers/${name}/${ko}`);
});
