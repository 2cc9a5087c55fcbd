/**
 * Simple commands: assignments, functions, builtins, files.
 *
 * Source: POSIX.1-2017, XCU 2.9.1 "Simple Commands".
 * Left out: the special builtins' rule that their assignments and errors outlive the command.
 */
import type { UserCall } from "../../libc/trap.ts";
import type { Assignment, Node, SimpleCommand } from "./ast.ts";
import { builtinNamed } from "./builtins.ts";
import { expandText, expandWords } from "./expand.ts";
import { execCommand } from "./external.ts";
import { EXPANSION_FAILED } from "./parameter.ts";
import { runForeground } from "./pipeline.ts";
import { applyRedirects, resolveRedirects, withRedirects } from "./redirect.ts";
import type { Shell, Variable } from "./state.ts";

export function* runSimple(
  sh: Shell,
  node: SimpleCommand,
  text: string,
  tail: boolean,
  runBody: (body: Node) => UserCall,
): UserCall {
  const argv = yield* expandWords(sh, node.words);
  if (argv === EXPANSION_FAILED) return 1;
  const assigns = node.assigns.length === 0 ? NONE : yield* expandAssignments(sh, node.assigns);
  if (assigns === null) return 1;
  if (sh.xtrace) yield* traceCommand(sh, assigns, argv);
  const name = argv[0];
  if (name === undefined) return yield* assignOnly(sh, node, assigns);
  const body = sh.functions.get(name);
  if (body !== undefined) {
    return yield* withRedirects(sh, node.redirects, () =>
      withAssignments(sh, assigns, () => callFunction(sh, argv, () => runBody(body))),
    );
  }
  const builtin = builtinNamed(name);
  if (name === "exec") return yield* runExec(sh, node, argv.slice(1));
  if (builtin !== undefined) {
    return yield* withRedirects(sh, node.redirects, () =>
      withAssignments(sh, assigns, () => builtin(sh, argv, runBody)),
    );
  }
  return yield* runFile(sh, node, { argv, assigns, text, tail });
}

type Assigned = readonly (readonly [name: string, value: string])[];

const NONE: Assigned = [];

function* expandAssignments(sh: Shell, assigns: readonly Assignment[]): UserCall<Assigned | null> {
  const done: (readonly [string, string])[] = [];
  for (const { name, value } of assigns) {
    const text = yield* expandText(sh, value);
    if (text === EXPANSION_FAILED) return null;
    done.push([name, text]);
  }
  return done;
}

/** A command with no words: its assignments stay. `$?` is that of a `$(...)` in it. */
function* assignOnly(sh: Shell, node: SimpleCommand, assigns: Assigned): UserCall {
  const substituted = node.assigns.some(({ value }) =>
    value.some((part) => part.kind === "command"),
  );
  for (const [name, value] of assigns) sh.set(name, value);
  return yield* withRedirects(sh, node.redirects, function* (): UserCall {
    return substituted ? sh.status : 0;
  });
}

/** Runs `body` with variables that hold for it alone. */
function withAssignments(sh: Shell, assigns: Assigned, body: () => UserCall): UserCall {
  return assigns.length === 0 ? body() : assigned(sh, assigns, body);
}

function* assigned(sh: Shell, assigns: Assigned, body: () => UserCall): UserCall {
  const saved = assigns.map(([name]): [string, Variable | undefined] => {
    const old = sh.vars.get(name);
    return [name, old === undefined ? undefined : { ...old }];
  });
  for (const [name, value] of assigns) {
    sh.set(name, value);
  }
  const status = yield* body();
  for (const [name, old] of saved.reverse()) {
    if (old === undefined) sh.vars.delete(name);
    else sh.vars.set(name, old);
  }
  return status;
}

function* callFunction(sh: Shell, argv: readonly string[], body: () => UserCall): UserCall {
  const saved = sh.positional;
  const loops = sh.loopDepth;
  sh.positional = argv.slice(1);
  sh.loopDepth = 0;
  let status = yield* body();
  if (sh.flow?.kind === "return") {
    status = sh.flow.status;
    sh.flow = null;
  }
  sh.positional = saved;
  sh.loopDepth = loops;
  return status;
}

/** `exec` with a command becomes it; without one its redirections stay. */
function* runExec(sh: Shell, node: SimpleCommand, argv: readonly string[]): UserCall {
  const redirects = yield* resolveRedirects(sh, node.redirects);
  if (redirects === EXPANSION_FAILED) return 1;
  if (!(yield* applyRedirects(sh.p, sh.name, redirects))) return 1;
  if (argv.length === 0) return 0;
  const status = yield* execCommand(sh.p, sh.name, argv, sh.environ());
  if (!sh.interactive) sh.flow = { kind: "exit", status };
  return status;
}

interface FileCommand {
  readonly argv: readonly string[];
  readonly assigns: Assigned;
  readonly text: string;
  readonly tail: boolean;
}

function* runFile(sh: Shell, node: SimpleCommand, command: FileCommand): UserCall {
  const { argv, assigns, text, tail } = command;
  const redirects = yield* resolveRedirects(sh, node.redirects);
  if (redirects === EXPANSION_FAILED) return 1;
  const names = new Set(assigns.map(([name]) => name));
  const inherited = sh.environ().filter((entry) => !names.has(entry.slice(0, entry.indexOf("="))));
  const env = [...inherited, ...assigns.map(([name, value]) => `${name}=${value}`)];
  if (!tail) return yield* runForeground(sh, { kind: "exec", argv, env, redirects }, text);
  if (!(yield* applyRedirects(sh.p, sh.name, redirects))) return 1;
  return yield* execCommand(sh.p, sh.name, argv, env);
}

/** `set -x`. */
function* traceCommand(sh: Shell, assigns: Assigned, argv: readonly string[]): UserCall<void> {
  const words = [
    ...assigns.map(([name, value]) => `${name}=${quoteWord(value)}`),
    ...argv.map(quoteWord),
  ];
  yield* sh.p.error(`+ ${words.join(" ")}\n`);
}

function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
