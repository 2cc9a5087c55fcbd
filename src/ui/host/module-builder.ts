/**
 * kbuild for the host: a module's source and a release's name to a `.ko`. The TypeScript compiler is
 * large, so it is loaded when the first module is built, and with require(), which takes a third of
 * the time that import() does.
 */
import { createRequire } from "node:module";
import type * as TypeScript from "typescript";
import { createKbuild, type Kbuild } from "#tracers";
import type { Catalogue } from "./catalogue.ts";
import type { BuildModule } from "./session.ts";

/** `counter.ts` to `counter`: the name of the module. */
export function moduleName(file: string): string {
  const base = file.slice(file.lastIndexOf("/") + 1);
  return base.replace(/\.ts$/, "").replaceAll("-", "_");
}

export function createModuleBuilder(catalogue: Catalogue): BuildModule {
  let kbuild: Kbuild | undefined;
  return (release, file, source, symvers = []) => {
    const image = catalogue.load(release);
    if ("message" in image) return { diagnostics: [image] };
    kbuild ??= createKbuild(createRequire(import.meta.url)("typescript") as typeof TypeScript);
    const headers = kbuild.readHeaders(image.headers, image.config);
    const result = kbuild.compile({
      name: moduleName(file),
      file,
      source,
      headers,
      symvers: [...image.exports, ...symvers],
      vermagic: image.vermagic,
    });
    const { features } = result;
    return result.ok ? { ko: result.ko, features } : { diagnostics: result.diagnostics, features };
  };
}
