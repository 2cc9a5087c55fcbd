/**
 * How long a module build takes: the compiler's loading apart, the first build with its release's
 * headers to be parsed, and warm builds. Run: npx tsx --conditions=source bench/kbuild.ts
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createKbuild } from "../src/tracers/kbuild/kbuild.ts";

const FIXTURES = new URL("../test/tracers/kbuild/fixtures/", import.meta.url);
const WARM_BUILDS = 20;

const elapsedSince = (start: number): number => Math.round((performance.now() - start) * 10) / 10;

const started = performance.now();
const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
const loadMs = elapsedSince(started);

const headers: Record<string, string> = {};
for (const path of readdirSync(new URL("include", FIXTURES), { recursive: true, encoding: "utf8" }))
  if (path.endsWith(".ts"))
    headers[path.slice(0, -3)] = readFileSync(new URL(`include/${path}`, FIXTURES), "utf8");
const source = readFileSync(new URL("counter.ts", FIXTURES), "utf8");

const firstStart = performance.now();
const kbuild = createKbuild(ts);
const build = (): boolean =>
  kbuild.compile({
    name: "counter",
    file: "counter.ts",
    source,
    headers: kbuild.readHeaders(headers, {}),
    symvers: [],
    vermagic: "",
    builtin: true,
  }).ok;
const ok = build();
const firstMs = elapsedSince(firstStart);

const warm = Array.from({ length: WARM_BUILDS }, () => {
  const start = performance.now();
  build();
  return elapsedSince(start);
}).sort((a, b) => a - b);

process.stdout.write(
  `typescript loaded in ${loadMs} ms; first build ${firstMs} ms (wanted: 300); ` +
    `warm build ${warm[WARM_BUILDS / 2]} ms, worst ${warm.at(-1)} ms (wanted: 100)${ok ? "" : "; IT FAILED"}\n`,
);
