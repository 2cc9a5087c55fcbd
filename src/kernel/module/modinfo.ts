/**
 * What modinfo(8) shows of a module file, without loading it.
 *
 * Source: kmod's tools/modinfo.c. Left out: signatures.
 */
import { type KoFile, modinfoValue, parseKo } from "./ko.ts";

/** Fields in print order, or one sentence about what is wrong with the file. */
export type Modinfo =
  | { readonly kind: "fields"; readonly fields: readonly (readonly [string, string])[] }
  | { readonly kind: "bad"; readonly message: string };

export function readModinfo(source: string, file: string): Modinfo {
  const parsed = parseKo(source, file);
  if (parsed.kind === "bad") {
    const [first] = parsed.diagnostics;
    return { kind: "bad", message: `${file}:${first?.line}: ${first?.message}` };
  }
  const { ko } = parsed;
  return {
    kind: "fields",
    fields: [...ko.modinfo, ["depends", modinfoValue(ko, "depends") ?? ""]],
  };
}

/** The name that a file claims for itself, even if nothing else of it can be read. */
export function claimedName(source: string): string {
  return /^name=(\w{1,55})$/m.exec(source)?.[1] ?? "module";
}

/** The module's own name; undefined if it has none that could be one. */
export function moduleName(ko: KoFile): string | undefined {
  const name = modinfoValue(ko, "name");
  return name !== undefined && /^\w{1,55}$/.test(name) ? name : undefined;
}
