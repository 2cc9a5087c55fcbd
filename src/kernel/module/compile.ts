/**
 * A module file to linkable text: parse, check the dialect, check that the sections fit the text,
 * transform. The image builder calls it for the kernel's own objects, the loader for modules.
 */
import type { Diagnostic } from "../lib/diagnostic.ts";
import { checkDialect } from "./dialect.ts";
import { type KoFile, parseKo } from "./ko.ts";
import { type LinkedText, transform } from "./transform.ts";

export type CompileResult =
  | { readonly kind: "ok"; readonly ko: KoFile; readonly linked: LinkedText }
  | { readonly kind: "bad"; readonly diagnostics: readonly Diagnostic[] };

/** `compileKo`, or something that remembers what it answered: the same file gives the same text. */
export type CompileModule = (source: string, file: string) => CompileResult;

/** `source` is the text of a `.ko`; `file` is its name in messages. */
export function compileKo(source: string, file: string): CompileResult {
  const parsed = parseKo(source, file);
  if (parsed.kind === "bad") return parsed;
  const { ko } = parsed;
  const checked = checkDialect(ko.text, file, ko.textLine, ko.rodata.length);
  if (checked.kind === "bad") return checked;
  const linked = transform(
    checked.module,
    new Map(ko.symtab.map(({ name, type }) => [name, type])),
  );
  const problem = mismatch(ko, linked);
  if (problem === undefined) return { kind: "ok", ko, linked };
  const place = { code: "QS1408", message: problem, file, line: ko.textLine, column: 1 };
  return { kind: "bad", diagnostics: [place] };
}

/** What a section says of the text, and the text does not bear out. */
function mismatch(ko: KoFile, linked: LinkedText): string | undefined {
  const functions = new Set(linked.functions);
  const variables = new Set(linked.scalars);
  const objects = new Set(ko.data.map(({ name }) => name));
  const taken = [...functions, ...variables].find((name) => objects.has(name));
  if (taken !== undefined) return `'${taken}' is defined in [.data] and in [.text]`;
  const untyped = ko.symtab.find(({ name }) => !functions.has(name));
  if (untyped !== undefined)
    return `[.symtab] names '${untyped.name}', which [.text] does not define`;
  const entry = ko.entries.find((each) => !functions.has(each.function));
  if (entry !== undefined)
    return `[.init] names '${entry.function}', which [.text] does not define`;
  const param = ko.params.find(
    ({ variable }) => !variables.has(variable) && !objects.has(variable),
  );
  if (param !== undefined)
    return `[.param] names '${param.variable}', which the module does not define`;
  const badString = ko.data.some(({ items }) =>
    items.some((item) => "string" in item && item.string >= ko.rodata.length),
  );
  return badString ? "[.data] names a string that [.rodata] does not have" : undefined;
}
