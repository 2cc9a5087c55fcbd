/** The name of a module, which its file says in [.modinfo]. Source: kernel/module.c. */
import { type KoFile, modinfoValue } from "./ko.ts";

/** The name that a file claims for itself, even if nothing else of it can be read. */
export function claimedName(source: string): string {
  return /^name=(\w{1,55})$/m.exec(source)?.[1] ?? "module";
}

/** The module's own name; undefined if it has none that could be one. */
export function moduleName(ko: KoFile): string | undefined {
  const name = modinfoValue(ko, "name");
  return name !== undefined && /^\w{1,55}$/.test(name) ? name : undefined;
}
