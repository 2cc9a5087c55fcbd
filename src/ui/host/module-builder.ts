/**
 * kbuild for the host: a module's source and a release's name to a `.ko`. The TypeScript compiler is
 * large, so it is loaded when the first module is built, and with require(), which takes a third of
 * the time that import() does.
 */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import type { ExportedSymbol } from "#kernel";
import { type CompileInput, createKbuild, type Feature, type Kbuild } from "#tracers";
import type { Diagnostic } from "../diagnostic.ts";
import type { Catalogue } from "./catalogue.ts";

/** Builds a module; mistakes come back as diagnostics. */
export type BuildModule = (
  release: string,
  module: Pick<CompileInput, "name" | "file" | "source" | "others"> & {
    /** Symbols of other modules. */
    readonly symvers?: readonly ExportedSymbol[];
  },
) => ({ readonly ko: string } | { readonly diagnostics: readonly Diagnostic[] }) & {
  /** What its feature tests found. */
  readonly features?: readonly Feature[];
};

export function createModuleBuilder(catalogue: Catalogue): BuildModule {
  let kbuild: Kbuild | undefined;
  return (release, { symvers = [], ...module }) => {
    const image = catalogue.load(release);
    if ("message" in image) return { diagnostics: [image] };
    kbuild ??= createKbuild(createRequire(import.meta.url)("typescript") as typeof TypeScript);
    const headers = kbuild.readHeaders(image.headers, image.config);
    const result = kbuild.compile({
      ...module,
      headers,
      symvers: [...image.exports, ...symvers],
      vermagic: image.vermagic,
    });
    const { features } = result;
    return result.ok ? { ko: result.ko, features } : { diagnostics: result.diagnostics, features };
  };
}
