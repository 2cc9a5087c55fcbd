/**
 * The last step of a module build: every symbol that the object imports must be exported by the
 * release, and GPL-only ones may only be used under a compatible licence.
 *
 * Source: scripts/mod/modpost.c (check_exports, check_for_gpl_usage) and include/linux/license.h.
 * Symbol name spaces are those of 5.4. Left out: section mismatches.
 */
import { type ExportedSymbol, isGplCompatible } from "#kernel";
import type { ImportedVersion } from "./ko-text.ts";
import type { Unit } from "./unit.ts";

export function modpost(
  unit: Unit,
  symvers: readonly ExportedSymbol[],
): readonly ImportedVersion[] {
  const exported = new Map(symvers.map((row) => [row.name, row]));
  const license = unit.markers.modinfo.find(([key]) => key === "license")?.[1] ?? "";
  const mayUseGpl = isGplCompatible(license);
  const spaces = unit.markers.modinfo.filter(([key]) => key === "import_ns");
  const imported = new Set(spaces.map(([, space]) => space));
  const versions: ImportedVersion[] = [];
  for (const [name, node] of unit.imports) {
    const row = exported.get(name);
    if (row === undefined) unit.report(node, "undefinedSymbol", [name, unit.name]);
    else if (row.gplOnly && !mayUseGpl) unit.report(node, "gplOnly", [name, unit.name]);
    else if (row.namespace !== undefined && !imported.has(row.namespace))
      unit.report(node, "namespace", [unit.name, name, row.namespace]);
    else versions.push({ name, crc: row.crc });
  }
  return versions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `depends=` of [.modinfo]: the modules whose symbols are used, in order of name. */
export function dependsOn(unit: Unit, symvers: readonly ExportedSymbol[]): readonly string[] {
  const modules = symvers.flatMap(({ name, module }) =>
    module !== undefined && unit.imports.has(name) ? [module] : [],
  );
  return [...new Set(modules)].sort();
}
