/**
 * What a built module leans on: the data for predicting, without running anything, which change of a
 * release will touch it.
 */
import { isRelative } from "./own-sources.ts";
import type { Unit } from "./unit.ts";

export interface ModuleUses {
  /** Symbols that the loader must link. */
  readonly symbols: readonly string[];
  /** `struct.member` whose offset is baked in. */
  readonly fields: readonly string[];
  /** Macros and enumerators whose number is baked in. */
  readonly constants: readonly { readonly name: string; readonly value: number }[];
  /** Headers that it names in imports, and the names it takes from each. */
  readonly headers: readonly { readonly path: string; readonly names: readonly string[] }[];
  /** Header inlines that travel in the object. */
  readonly inlines: readonly string[];
  /** `struct.member` of ops tables that it fills, and the prototype of what it put there. */
  readonly callbacks: readonly { readonly member: string; readonly prototype: string }[];
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function usesOf(unit: Unit): ModuleUses {
  const headers = new Map<string, string[]>();
  const imports = unit.mains.flatMap((info) => [...info.imports.values()]);
  for (const { from, name } of imports.filter(({ from }) => !isRelative(from)))
    headers.set(from, [...(headers.get(from) ?? []), name].sort(compareText));
  const fields = [...unit.fields].flatMap(([struct, members]) =>
    [...members.keys()].map((member) => `${struct}.${member}`),
  );
  return {
    symbols: [...unit.imports.keys()].sort(compareText),
    fields: fields.sort(compareText),
    constants: [...unit.constants]
      .map(([name, value]) => ({ name, value }))
      .sort((a, b) => compareText(a.name, b.name)),
    headers: [...headers]
      .map(([path, names]) => ({ path, names }))
      .sort((a, b) => compareText(a.path, b.path)),
    inlines: [...new Set([...unit.inlines.keys(), ...unit.folded])].sort(compareText),
    callbacks: [...unit.callbacks]
      .map(([member, prototype]) => ({ member, prototype }))
      .sort((a, b) => compareText(a.member, b.member)),
  };
}
