/**
 * insmod, rmmod, lsmod: kernel modules, loaded, taken away and listed, one at a time.
 *
 * Source: kmod 30 (tools/insmod.c, rmmod.c, lsmod.c): its messages, which turn the errno values of
 * finit_module(2) into words.
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
import { moduleName } from "./module-files.ts";

/** mod_strerror() of tools/insmod.c. */
export function insmodError(p: Proc, result: number): string {
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

export interface LoadedModule {
  readonly name: string;
  readonly size: string;
  readonly references: string;
  readonly users: string;
}

export function* loadedModules(p: Proc): UserCall<LoadedModule[] | number> {
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
