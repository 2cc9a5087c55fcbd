import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKbuild } from "../../../src/tracers/kbuild/kbuild.ts";
import { API_C, API_MODULE, PAIRS, type Pair } from "./pairs.ts";

// What the kernel's own build asks for, with its warnings made errors; the pairs are small and leave
// things unused.
const FLAGS = ["-std=gnu11", "-Wall", "-Werror", "-Wno-unused", "-ffreestanding", "-c"];

const kbuild = createKbuild(ts);

const types = [
  "addr bool cast char chars const_ptr container_of cstring deref int long NULL ptr sizeof store",
  "struct u32 u64 u8 unsigned_long voidp",
]
  .join(" ")
  .split(" ");

const namesOf = (text: string): readonly string[] =>
  [
    ...text.matchAll(/^export (?:declare |const )*(?:function|interface|enum|const) (\w+)/gm),
  ].flatMap((match) => (match[1] === undefined ? [] : [match[1]]));

function moduleVerdict(pair: Pair): { verdict: Pair["verdict"]; why: string } {
  const extra = Object.entries(pair.headers ?? {}).map(
    ([name, { module }]) => [`linux/${name}`, module] as const,
  );
  const headers = kbuild.readHeaders({ "linux/api": API_MODULE, ...Object.fromEntries(extra) }, {});
  const imports = [
    `import { ${types.join(", ")} } from "linux/types";`,
    `import { ${namesOf(API_MODULE)
      .filter((name) => !definedIn(pair, name))
      .join(", ")} } from "linux/api";`,
    ...extra.map(([path, text]) => `import { ${namesOf(text).join(", ")} } from "${path}";`),
  ];
  const symbols = [API_MODULE, ...extra.map(([, text]) => text)].flatMap(namesOf);
  const result = kbuild.compile({
    name: "pair",
    file: "pair.ts",
    source: `${imports.join("\n")}\n${pair.module}\n`,
    headers,
    symvers: symbols.map((name) => ({ name, crc: 0, gplOnly: false, file: "" })),
    vermagic: "",
  });
  if (result.ok) return { verdict: "accepted", why: "" };
  return {
    verdict: "refused",
    why: result.diagnostics.map((d) => `${d.code} ${d.message}`).join("; "),
  };
}

/** A pair that defines a name of the API itself does not import it; its C half still includes it. */
const definedIn = (pair: Pair, name: string): boolean =>
  new RegExp(`function ${name}\\(`).test(pair.module);

const directory = mkdtempSync(join(tmpdir(), "c-agreement-"));
const hasGcc = spawnSync("gcc", ["--version"]).status === 0;
const complaints = new Map<string, string[]>();

/** One run of gcc over all pairs; what it says is sorted by file. */
beforeAll(() => {
  if (!hasGcc) return;
  mkdirSync(join(directory, "linux"));
  const files = PAIRS.map((pair, index) => {
    const headers = Object.values(pair.headers ?? {}).map(({ c }) => c);
    const name = `pair${index}.c`;
    writeFileSync(join(directory, name), [API_C, ...headers, pair.c, ""].join("\n"));
    return name;
  });
  const { stderr } = spawnSync("gcc", [...FLAGS, ...files], { cwd: directory, encoding: "utf8" });
  for (const [, file = "", text = ""] of stderr.matchAll(
    /^(pair\d+\.c):\d+:\d+: (?:fatal )?error: (.*)$/gm,
  ))
    complaints.set(file, [...(complaints.get(file) ?? []), text]);
});

afterAll(() => rmSync(directory, { recursive: true }));

describe("a module and the same lines of C get the same verdict", () => {
  test.each(PAIRS.map((pair, index) => ({ ...pair, index })))("$title: $verdict", (pair) => {
    const module = moduleVerdict(pair);
    expect(module.verdict, `kbuild: ${module.why || "no complaint"}`).toBe(pair.verdict);
  });

  test.skipIf(!hasGcc).each(PAIRS.map((pair, index) => ({ ...pair, index })))(
    `gcc on $title: $verdict${hasGcc ? "" : " (skipped: gcc is not installed)"}`,
    (pair) => {
      const said = complaints.get(`pair${pair.index}.c`) ?? [];
      expect(said.length > 0 ? "refused" : "accepted", `gcc: ${said.join("; ")}`).toBe(
        pair.verdict,
      );
    },
  );
});
