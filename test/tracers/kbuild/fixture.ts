import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import {
  type CompileInput,
  createKbuild,
  type Kbuild,
} from "../../../src/tracers/kbuild/kbuild.ts";
import type { Diagnostic } from "../../../src/tracers/kbuild/messages.ts";

const ROOT = `${import.meta.dirname}/fixtures/`;

export const kbuild: Kbuild = createKbuild(ts);

export const HEADERS: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync(`${ROOT}include`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => [path.slice(0, -3), readFileSync(`${ROOT}include/${path}`, "utf8")]),
);

export const COUNTER: string = readFileSync(`${ROOT}counter.ts`, "utf8");

const declared = Object.values(HEADERS).flatMap((text) =>
  [...text.matchAll(/^export declare function (\w+)/gm)].flatMap((match) => match[1] ?? []),
);

export const SYMVERS: CompileInput["symvers"] = declared.map((name, index) => ({
  name,
  crc: 0x1000 + index,
  gplOnly: name.includes("utrace"),
  file: "kernel/any.ts",
}));

export const build = (
  source: string,
  more: Partial<CompileInput> = {},
): ReturnType<Kbuild["compile"]> =>
  kbuild.compile({
    name: "m",
    file: "m.ts",
    source,
    headers: kbuild.readHeaders(HEADERS, { CONFIG_MODVERSIONS: true }),
    symvers: SYMVERS,
    vermagic: "2.6.32-quicksand",
    ...more,
  });

/** `.text` of a module that must build. */
export function textOf(source: string, more: Partial<CompileInput> = {}): string {
  return sectionOf(source, ".text", more);
}

export function sectionOf(source: string, name: string, more: Partial<CompileInput> = {}): string {
  const result = build(source, more);
  if (!result.ok) throw new Error(result.diagnostics.map(said).join("\n"));
  const [, rest = ""] = result.ko.split(`\n[${name}]\n`);
  return rest.slice(0, rest.search(/^\[[\w.]+\]$/m)).trim();
}

export const said = (d: Diagnostic): string =>
  `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`;

/** What a module that must not build is told. */
export function complaints(source: string, more: Partial<CompileInput> = {}): readonly string[] {
  const result = build(source, more);
  return result.ok ? [] : result.diagnostics.map(said);
}
