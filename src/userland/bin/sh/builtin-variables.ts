/**
 * Builtins about the shell's own state: variables, options, directory, umask.
 */
import type { UserCall } from "../../libc/trap.ts";
import type { Builtins } from "./builtin.ts";
import type { Shell } from "./state.ts";

function* cd(sh: Shell, argv: readonly string[]): UserCall {
  const operand = argv[1] ?? sh.get("HOME") ?? "/";
  const path = operand === "-" ? (sh.get("OLDPWD") ?? "/") : operand;
  const result = yield* sh.p.sys.chdir(path);
  if (result < 0) {
    yield* sh.p.error(`${sh.name}: cd: can't cd to ${path}: ${sh.p.strerror(result)}\n`);
    return 2;
  }
  const old = sh.get("PWD");
  const now = yield* sh.p.sys.getcwd();
  if (old !== undefined) sh.set("OLDPWD", old);
  if (typeof now === "string") sh.set("PWD", now);
  if (operand === "-") yield* sh.p.print(`${now}\n`);
  return 0;
}

function* pwd(sh: Shell): UserCall {
  const path = yield* sh.p.sys.getcwd();
  if (typeof path === "string") return (yield* sh.p.print(`${path}\n`)) < 0 ? 1 : 0;
  yield* sh.p.error(`${sh.name}: pwd: ${sh.p.strerror(path)}\n`);
  return 1;
}

function* exportNames(sh: Shell, argv: readonly string[]): UserCall {
  const operands = argv.slice(1).filter((text) => text !== "-p");
  if (operands.length === 0) {
    const lines = [...sh.vars]
      .filter(([, variable]) => variable.exported)
      .map(([name, variable]) => `export ${name}='${variable.value}'\n`);
    yield* sh.p.print(lines.sort().join(""));
    return 0;
  }
  for (const operand of operands) {
    const match = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(operand);
    if (match?.[1] === undefined) {
      yield* sh.p.error(`${sh.name}: export: ${operand}: bad variable name\n`);
      return 2;
    }
    const variable = sh.vars.get(match[1]);
    const value = match[2] ?? variable?.value;
    if (value !== undefined) sh.vars.set(match[1], { value, exported: true });
  }
  return 0;
}

function* unset(sh: Shell, argv: readonly string[]): UserCall {
  for (const name of argv.slice(1)) {
    sh.vars.delete(name);
    sh.functions.delete(name);
  }
  return 0;
}

function* set(sh: Shell, argv: readonly string[]): UserCall {
  const operands = argv.slice(1);
  if (operands.length === 0) {
    const lines = [...sh.vars].map(([name, variable]) => `${name}='${variable.value}'\n`);
    yield* sh.p.print(lines.sort().join(""));
    return 0;
  }
  let at = 0;
  for (; at < operands.length; at++) {
    const word = operands[at] ?? "";
    if (word === "--" || !/^[-+]./.test(word)) break;
    for (const letter of word.slice(1)) setOption(sh, letter, word.startsWith("-"));
  }
  if (operands[at] === "--") at += 1;
  else if (at === operands.length) return 0;
  sh.positional = operands.slice(at);
  return 0;
}

/** Options that mean nothing here are taken without effect, so that scripts with them run. */
function setOption(sh: Shell, letter: string, on: boolean): void {
  if (letter === "e") sh.errexit = on;
  if (letter === "x") sh.xtrace = on;
}

function* shift(sh: Shell, argv: readonly string[]): UserCall {
  const count = Number(argv[1] ?? "1");
  if (count > sh.positional.length) return 1;
  sh.positional = sh.positional.slice(count);
  return 0;
}

function* umask(sh: Shell, argv: readonly string[]): UserCall {
  const operand = argv[1];
  if (operand === undefined) {
    const mask = yield* sh.p.sys.umask(0);
    yield* sh.p.sys.umask(mask);
    yield* sh.p.print(`${mask.toString(8).padStart(4, "0")}\n`);
    return 0;
  }
  if (!/^[0-7]+$/.test(operand)) {
    yield* sh.p.error(`${sh.name}: umask: illegal mode: ${operand}\n`);
    return 1;
  }
  yield* sh.p.sys.umask(Number.parseInt(operand, 8));
  return 0;
}

/** One line of standard input, a byte at a time, so that what follows is left for others. */
function* readLine(sh: Shell, raw: boolean): UserCall<string | null> {
  const bytes: number[] = [];
  for (;;) {
    const part = yield* sh.p.sys.read(0, 1);
    const byte = typeof part === "number" ? undefined : part[0];
    if (byte === undefined) return bytes.length === 0 ? null : latin(bytes);
    if (byte !== 10) bytes.push(byte);
    else if (!raw && bytes.at(-1) === 92) bytes.pop();
    else return latin(bytes);
  }
}

function latin(bytes: readonly number[]): string {
  return String.fromCharCode(...bytes);
}

function* read(sh: Shell, argv: readonly string[]): UserCall {
  const operands = argv.slice(1).filter((text) => text !== "-r");
  const names = operands.length === 0 ? ["REPLY"] : operands;
  const line = yield* readLine(sh, argv.includes("-r"));
  let rest = (line ?? "").trim();
  for (const [index, name] of names.entries()) {
    const cut = index === names.length - 1 ? -1 : rest.search(/[ \t]/);
    sh.set(name, cut < 0 ? rest : rest.slice(0, cut));
    rest = cut < 0 ? "" : rest.slice(cut).trimStart();
  }
  return line === null ? 1 : 0;
}

export const VARIABLE_BUILTINS: Builtins = {
  cd,
  pwd,
  export: exportNames,
  unset,
  set,
  shift,
  umask,
  read,
};
