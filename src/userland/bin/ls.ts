/**
 * ls: names in a directory. `-l` long, `-a` with dot files, `-1` one a line, `-d` the directory
 * itself, `-F` with type marks, `-i` with inode numbers.
 *
 * Source: POSIX.1-2017, XCU `ls`; texts of GNU coreutils 9.1. To a terminal the names stand in
 * columns. Left out: sorting options, colours, block totals in other units.
 */
import {
  O_DIRECTORY,
  O_RDONLY,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFSOCK,
  S_IXUSR,
} from "#abi";
import type { ProgramImage } from "#kernel";
import { accountNames } from "../libc/accounts.ts";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import type { Stat } from "../libc/file-calls.ts";
import { type Options, parseOptions } from "../libc/options.ts";
import type { Proc } from "../libc/proc.ts";
import { dateText } from "../libc/time-text.ts";
import type { UserCall } from "../libc/trap.ts";

interface Item {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

const TYPE_LETTERS: ReadonlyMap<number, string> = new Map([
  [S_IFDIR, "d"],
  [S_IFLNK, "l"],
  [S_IFCHR, "c"],
  [S_IFBLK, "b"],
  [S_IFIFO, "p"],
  [S_IFSOCK, "s"],
]);

/** `drwxr-xr-x`. */
function modeText(mode: number): string {
  let text = TYPE_LETTERS.get(mode & S_IFMT) ?? "-";
  for (const [shift, special, letter] of [
    [6, 0o4000, "s"],
    [3, 0o2000, "s"],
    [0, 0o1000, "t"],
  ] as const) {
    const bits = (mode >> shift) & 7;
    const execute = (bits & 1) !== 0;
    text += (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-");
    if ((mode & special) === 0) text += execute ? "x" : "-";
    else text += execute ? letter : letter.toUpperCase();
  }
  return text;
}

function mark(stat: Stat): string {
  const type = stat.st_mode & S_IFMT;
  if (type === S_IFDIR) return "/";
  if (type === S_IFLNK) return "@";
  if (type === S_IFIFO) return "|";
  return (stat.st_mode & S_IXUSR) !== 0 ? "*" : "";
}

function* longLines(p: Proc, items: readonly Item[], options: Options): UserCall<string[]> {
  const users = yield* accountNames(p, "/etc/passwd");
  const groups = yield* accountNames(p, "/etc/group");
  const rows: string[][] = [];
  for (const { name, path, stat } of items) {
    const type = stat.st_mode & S_IFMT;
    const device = type === S_IFCHR || type === S_IFBLK;
    const target = type === S_IFLNK ? yield* p.sys.readlink(path) : 0;
    const arrow = typeof target === "string" ? ` -> ${target}` : "";
    rows.push([
      ...(options.flags.has("i") ? [String(stat.st_ino)] : []),
      modeText(stat.st_mode),
      String(stat.st_nlink),
      users.get(stat.st_uid) ?? String(stat.st_uid),
      groups.get(stat.st_gid) ?? String(stat.st_gid),
      device ? `${(stat.st_rdev >> 8) & 0xfff}, ${stat.st_rdev & 0xff}` : String(stat.st_size),
      dateText(stat.st_mtime),
      `${name}${options.flags.has("F") && arrow === "" ? mark(stat) : arrow}`,
    ]);
  }
  return alignRows(rows);
}

/** Pads the columns: numbers to the right, names to the left, the last as it is. */
function alignRows(rows: readonly (readonly string[])[]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => {
        if (at === columns - 1) return cell;
        return /^\d/.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
      })
      .join(" "),
  );
}

/** Names in columns that fit the width, filled downwards. */
function columnLines(names: readonly string[], width: number): string[] {
  for (let columns = Math.min(names.length, 40); columns > 1; columns--) {
    const rows = Math.ceil(names.length / columns);
    if (Math.ceil(names.length / rows) !== columns) continue;
    const widths = Array.from({ length: columns }, (_, at) =>
      Math.max(...names.slice(at * rows, (at + 1) * rows).map((name) => name.length)),
    );
    if (widths.reduce((sum, size) => sum + size + 2, -2) > width) continue;
    return Array.from({ length: rows }, (_, row) =>
      widths
        .map((size, at) => (names[at * rows + row] ?? "").padEnd(size))
        .join("  ")
        .trimEnd(),
    );
  }
  return [...names];
}

