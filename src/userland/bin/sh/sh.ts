/**
 * sh: reads commands from a terminal, a string (`-c`), a file or a pipe.
 *
 * Source: POSIX.1-2017, XCU `sh`; prompts and messages as busybox ash has them, job lines as bash.
 * Left out: history and line editing (the terminal's own editing works), aliases, profile files.
 */
import { EINTR, ENOENT, F_DUPFD_CLOEXEC, SIG_IGN, SIGINT } from "#abi";
import { decodeUtf8, type ProgramImage } from "#kernel";
import { defineProgram } from "../../libc/define-program.ts";
import type { Proc } from "../../libc/proc.ts";
import type { UserCall } from "../../libc/trap.ts";
import type { List } from "./ast.ts";
import { execCommand } from "./external.ts";
import { reportJobs } from "./jobs.ts";
import { type ChildOrder, JOB_CONTROL_SIGNALS, takePlace } from "./launch.ts";
import { parseScript } from "./parser.ts";
import { applyRedirects, PRIVATE_FD_MIN } from "./redirect.ts";
import { runList, runNode } from "./run.ts";
import { Shell } from "./state.ts";
import { forgetInterrupt, onSignal, prepareTraps, runTrap } from "./traps.ts";

function* main(p: Proc): UserCall {
  const sh = new Shell(p);
  // argv and env are read off the stack before anything is pushed on it.
  const operands = [...p.argv];
  for (const [name, value] of p.env) sh.vars.set(name, { value, exported: true });
  prepareTraps(p);
  sh.pid = yield* p.sys.getpid();
  yield* defaultVariables(sh);
  operands.shift();
  let fromString = false;
  while (/^-[eixc]+$/.test(operands[0] ?? "")) {
    const flags = operands.shift() ?? "";
    if (flags.includes("e")) sh.errexit = true;
    if (flags.includes("x")) sh.xtrace = true;
    if (flags.includes("i")) sh.interactive = true;
    if (flags.includes("c")) fromString = true;
  }
  if (fromString) return yield* runString(sh, operands);
  const file = operands[0];
  if (file !== undefined) return yield* runFile(sh, file, operands.slice(1));
  if (sh.interactive || (yield* p.sys.isatty(0))) return yield* interact(sh);
  const bytes = yield* p.readAll(0);
  return yield* runScript(sh, typeof bytes === "number" ? "" : decodeUtf8(bytes), false);
}

function* defaultVariables(sh: Shell): UserCall<void> {
  if (sh.get("PATH") === undefined) sh.set("PATH", "/bin:/sbin:/usr/bin");
  const cwd = yield* sh.p.sys.getcwd();
  if (typeof cwd === "string") sh.vars.set("PWD", { value: cwd, exported: true });
}

function* runString(sh: Shell, operands: readonly string[]): UserCall {
  const [text, name, ...rest] = operands;
  if (text === undefined) {
    yield* sh.p.error("sh: option requires an argument -- c\n");
    return 2;
  }
  if (name !== undefined) sh.name = name;
  sh.positional = rest;
  return yield* runScript(sh, text, true);
}

function* runFile(sh: Shell, file: string, operands: readonly string[]): UserCall {
  const text = yield* sh.p.readFile(file);
  if (typeof text === "number") {
    const reason = text === -ENOENT ? "No such file or directory" : sh.p.strerror(text);
    yield* sh.p.error(`sh: can't open '${file}': ${reason}\n`);
    return text === -ENOENT ? 127 : 126;
  }
  sh.name = file;
  sh.positional = operands;
  return yield* runScript(sh, text, false);
}

/** With `tail`, a script that is one simple command becomes that command without a child. */
function* runScript(sh: Shell, text: string, tail: boolean): UserCall {
  const parsed = parseScript(text);
  if (parsed.kind !== "ok") {
    yield* sh.p.error(`${sh.name}: ${parsed.message}\n`);
    return 2;
  }
  const only = parsed.list.items.length === 1 ? parsed.list.items[0] : undefined;
  if (tail && only !== undefined && !only.background && only.node.kind === "simple") {
    sh.status = yield* runNode(sh, only.node, only.text, true);
  } else yield* runList(sh, parsed.list);
  return yield* finish(sh);
}

