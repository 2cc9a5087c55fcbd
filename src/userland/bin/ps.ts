/**
 * ps: processes, read from /proc. `-e`/`-A` all, `-f` full, `ax`/`aux` BSD style, `-o` columns,
 * `-p` pids.
 *
 * Source: procps 4.0 for the columns; proc(5) for /proc/PID/stat and status.
 * Left out: sorting, threads (`-L`), most columns.
 */
import type { ProgramImage } from "#kernel";
import { accountNames } from "../libc/accounts.ts";
import { defineProgram } from "../libc/define-program.ts";
import { readDirectory } from "../libc/directory.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

interface ProcessRow {
  readonly pid: number;
  readonly comm: string;
  readonly args: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly tty: number;
  readonly tpgid: number;
  readonly ticks: number;
  readonly threads: number;
  readonly tracer: number;
  readonly uid: number;
  readonly vsize: number;
  readonly rss: number;
}

function* readProcess(p: Proc, pid: number): UserCall<ProcessRow | null> {
  const stat = yield* p.readFile(`/proc/${pid}/stat`);
  const status = yield* p.readFile(`/proc/${pid}/status`);
  const cmdline = yield* p.readFile(`/proc/${pid}/cmdline`);
  // The process may end while it is being read.
  if (typeof stat === "number") return null;
  const fields = typeof status === "number" ? "" : status;
  const close = stat.lastIndexOf(")");
  const comm = stat.slice(stat.indexOf("(") + 1, close);
  const rest = stat.slice(close + 2).split(/\s+/);
  const number = (index: number): number => Number(rest[index - 3] ?? 0);
  const words =
    typeof cmdline === "number" ? "" : cmdline.replace(/\0+$/, "").replaceAll("\0", " ");
  return {
    pid,
    comm,
    args: words === "" ? `[${comm}]` : words,
    state: rest[0] ?? "?",
    ppid: number(4),
    pgid: number(5),
    sid: number(6),
    tty: number(7),
    tpgid: number(8),
    ticks: number(14) + number(15),
    threads: number(20),
    vsize: number(23),
    rss: number(24) * 4,
    tracer: Number(/^TracerPid:\s*(\d+)/m.exec(fields)?.[1] ?? 0),
    uid: Number(/^Uid:\s*(\d+)/m.exec(fields)?.[1] ?? 0),
  };
}

/** `Ss+`: state, session leader, threads, foreground group. */
function statText(row: ProcessRow): string {
  const leader = row.sid === row.pid ? "s" : "";
  const threads = row.threads > 1 ? "l" : "";
  return `${row.state}${leader}${threads}${row.tpgid === row.pgid && row.tty !== 0 ? "+" : ""}`;
}

/** 5:1 is the system console; major 4 are virtual terminals. */
function ttyText(device: number): string {
  const major = (device >> 8) & 0xfff;
  const minor = device & 0xff;
  if (device === 0) return "?";
  if (major === 5) return "console";
  return major === 4 ? (minor >= 64 ? `ttyS${minor - 64}` : `tty${minor}`) : `${major}/${minor}`;
}

function timeText(ticks: number, short: boolean): string {
  const seconds = Math.floor(ticks / 100);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  if (short) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly left?: boolean;
  readonly cell: (row: ProcessRow, users: ReadonlyMap<number, string>) => string;
}

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: { title: "PID", width: 7, cell: (row) => String(row.pid) },
  ppid: { title: "PPID", width: 7, cell: (row) => String(row.ppid) },
  pgid: { title: "PGID", width: 7, cell: (row) => String(row.pgid) },
  sid: { title: "SID", width: 7, cell: (row) => String(row.sid) },
  tty: { title: "TTY", width: 8, left: true, cell: (row) => ttyText(row.tty) },
  stat: { title: "STAT", width: 4, left: true, cell: statText },
  s: { title: "S", width: 1, left: true, cell: (row) => row.state },
  time: { title: "TIME", width: 8, cell: (row) => timeText(row.ticks, false) },
  bsdtime: { title: "TIME", width: 6, cell: (row) => timeText(row.ticks, true) },
  comm: { title: "COMMAND", width: 15, left: true, cell: (row) => row.comm },
  cmd: { title: "CMD", width: 27, left: true, cell: (row) => row.args },
  args: { title: "COMMAND", width: 27, left: true, cell: (row) => row.args },
  ucmd: { title: "CMD", width: 15, left: true, cell: (row) => row.comm },
  tracer: { title: "TRACER", width: 7, cell: (row) => String(row.tracer) },
  uid: { title: "UID", width: 5, cell: (row) => String(row.uid) },
  user: {
    title: "USER",
    width: 8,
    left: true,
    cell: (row, users) => users.get(row.uid) ?? String(row.uid),
  },
  nlwp: { title: "NLWP", width: 4, cell: (row) => String(row.threads) },
  vsz: { title: "VSZ", width: 6, cell: (row) => String(Math.floor(row.vsize / 1024)) },
  rss: { title: "RSS", width: 5, cell: (row) => String(row.rss) },
};