function* format(p: Proc, items: readonly Item[], options: Options): UserCall<string> {
  if (items.length === 0) return "";
  if (options.flags.has("l")) return `${(yield* longLines(p, items, options)).join("\n")}\n`;
  const names = items.map(({ name, stat }) => {
    const number = options.flags.has("i") ? `${stat.st_ino} ` : "";
    return `${number}${name}${options.flags.has("F") ? mark(stat) : ""}`;
  });
  const size = options.flags.has("1") ? -1 : yield* p.sys.winsize(1);
  const lines = typeof size === "number" ? names : columnLines(names, size[1] || 80);
  return `${lines.join("\n")}\n`;
}

/** The entries of one directory, sorted by name; null after a message. */
function* listDirectory(p: Proc, path: string, options: Options): UserCall<Item[] | null> {
  const fd = yield* p.sys.open(path, O_RDONLY | O_DIRECTORY);
  if (fd < 0) {
    yield* p.error(`ls: cannot open directory '${path}': ${p.strerror(fd)}\n`);
    return null;
  }
  const entries = yield* readDirectory(p.sys, fd);
  yield* p.sys.close(fd);
  const items: Item[] = [];
  const wanted = entries.filter(({ name }) => options.flags.has("a") || !name.startsWith("."));
  const details = ["l", "F", "i"].some((flag) => options.flags.has(flag));
  for (const { name } of wanted) {
    const full = path.endsWith("/") ? `${path}${name}` : `${path}/${name}`;
    const stat = details ? yield* p.sys.lstat(full) : NO_STAT;
    // It may have gone since: a process of /proc often has.
    if (typeof stat !== "number") items.push({ name, path: full, stat });
  }
  return items.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const NO_STAT = {} as Stat;

/** The operands: files to show as they are, directories to open, and whether one is missing. */
function* sortOperands(
  p: Proc,
  options: Options,
): UserCall<{ files: Item[]; directories: string[]; missing: boolean }> {
  const files: Item[] = [];
  const directories: string[] = [];
  let missing = false;
  const links = options.flags.has("l") || options.flags.has("d");
  for (const path of options.operands.length === 0 ? ["."] : options.operands) {
    const stat = yield* links ? p.sys.lstat(path) : p.sys.stat(path);
    if (typeof stat === "number") {
      yield* p.error(`ls: cannot access '${path}': ${p.strerror(stat)}\n`);
      missing = true;
    } else if ((stat.st_mode & S_IFMT) === S_IFDIR && !options.flags.has("d")) {
      directories.push(path);
    } else files.push({ name: path, path, stat });
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, directories: directories.sort(), missing };
}

/** What the entries take on the disk, in the 1024-byte blocks of GNU ls. */
const blocksOf = (items: readonly Item[]): number =>
  items.reduce((sum, { stat }) => sum + stat.st_blocks, 0) / 2;

function* main(p: Proc): UserCall {
  const options = yield* parseOptions(p, p.argv, "la1dFiAhn");
  if (options === null) return 2;
  const { files, directories, missing } = yield* sortOperands(p, options);
  let status = missing ? 2 : 0;
  let out = yield* format(p, files, options);
  for (const path of directories) {
    const items = yield* listDirectory(p, path, options);
    if (items === null) {
      status = 2;
      continue;
    }
    if (options.operands.length > 1) out += `${out === "" ? "" : "\n"}${path}:\n`;
    if (options.flags.has("l")) out += `total ${blocksOf(items)}\n`;
    out += yield* format(p, items, options);
  }
  yield* p.print(out);
  return status;
}

export const LS: ProgramImage = defineProgram("ls", main);
