/** Builds and diffs that are kept, and what they depend on. */
import { expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import { BuildCache, type Kbuild, type ResultStore } from "#tracers";
import { imageOf, testKbuild, tracerOf } from "../../support/images.ts";

class Shelf implements ResultStore {
  readonly #values = new Map<string, string>();
  get(key: string): unknown {
    const text = this.#values.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }
  put(key: string, value: unknown): void {
    this.#values.set(key, JSON.stringify(value));
  }
  hash(content: string | Uint8Array): string {
    return String(content);
  }
}

const counter = tracerOf("counter");
const home = imageOf("2.6.32-71.el6");

const noCompiler = (): Kbuild => {
  throw new Error("the compiler was wanted");
};

/** A cache that has built `tracer` for `image`, and one that opens its store later. */
function secondCache(image: ReleaseImage, makeKbuild = noCompiler, builder = "b"): BuildCache {
  const store = new Shelf();
  const first = new BuildCache(() => testKbuild, { store, builder: "b" });
  first.build(counter, image);
  first.diff(home, image);
  return new BuildCache(makeKbuild, { store, builder });
}

const wantsCompiler = (cache: BuildCache, image: ReleaseImage): boolean => {
  try {
    cache.build(counter, image);
    return false;
  } catch {
    return true;
  }
};

test("a build that is kept is the build that the compiler makes, and so is a failure", () => {
  for (const tag of ["2.6.32-71.el6", "v6.16", "2.6.32-19.el6"]) {
    const fresh = new BuildCache(() => testKbuild).build(counter, imageOf(tag));
    expect(secondCache(imageOf(tag)).build(counter, imageOf(tag))).toEqual(fresh);
  }
});

test("so is a diff", () => {
  const after = imageOf("2.6.32-19.el6");
  const fresh = new BuildCache(() => testKbuild).diff(home, after);
  expect(fresh.length).toBeGreaterThan(0);
  expect(secondCache(after).diff(home, after)).toEqual(fresh);
});

const withHeader = (path: string, text: string): ReleaseImage => ({
  ...home,
  headers: { ...home.headers, [path]: `${home.headers[path] ?? ""}${text}` },
});

test("it holds as long as the headers that the module includes are the same", () => {
  const cache = secondCache(home);
  expect(wantsCompiler(cache, withHeader("linux/unheard_of", "export const X: int = 1;\n"))).toBe(
    false,
  );
  expect(wantsCompiler(cache, withHeader("linux/utrace", "\n"))).toBe(true);
  // Included by what it includes.
  expect(wantsCompiler(cache, withHeader("linux/list", "\n"))).toBe(true);
});

test("every source of a module counts", () => {
  const tracer = tracerOf("taskfinder");
  const store = new Shelf();
  new BuildCache(() => testKbuild, { store, builder: "b" }).build(tracer, home);
  const cache = new BuildCache(noCompiler, { store, builder: "b" });
  expect(() => cache.build(tracer, home)).not.toThrow();
  const others = (tracer.others ?? []).map((each) => ({ ...each, source: `${each.source}\n` }));
  expect(others).toHaveLength(1);
  expect(() => cache.build({ ...tracer, others }, home)).toThrow("the compiler was wanted");
});

test("and the exports that it may link to, the configuration, and the compiler", () => {
  const cache = secondCache(home);
  const other = { name: "nobody_calls_it", crc: 1, gplOnly: false, file: "x.ts" };
  expect(wantsCompiler(cache, { ...home, exports: [...home.exports, other] })).toBe(false);
  const changed = home.exports.map((row) =>
    row.name === "utrace_attach_task" ? { ...row, crc: row.crc ^ 1 } : row,
  );
  expect(wantsCompiler(cache, { ...home, exports: changed })).toBe(true);
  expect(wantsCompiler(cache, { ...home, config: { ...home.config, CONFIG_X: true } })).toBe(true);
  expect(wantsCompiler(secondCache(home, noCompiler, "another"), home)).toBe(true);
});

test("a failure also depends on headers that would have told of another place", () => {
  const failing = imageOf("v6.16");
  const cache = secondCache(failing);
  expect(wantsCompiler(cache, failing)).toBe(false);
  const more = { ...failing, headers: { ...failing.headers, "linux/unheard_of": "\n" } };
  expect(wantsCompiler(cache, more)).toBe(true);
});

test("a release that differs in nothing but its version takes the build with its own version magic", () => {
  const later: ReleaseImage = {
    ...home,
    vermagic: home.vermagic.replace(/^\S+/, "2.6.32-72.el6"),
    config: { ...home.config, LINUX_VERSION_CODE: 1 },
  };
  const cache = secondCache(home);
  const fresh = new BuildCache(() => testKbuild).build(counter, later);
  expect(cache.build(counter, later)).toEqual(fresh);
  expect(fresh).toMatchObject({ ko: expect.stringContaining(`vermagic=${later.vermagic}\n`) });
});

test("unless a text asks for the version", () => {
  const asks = "//#if LINUX_VERSION_CODE > 1\n//#endif\n";
  const image = withHeader("linux/utrace", asks);
  const cache = secondCache(image);
  expect(wantsCompiler(cache, image)).toBe(false);
  const later = { ...image, config: { ...image.config, LINUX_VERSION_CODE: 1 } };
  expect(wantsCompiler(cache, later)).toBe(true);
});
