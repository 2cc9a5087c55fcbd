/**
 * Module files as the tools see them: what they say of themselves, and where they are found.
 *
 * Source: kmod 30 (libkmod-module.c, libkmod-signature.c); modules.dep(5). Left out: compressed
 * files, modules.dep.bin, modprobe.d.
 */
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** `dir/my-module.ko` names the module `my_module`. */
export function moduleName(operand: string): string {
  const file = operand.split("/").at(-1) ?? operand;
  return file.replace(/\.ko$/, "").replaceAll("-", "_");
}

export type ModinfoField = readonly [key: string, value: string];

/** The `key=value` lines of section `.modinfo`, and those of the signature; null for no module. */
export function modinfoFields(text: string): readonly ModinfoField[] | null {
  if (!text.startsWith("%quicksand-ko ")) return null;
  const lines = text.split("\n");
  const fields = fieldsAfter(lines, "[.modinfo]");
  const isSigned = lines.at(-2) === "~Module signature appended~";
  const signature = isSigned ? fieldsAfter(lines, "[.end]") : [];
  return [...fields, ...signature.filter(([key]) => key !== "sig_len")];
}

function fieldsAfter(lines: readonly string[], header: string): readonly ModinfoField[] {
  const start = lines.lastIndexOf(header);
  const fields: ModinfoField[] = [];
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (line.startsWith("[")) break;
    const at = line.indexOf("=");
    if (at > 0) fields.push([line.slice(0, at), line.slice(at + 1)]);
  }
  return fields;
}

/** Modules that a module needs, as its file says. */
export const dependsOf = (fields: readonly ModinfoField[]): readonly string[] =>
  fields.flatMap(([key, value]) =>
    key === "depends" ? value.split(",").filter((name) => name !== "") : [],
  );

/** Where the modules of the running release are. */
export function* moduleFolder(p: Proc): UserCall<string> {
  const uts = yield* p.sys.uname();
  return `/lib/modules/${typeof uts === "number" ? "" : uts.release}`;
}

/** One line of modules.dep: a file, and the files that must be loaded before it, nearest first. */
export interface Dependency {
  readonly file: string;
  readonly needs: readonly string[];
}

/** modules.dep of a folder, with whole paths. */
export function* readDependencies(p: Proc, folder: string): UserCall<readonly Dependency[]> {
  const text = yield* p.readFile(`${folder}/modules.dep`);
  if (typeof text === "number") return [];
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return lines.map((line) => {
    const [file = "", needs = ""] = line.split(":");
    const words = needs.split(" ").filter((word) => word !== "");
    return { file: `${folder}/${file}`, needs: words.map((word) => `${folder}/${word}`) };
  });
}

/** The installed file of a module. */
export function* findModule(p: Proc, name: string): UserCall<Dependency | undefined> {
  const all = yield* readDependencies(p, yield* moduleFolder(p));
  return all.find(({ file }) => moduleName(file) === moduleName(name));
}
