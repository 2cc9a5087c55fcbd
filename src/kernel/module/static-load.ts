/**
 * What the loader would say of a module file on a release, without a machine: the checks that come
 * before linking, made against the release's exported symbols.
 *
 * Left out: policy (signatures, lockdown), symbols of other modules, and what init answers.
 */
import type { ReleaseImage } from "../image.ts";
import { type CompileModule, compileKo } from "./compile.ts";
import type { KoFile } from "./ko.ts";
import { checkModinfo, checkSymbols, type LoadReport } from "./load-checks.ts";
import { foreignNames } from "./loader.ts";
import { claimedName } from "./module-name.ts";
import { SymbolTable } from "./symbol.ts";

export interface StaticLoad {
  /** Why it would be refused; empty if it would be linked. */
  readonly errors: readonly string[];
  /** The file as it was read; undefined if it could not be. */
  readonly ko: KoFile | undefined;
}

function symbolsOf(image: ReleaseImage): SymbolTable {
  const symbols = new SymbolTable();
  for (const { name, crc, gplOnly, namespace } of image.exports)
    symbols.define({ name, crc, gplOnly, namespace, owner: "", address: 0, plain: () => 0 });
  return symbols;
}

/** `force` is insmod -f. */
export function loadStatically(
  source: string,
  image: ReleaseImage,
  force: boolean,
  compile: CompileModule = compileKo,
): StaticLoad {
  const compiled = compile(source, `${claimedName(source)}.ko`);
  if (compiled.kind === "bad")
    return { errors: compiled.diagnostics.map(({ message }) => message), ko: undefined };
  const report: LoadReport = {
    name: "module",
    ignoreVermagic: force,
    ignoreVersions: force,
    hasModversions: image.config["CONFIG_MODVERSIONS"] === true,
    kernelTaint: 0,
    taint: 0,
    warnings: [],
    errno: 0,
    errors: [],
  };
  if (checkModinfo(report, compiled.ko, image.vermagic))
    checkSymbols(report, compiled.ko, foreignNames(compiled), symbolsOf(image), () => true);
  return { errors: report.errors, ko: compiled.ko };
}
