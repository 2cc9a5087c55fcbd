/**
 * insmod, rmmod, lsmod, modinfo: kernel modules, loaded, listed and looked at.
 *
 * Source: kmod 30 (tools/insmod.c, rmmod.c, lsmod.c, modinfo.c): its messages, which turn the
 * errno values of finit_module(2) into words.
 * Left out: modprobe and dependencies; modinfo by module name.
 */
import {
  EBUSY,
  EEXIST,
  EKEYREJECTED,
  ENOENT,
  ENOEXEC,
  MODULE_INIT_IGNORE_MODVERSIONS,
  MODULE_INIT_IGNORE_VERMAGIC,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  O_TRUNC,
} from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** mod_strerror() of tools/insmod.c. */
function insmodError(p: Proc, result: number): string {
  if (result === -ENOEXEC) return "Invalid module format";
  if (result === -ENOENT) return "Unknown symbol in module";
  if (result === -EEXIST) return "File exists";
  if (result === -EKEYREJECTED) return "Key was rejected by service";
  return p.strerror(result);
}

export const INSMOD: ProgramImage = defineProgram("insmod", function* (p) {
  const words = p.argv.slice(1);
  let flags = 0;
  while ((words[0] ?? "").startsWith("-")) {
    const word = words.shift();
    if (word !== "-f" && word !== "--force") {
      yield* p.error(`insmod: unrecognized option '${word}'\n`);
      return 1;
    }
    flags = MODULE_INIT_IGNORE_VERMAGIC | MODULE_INIT_IGNORE_MODVERSIONS;
  }
  const file = words[0];
  if (file === undefined) {
    yield* p.error("insmod: ERROR: missing filename.\n");
    return 1;
  }
  const fd = yield* p.sys.open(file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    yield* p.error(`insmod: ERROR: could not load module ${file}: ${p.strerror(fd)}\n`);
    return 1;
  }
  const result = yield* p.sys.finitModule(fd, words.slice(1).join(" "), flags);
  yield* p.sys.close(fd);
  if (result >= 0) return 0;
  yield* p.error(`insmod: ERROR: could not insert module ${file}: ${insmodError(p, result)}\n`);
  return 1;
});

/** `dir/my-module.ko` names the module `my_module`. */
function moduleName(operand: string): string {
  const file = operand.split("/").at(-1) ?? operand;
  return file.replace(/\.ko$/, "").replaceAll("-", "_");
}

interface LoadedModule {
  readonly name: string;
  readonly size: string;
  readonly references: string;
  readonly users: string;
}

function* loadedModules(p: Proc): UserCall<LoadedModule[] | number> {
  const text = yield* p.readFile("/proc/modules");
  if (typeof text === "number") return text;
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [name = "", size = "", references = "", users = ""] = line.split(" ");
    return { name, size, references, users: users.replace(/^-$/, "").replace(/,$/, "") };
  });
}

function* removeModule(p: Proc, operand: string, force: boolean): UserCall<boolean> {
  const name = moduleName(operand);
  const modules = yield* loadedModules(p);
  const module = typeof modules === "number" ? null : modules.find((one) => one.name === name);
  if (module === undefined) {
    yield* p.error(`rmmod: ERROR: Module ${name} is not currently loaded\n`);
    return false;
  }
  if (module !== null && module.users !== "") {
    yield* p.error(`rmmod: ERROR: Module ${name} is in use by: ${module.users}\n`);
    return false;
  }
  const result = yield* p.sys.deleteModule(name, O_NONBLOCK | (force ? O_TRUNC : 0));
  if (result >= 0) return true;
  if (result === -EBUSY && module !== null && module.references !== "0") {
    yield* p.error(`rmmod: ERROR: Module ${name} is in use\n`);
  } else {
    yield* p.error(`rmmod: ERROR: could not remove module ${name}: ${p.strerror(result)}\n`);
  }
  return false;
}

export const RMMOD: ProgramImage = defineProgram("rmmod", function* (p) {
  const options = yield* parseOptions(p, p.argv, "f", ["force"]);
  if (options === null) return 1;
  if (options.operands.length === 0) {
    yield* p.error("rmmod: ERROR: missing module name.\n");
    return 1;
  }
  const force = options.flags.has("f") || options.flags.has("force");
  let status = 0;
  for (const operand of options.operands) {
    if (!(yield* removeModule(p, operand, force))) status = 1;
  }
  return status;
});

export const LSMOD: ProgramImage = defineProgram("lsmod", function* (p) {
  const modules = yield* loadedModules(p);
  if (typeof modules === "number") {
    yield* p.error(`lsmod: ERROR: could not get list of modules: ${p.strerror(modules)}\n`);
    return 1;
  }
  let out = "Module                  Size  Used by\n";
  for (const { name, size, references, users } of modules) {
    out += `${name.padEnd(19)} ${size.padStart(8)}  ${references}${users === "" ? "" : ` ${users}`}\n`;
  }
  yield* p.print(out);
  return 0;
});

/** The `key=value` lines of a `.ko`'s section `.modinfo`. */
function modinfoFields(text: string): (readonly [key: string, value: string])[] | null {
  if (!text.startsWith("%quicksand-ko ")) return null;
  const lines = text.split("\n");
  const start = lines.indexOf("[.modinfo]");
  const fields: (readonly [string, string])[] = [];
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (line.startsWith("[")) break;
    const at = line.indexOf("=");
    if (at > 0) fields.push([line.slice(0, at), line.slice(at + 1)]);
  }
  return fields;
}

export const MODINFO: ProgramImage = defineProgram("modinfo", function* (p) {
  const options = yield* parseOptions(p, p.argv, "F:");
  if (options === null) return 1;
  if (options.operands.length === 0) {
    yield* p.error("modinfo: ERROR: missing module or filename.\n");
    return 1;
  }
  const only = options.values.get("F");
  let status = 0;
  for (const file of options.operands) {
    const text = yield* p.readFile(file);
    const fields = typeof text === "number" ? null : modinfoFields(text);
    if (fields === null) {
      const reason = typeof text === "number" ? p.strerror(text) : "Exec format error";
      yield* p.error(`modinfo: ERROR: could not get modinfo from '${file}': ${reason}\n`);
      status = 1;
      continue;
    }
    const rows = only === undefined ? [["filename", file] as const, ...fields] : fields;
    const chosen = rows.filter(([key]) => only === undefined || key === only);
    const line = ([key, value]: readonly [string, string]): string =>
      only === undefined ? `${`${key}:`.padEnd(16)}${value}\n` : `${value}\n`;
    yield* p.print(chosen.map(line).join(""));
  }
  return status;
});
