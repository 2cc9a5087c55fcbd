/**
 * modinfo: what a module's file says of itself.
 *
 * Source: kmod 30 (tools/modinfo.c). Left out: -0, -k, -b; the long ids are one line each.
 */
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import { parseOptions } from "../libc/options.ts";
import { findModule, modinfoFields } from "./module-files.ts";

/** -a, -d, -l, -p, -n: one field. */
const SHORT_FIELDS: ReadonlyMap<string, string> = new Map([
  ["a", "author"],
  ["d", "description"],
  ["l", "license"],
  ["p", "parm"],
  ["n", "filename"],
]);

export const MODINFO: ProgramImage = defineProgram("modinfo", function* (p) {
  const options = yield* parseOptions(p, p.argv, "F:adlpn");
  if (options === null) return 1;
  if (options.operands.length === 0) {
    yield* p.error("modinfo: ERROR: missing module or filename.\n");
    return 1;
  }
  const short = [...SHORT_FIELDS].find(([letter]) => options.flags.has(letter))?.[1];
  const only = options.values.get("F") ?? short;
  let status = 0;
  for (const operand of options.operands) {
    const isFile = /[/.]/.test(operand);
    const file = isFile ? operand : (yield* findModule(p, operand))?.file;
    if (file === undefined) {
      yield* p.error(`modinfo: ERROR: Module ${operand} not found.\n`);
      status = 1;
      continue;
    }
    const text = yield* p.readFile(file);
    const fields = typeof text === "number" ? null : modinfoFields(text);
    if (fields === null) {
      const reason = typeof text === "number" ? p.strerror(text) : "Exec format error";
      yield* p.error(`modinfo: ERROR: could not get modinfo from '${file}': ${reason}\n`);
      status = 1;
      continue;
    }
    const rows = [["filename", file] as const, ...fields];
    const chosen = rows.filter(([key]) => only === undefined || key === only);
    const line = ([key, value]: readonly [string, string]): string =>
      only === undefined ? `${`${key}:`.padEnd(16)}${value}\n` : `${value}\n`;
    yield* p.print(chosen.map(line).join(""));
  }
  return status;
});