/** Runs the EXIT trap and answers the exit status. */
function* finish(sh: Shell): UserCall {
  let status = sh.flow?.kind === "exit" ? sh.flow.status : sh.status;
  if (!sh.traps.has("EXIT")) return status;
  sh.status = status;
  sh.flow = null;
  yield* runTrap(sh, "EXIT", (list) => runList(sh, list));
  const flow = sh.flow as Shell["flow"];
  if (flow?.kind === "exit") status = flow.status;
  return status;
}

/** Takes the terminal and keeps the keyboard's signals from the shell itself. */
function* takeTerminal(sh: Shell): UserCall<void> {
  const { sys } = sh.p;
  for (const sig of JOB_CONTROL_SIGNALS) yield* sys.sigaction(sig, { handler: SIG_IGN });
  // ^C has to wake the read at the prompt: a handler, and no SA_RESTART.
  yield* sys.sigaction(SIGINT, { handler: sh.p.entry("onSignal") });
  const terminal = yield* sys.fcntl(0, F_DUPFD_CLOEXEC, PRIVATE_FD_MIN);
  if (terminal < 0) return;
  yield* sys.setpgid(0, 0);
  if ((yield* sys.tcsetpgrp(terminal, sh.pid)) < 0) {
    yield* sys.close(terminal);
    yield* sh.p.error("sh: can't access tty; job control turned off\n");
    return;
  }
  sh.terminal = terminal;
  sh.jobControl = true;
}

function* interact(sh: Shell): UserCall {
  sh.interactive = true;
  yield* takeTerminal(sh);
  const prompt = sh.get("PS1") ?? ((yield* sh.p.sys.geteuid()) === 0 ? "# " : "$ ");
  for (;;) {
    yield* reportJobs(sh);
    const list = yield* readCommand(sh, prompt);
    if (list === "eof") break;
    if (list === null) continue;
    forgetInterrupt(sh);
    yield* runList(sh, list);
    const flow = sh.flow as Shell["flow"];
    if (flow?.kind === "exit") break;
    if (flow?.kind === "interrupt") sh.status = 130;
    sh.flow = null;
  }
  return yield* finish(sh);
}

/** One complete command from the terminal; null when there is nothing to run. */
function* readCommand(sh: Shell, prompt: string): UserCall<List | null | "eof"> {
  let text = "";
  for (;;) {
    yield* sh.p.error(text === "" ? prompt : "> ");
    const part = yield* sh.p.sys.read(0, 4096);
    if (part === -EINTR) {
      forgetInterrupt(sh);
      yield* sh.p.error("\n");
      sh.status = 130;
      return null;
    }
    if (typeof part === "number" || part.length === 0) {
      if (text === "") {
        yield* sh.p.error("\n");
        return "eof";
      }
      yield* sh.p.error(`${sh.name}: syntax error: unexpected end of file\n`);
      return null;
    }
    text += decodeUtf8(part);
    const parsed = parseScript(text);
    if (parsed.kind === "ok") return parsed.list;
    if (parsed.kind === "incomplete") continue;
    yield* sh.p.error(`${sh.name}: ${parsed.message}\n`);
    sh.status = 2;
    return null;
  }
}

/** Where children start: see launch.ts. */
function* child(p: Proc): UserCall {
  const order = JSON.parse(p.sys.readString(p.arg)) as ChildOrder;
  prepareTraps(p);
  const sh = new Shell(p);
  sh.restore(order.saved);
  yield* takePlace(p, order);
  const { work } = order;
  switch (work.kind) {
    case "exec":
      if (!(yield* applyRedirects(p, sh.name, work.redirects))) return 1;
      return yield* execCommand(p, sh.name, work.argv, work.env);
    case "script":
      return yield* runScript(sh, work.text, true);
    case "node":
      sh.status = yield* runNode(sh, work.node, "", true);
      return yield* finish(sh);
  }
}

export const SH: ProgramImage = defineProgram("sh", main, { child, onSignal });
