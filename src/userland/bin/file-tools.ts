/**
 * mkdir, rmdir, rm, cp, mv, ln, touch, chmod: one operation for each operand.
 *
 * Source: POSIX.1-2017, XCU; texts of GNU coreutils 9.1.
 * Left out: interactive questions, backups, ownership; `cp -a`; symbolic modes of chmod.
 */
import {
  EEXIST,
  EISDIR,
  ENOENT,
  EXDEV,
  O_CREAT,
  O_DIRECTORY,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
  S_IFDIR,
  S_IFMT,
} from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram, type ProcMain } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import { type Options, parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** Answers what to say when it fails, or null. */
type Operation = (p: Proc, operand: string, options: Options) => UserCall<string | null>;

/** A program that does one thing for each operand. */
function eachOperand(name: string, short: string, skip: number, operation: Operation): ProcMain {
  return function* (p) {
    const options = yield* parseOptions(p, p.argv, short);
    if (options === null) return 1;
    const operands = options.operands.slice(skip);
    if (operands.length === 0) {
      if (options.flags.has("f")) return 0;
      yield* p.error(`${name}: missing operand\n`);
      return 1;
    }
    let status = 0;
    for (const operand of operands) {
      const problem = yield* operation(p, operand, options);
      if (problem === null) continue;
      yield* p.error(`${name}: ${problem}\n`);
      status = 1;
    }
    return status;
  };
}

function failure(p: Proc, result: number, text: string): string | null {
  return result < 0 ? `${text}: ${p.strerror(result)}` : null;
}

function* makeDirectory(p: Proc, path: string, options: Options): UserCall<string | null> {
  const parents = options.flags.has("p");
  const steps = path.split("/");
  for (let at = parents ? 1 : steps.length; at <= steps.length; at++) {
    const part = steps.slice(0, at).join("/");
    if (part === "") continue;
    const result = yield* p.sys.mkdir(part);
    if (result < 0 && !(parents && result === -EEXIST)) {
      return failure(p, result, `cannot create directory '${path}'`);
    }
  }
  return null;
}

function* removeDirectory(p: Proc, path: string): UserCall<string | null> {
  return failure(p, yield* p.sys.rmdir(path), `failed to remove '${path}'`);
}

function* remove(p: Proc, path: string, options: Options): UserCall<string | null> {
  const stat = yield* p.sys.lstat(path);
  if (typeof stat === "number") {
    if (stat === -ENOENT && options.flags.has("f")) return null;
    return failure(p, stat, `cannot remove '${path}'`);
  }
  const directory = (stat.st_mode & S_IFMT) === S_IFDIR;
  if (!directory) return failure(p, yield* p.sys.unlink(path), `cannot remove '${path}'`);
  if (!options.flags.has("r") && !options.flags.has("R")) {
    return `cannot remove '${path}': ${p.strerror(-EISDIR)}`;
  }
  const fd = yield* p.sys.open(path, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return failure(p, fd, `cannot remove '${path}'`);
  const entries = yield* readDirectory(p.sys, fd);
  yield* p.sys.close(fd);
  for (const { name } of entries) {
    if (name === "." || name === "..") continue;
    const problem = yield* remove(p, `${path}/${name}`, options);
    if (problem !== null) return problem;
  }
  return failure(p, yield* p.sys.rmdir(path), `cannot remove '${path}'`);
}

function* touch(p: Proc, path: string): UserCall<string | null> {
  const fd = yield* p.sys.open(path, O_WRONLY | O_CREAT);
  if (fd >= 0) yield* p.sys.close(fd);
  const result = fd >= 0 || fd === -EISDIR ? yield* p.sys.utimes(path) : fd;
  return failure(p, result, `cannot touch '${path}'`);
}

/** Where a copy or move of `from` to `to` ends: inside, when `to` is a directory. */
function* destination(p: Proc, from: string, to: string): UserCall<string> {
  const stat = yield* p.sys.stat(to);
  if (typeof stat === "number" || (stat.st_mode & S_IFMT) !== S_IFDIR) return to;
  return `${to.replace(/\/+$/, "")}/${from.replace(/\/+$/, "").split("/").at(-1)}`;
}

/** Copies one file's bytes and mode. */
function* copyFile(p: Proc, from: string, to: string): UserCall<string | null> {
  const stat = yield* p.sys.stat(from);
  if (typeof stat === "number") return `cannot stat '${from}': ${p.strerror(stat)}`;
  if ((stat.st_mode & S_IFMT) === S_IFDIR) {
    return `-r not specified; omitting directory '${from}'`;
  }
  const input = yield* p.sys.open(from, O_RDONLY);
  if (input < 0) return `cannot open '${from}' for reading: ${p.strerror(input)}`;
  const mode = stat.st_mode & 0o777;
  const output = yield* p.sys.open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
  const bytes = output < 0 ? output : yield* p.readAll(input);
  yield* p.sys.close(input);
  if (output < 0) return `cannot create regular file '${to}': ${p.strerror(output)}`;
  const result = typeof bytes === "number" ? bytes : yield* p.writeAll(output, bytes);
  yield* p.sys.close(output);
  return failure(p, result, `error copying '${from}' to '${to}'`);
}

function* copyTree(p: Proc, from: string, to: string, deep: boolean): UserCall<string | null> {
  const stat = yield* p.sys.stat(from);
  if (!deep || typeof stat === "number" || (stat.st_mode & S_IFMT) !== S_IFDIR) {
    return yield* copyFile(p, from, to);
  }
  const made = yield* p.sys.mkdir(to, stat.st_mode & 0o777);
  if (made < 0 && made !== -EEXIST) {
    return `cannot create directory '${to}': ${p.strerror(made)}`;
  }
  const fd = yield* p.sys.open(from, O_RDONLY | O_DIRECTORY);
  if (fd < 0) return `cannot access '${from}': ${p.strerror(fd)}`;
  const entries = yield* readDirectory(p.sys, fd);
  yield* p.sys.close(fd);
  for (const { name } of entries) {
    if (name === "." || name === "..") continue;
    const problem = yield* copyTree(p, `${from}/${name}`, `${to}/${name}`, true);
    if (problem !== null) return problem;
  }
  return null;
}

function* move(p: Proc, from: string, to: string): UserCall<string | null> {
  const result = yield* p.sys.rename(from, to);
  if (result === -ENOENT) return `cannot stat '${from}': ${p.strerror(result)}`;
  if (result !== -EXDEV) return failure(p, result, `cannot move '${from}' to '${to}'`);
  const problem = yield* copyFile(p, from, to);
  return problem ?? failure(p, yield* p.sys.unlink(from), `cannot remove '${from}'`);
}

function* link(p: Proc, from: string, to: string, options: Options): UserCall<string | null> {
  const symbolic = options.flags.has("s");
  if (options.flags.has("f")) yield* p.sys.unlink(to);
  const result = yield* symbolic ? p.sys.symlink(from, to) : p.sys.link(from, to);
  const kind = symbolic ? "symbolic" : "hard";
  return failure(p, result, `failed to create ${kind} link '${to}'`);
}

type PairOperation = (
  p: Proc,
  from: string,
  to: string,
  options: Options,
) => UserCall<string | null>;

/** A program whose last operand is where the others go. */
function towardsLast(name: string, short: string, operation: PairOperation): ProcMain {
  return function* (p) {
    const options = yield* parseOptions(p, p.argv, short);
    if (options === null) return 1;
    const sources = options.operands.slice(0, -1);
    const target = options.operands.at(-1);
    if (target === undefined || sources.length === 0) {
      const text = target === undefined ? "" : ` destination`;
      const after = target === undefined ? "" : ` after '${target}'`;
      yield* p.error(`${name}: missing${text} file operand${after}\n`);
      return 1;
    }
    if (sources.length > 1 && (yield* destination(p, "x", target)) === target) {
      yield* p.error(`${name}: target '${target}' is not a directory\n`);
      return 1;
    }
    let status = 0;
    for (const source of sources) {
      const to = yield* destination(p, source, target);
      const problem = yield* operation(p, source, to, options);
      if (problem === null) continue;
      yield* p.error(`${name}: ${problem}\n`);
      status = 1;
    }
    return status;
  };
}

export const MKDIR: ProgramImage = defineProgram(
  "mkdir",
  eachOperand("mkdir", "p", 0, makeDirectory),
);
export const RMDIR: ProgramImage = defineProgram(
  "rmdir",
  eachOperand("rmdir", "", 0, removeDirectory),
);
export const RM: ProgramImage = defineProgram("rm", eachOperand("rm", "rRf", 0, remove));
export const TOUCH: ProgramImage = defineProgram("touch", eachOperand("touch", "c", 0, touch));
export const CHMOD: ProgramImage = defineProgram(
  "chmod",
  eachOperand("chmod", "", 1, function* (p, path, options) {
    const mode = options.operands[0] ?? "";
    if (!/^[0-7]+$/.test(mode)) return `invalid mode: '${mode}'`;
    const result = yield* p.sys.chmod(path, Number.parseInt(mode, 8));
    return failure(p, result, `cannot access '${path}'`);
  }),
);
export const CP: ProgramImage = defineProgram(
  "cp",
  towardsLast("cp", "rRpf", (p, from, to, options) =>
    copyTree(p, from, to, options.flags.has("r") || options.flags.has("R")),
  ),
);
export const MV: ProgramImage = defineProgram("mv", towardsLast("mv", "f", move));
export const LN: ProgramImage = defineProgram("ln", towardsLast("ln", "sf", link));