interface Request {
  readonly columns: readonly string[];
  readonly all: boolean;
  readonly pids: readonly number[] | null;
}

const ALIASES: Readonly<Record<string, string>> = { command: "args", state: "s", tt: "tty" };

/** Column names of `-o`, comma-separated; the first unknown one as a text. */
function columnList(text: string): readonly string[] | string {
  const names = text.split(",").map((name) => ALIASES[name] ?? name);
  return names.find((name) => !Object.hasOwn(COLUMNS, name)) ?? names;
}

/** What a word such as `-ef`, `-A` or `aux` asks for; null when it is none of these. */
function preset(word: string): { all: boolean; columns?: readonly string[] } | null {
  if (/^-[eAf]+$/.test(word)) {
    const all = /[eA]/.test(word);
    return word.includes("f")
      ? { all, columns: ["user", "pid", "ppid", "tty", "time", "cmd"] }
      : { all };
  }
  if (!/^[axu]+$/.test(word)) return null;
  const columns = word.includes("u")
    ? ["user", "pid", "vsz", "rss", "tty", "stat", "bsdtime", "args"]
    : ["pid", "tty", "stat", "bsdtime", "args"];
  return { all: true, columns };
}

/** What the command line asks for; a text is a complaint. */
function parseRequest(words: readonly string[]): Request | string {
  let columns: readonly string[] = ["pid", "tty", "time", "ucmd"];
  let all = false;
  let pids: readonly number[] | null = null;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    // `-eo LIST` is `-e -o LIST`.
    const joined = /^-[eAf]+(?=o$)/.exec(word);
    const known = preset(joined?.[0] ?? word);
    if (joined !== null) rest.unshift("-o");
    if (known !== null) {
      all ||= known.all;
      columns = known.columns ?? columns;
    } else if (word === "-o") {
      const list = columnList(rest.shift() ?? "");
      if (typeof list === "string") return `unknown user-defined format specifier "${list}"`;
      columns = list;
    } else if (word === "-p") pids = (rest.shift() ?? "").split(",").map(Number);
    else return `unsupported option ${word}`;
  }
  return { columns, all, pids };
}

function* selectRows(p: Proc, request: Request): UserCall<ProcessRow[]> {
  const fd = yield* p.sys.open("/proc", 0);
  const entries = fd < 0 ? [] : yield* readDirectory(p.sys, fd);
  if (fd >= 0) yield* p.sys.close(fd);
  const pids = entries.map((entry) => Number(entry.name)).filter((pid) => Number.isInteger(pid));
  const rows: ProcessRow[] = [];
  for (const pid of pids.sort((a, b) => a - b)) {
    const row = yield* readProcess(p, pid);
    if (row !== null) rows.push(row);
  }
  if (request.pids !== null) return rows.filter((row) => request.pids?.includes(row.pid));
  if (request.all) return rows;
  const pid = yield* p.sys.getpid();
  const self = rows.find((row) => row.pid === pid);
  return rows.filter((row) => self === undefined || (row.tty === self.tty && row.uid === self.uid));
}

function table(
  columns: readonly Column[],
  rows: readonly ProcessRow[],
  users: ReadonlyMap<number, string>,
): string {
  const pad = (text: string, column: Column, last: boolean): string => {
    if (column.left !== true) return text.padStart(column.width);
    return last ? text : text.padEnd(column.width);
  };
  const line = (cells: readonly string[]): string =>
    `${cells
      .map((cell, at) => pad(cell, columns[at] as Column, at === cells.length - 1))
      .join(" ")
      .trimEnd()}\n`;
  const heading = line(columns.map((column) => column.title));
  return heading + rows.map((row) => line(columns.map((c) => c.cell(row, users)))).join("");
}

export const PS: ProgramImage = defineProgram("ps", function* (p) {
  const request = parseRequest(p.argv.slice(1));
  if (typeof request === "string") {
    yield* p.error(`error: ${request}\n\nUsage:\n ps [options]\n`);
    return 1;
  }
  const rows = yield* selectRows(p, request);
  const users = request.columns.includes("user")
    ? yield* accountNames(p, "/etc/passwd")
    : new Map<number, string>();
  const columns = request.columns.map((name) => COLUMNS[name] as Column);
  yield* p.print(table(columns, rows, users));
  return rows.length > 0 ? 0 : 1;
});
