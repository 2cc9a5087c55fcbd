import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import { imageFileText, readImageFile } from "../../../src/ui/host/image-file.ts";
import { ImageStore } from "../../../src/ui/host/image-store.ts";
import { imageOf, releaseOf, treeHistory } from "../../support/images.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "quicksand-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, (text: string) => string]>([
  ["cut short", (text) => text.slice(0, -1)],
  ["empty", () => ""],
  ["altered in one letter", (text) => text.replace("quicksand", "quickSand")],
  ["an image without a digest", (text) => text.slice(text.indexOf("{"))],
  ["something else", () => "damaged"],
])("a file that is %s is no image", (_title, damage) => {
  const file = join(folder, "image.txt");
  const text = imageFileText(imageOf("v2.6.32"));
  writeFileSync(file, text);
  expect(readImageFile(file)).toEqual(imageOf("v2.6.32"));
  writeFileSync(file, damage(text));
  expect(readImageFile(file)).toBeUndefined();
});

test("a damaged image in the cache is built again, and the file is whole afterwards", () => {
  const cache = join(folder, "images");
  const tree = releaseOf(treeHistory(), "v2.6.32");
  const get = (): ReleaseImage => {
    const stored = new ImageStore(cache, "builder").get(tree);
    if (!stored.ok) throw new Error(stored.diagnostics[0]?.message);
    return stored.image;
  };
  const built = get();
  const [name = ""] = readdirSync(cache);
  const file = join(cache, name);
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, whole.slice(0, 1000));
  expect(get()).toEqual(built);
  expect(readdirSync(cache)).toEqual([name]);
  expect(readFileSync(file, "utf8")).toBe(whole);
});
