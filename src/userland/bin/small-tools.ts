/**
 * Programs of a few lines: true, false, sleep, env, pwd, id, date, uname, yes, time.
 *
 * Source: POSIX.1-2017, XCU; texts of GNU coreutils 9.1.
 * Left out: date's formats beyond `+%s`; `env -u`.
 */
import { CLOCK_REALTIME, EINTR } from "#abi";
import type { ProgramImage } from "#kernel";
import { accountNames } from "../libc/accounts.ts";
import { defineProgram } from "../libc/define-program.ts";
import { parseOptions } from "../libc/options.ts";
import { fullDateText } from "../libc/time-text.ts";
import { execCommand } from "./sh/external.ts";

const NS_PER_S = 1_000_000_000;

export const TRUE: ProgramImage = defineProgram("true", function* () {
  return 0;
});

export const FALSE: ProgramImage = defineProgram("false", function* () {
  return 1;
});

const UNIT_SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86400 };

export const SLEEP: ProgramImage = defineProgram("sleep", function* (p) {
  if (p.argv.length < 2) {
    yield* p.error("sleep: missing operand\n");
    return 1;
  }
  let seconds = 0;
  for (const operand of p.argv.slice(1)) {
    const match = /^(\d*\.?\d+)([smhd]?)$/.exec(operand);
    if (match === null) {
      yield* p.error(`sleep: invalid time interval '${operand}'\n`);
      return 1;
    }
    seconds += Number(match[1]) * (UNIT_SECONDS[match[2] ?? ""] ?? 1);
  }
  const result = yield* p.sys.nanosleep(Math.round(seconds * NS_PER_S));
  return result === -EINTR ? 1 : 0;
});

export const ENV: ProgramImage = defineProgram("env", function* (p) {
  const words = p.argv.slice(1);
  let vars = p.environ();
  if (words[0] === "-i" || words[0] === "-") {
    words.shift();
    vars = [];
  }
  for (let word = words[0]; word?.includes("=") === true; word = words[0]) {
    const name = word.slice(0, word.indexOf("=") + 1);
    vars = [...vars.filter((text) => !text.startsWith(name)), word];
    words.shift();
  }
  if (words.length > 0) return yield* execCommand(p, "env", words, vars);
  yield* p.print(vars.map((text) => `${text}\n`).join(""));
  return 0;
});

export const PWD: ProgramImage = defineProgram("pwd", function* (p) {
  const path = yield* p.sys.getcwd();
  if (typeof path === "string") return (yield* p.print(`${path}\n`)) < 0 ? 1 : 0;
  yield* p.error(`pwd: ${p.strerror(path)}\n`);
  return 1;
});

export const ID: ProgramImage = defineProgram("id", function* (p) {
  const options = yield* parseOptions(p, p.argv, "ugn");
  if (options === null) return 1;
  const uid = yield* p.sys.geteuid();
  const gid = yield* p.sys.getgid();
  const user = (yield* accountNames(p, "/etc/passwd")).get(uid);
  const group = (yield* accountNames(p, "/etc/group")).get(gid);
  const label = (number: number, name: string | undefined): string =>
    name === undefined ? String(number) : `${number}(${name})`;
  let text = `uid=${label(uid, user)} gid=${label(gid, group)} groups=${label(gid, group)}`;
  const named = options.flags.has("n");
  if (options.flags.has("u")) text = named ? (user ?? String(uid)) : String(uid);
  if (options.flags.has("g")) text = named ? (group ?? String(gid)) : String(gid);
  yield* p.print(`${text}\n`);
  return 0;
});

export const DATE: ProgramImage = defineProgram("date", function* (p) {
  const now = yield* p.sys.clockGettime(CLOCK_REALTIME);
  const seconds = Math.floor(now / NS_PER_S);
  yield* p.print(p.argv[1] === "+%s" ? `${seconds}\n` : `${fullDateText(seconds)}\n`);
  return 0;
});

export const UNAME: ProgramImage = defineProgram("uname", function* (p) {
  const options = yield* parseOptions(p, p.argv, "asnrvmo");
  if (options === null) return 1;
  const name = yield* p.sys.uname();
  if (typeof name === "number") return 1;
  const fields: readonly (readonly [flag: string, text: string])[] = [
    ["s", name.sysname],
    ["n", name.nodename],
    ["r", name.release],
    ["v", name.version],
    ["m", name.machine],
    ["o", "GNU/Linux"],
  ];
  const all = options.flags.has("a");
  const flags = options.flags.size === 0 ? new Set(["s"]) : options.flags;
  const chosen = fields.filter(([flag]) => all || flags.has(flag)).map(([, text]) => text);
  yield* p.print(`${chosen.join(" ")}\n`);
  return 0;
});

export const YES: ProgramImage = defineProgram("yes", function* (p) {
  const line = `${p.argv.slice(1).join(" ") || "y"}\n`;
  const block = line.repeat(Math.max(1, Math.floor(1024 / line.length)));
  while ((yield* p.print(block)) >= 0) {
    // Until the reader goes away: SIGPIPE, or EPIPE where it is ignored.
  }
  return 1;
});

/** `1m2.345s`, as shells print it. */
function minutesText(ns: number): string {
  const seconds = ns / NS_PER_S;
  return `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
}

export const TIME: ProgramImage = defineProgram(
  "time",
  function* (p) {
    if (p.argv.length < 2) {
      yield* p.error("Usage: time COMMAND [ARG]...\n");
      return 125;
    }
    const started = yield* p.sys.clockGettime();
    const pid = yield* p.sys.spawn(p.entry("child"));
    const ended = pid < 0 ? pid : yield* p.sys.wait4Usage(pid);
    if (typeof ended === "number") {
      yield* p.error(`time: ${p.strerror(ended)}\n`);
      return 125;
    }
    const real = (yield* p.sys.clockGettime()) - started;
    const rows = { real, user: ended.userNs, sys: ended.systemNs };
    for (const [name, ns] of Object.entries(rows)) yield* p.error(`${name}\t${minutesText(ns)}\n`);
    return (ended.status & 0x7f) === 0 ? ended.status >> 8 : 128 + (ended.status & 0x7f);
  },
  {
    *child(p) {
      return yield* execCommand(p, "time", p.argv.slice(1), p.environ());
    },
  },
);
