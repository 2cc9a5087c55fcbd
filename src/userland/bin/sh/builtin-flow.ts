/**
 * Builtins that decide what runs next: exit, return, break, continue, eval, `.`, trap.
 */
import { SIG_DFL, SIG_IGN, signalName, signalNumber } from "#abi";
import type { UserCall } from "../../libc/trap.ts";
import type { List } from "./ast.ts";
import type { Builtins } from "./builtin.ts";
import { parseScript } from "./parser.ts";
import type { Shell } from "./state.ts";

/** The status operand of exit and return. */
function* statusOperand(sh: Shell, argv: readonly string[]): UserCall<number> {
  const text = argv[1];
  if (text === undefined) return sh.status;
  if (/^\d+$/.test(text)) return Number(text) & 0xff;
  yield* sh.p.error(`${sh.name}: ${argv[0]}: Illegal number: ${text}\n`);
  return 2;
}

function* exit(sh: Shell, argv: readonly string[]): UserCall {
  const status = yield* statusOperand(sh, argv);
  sh.flow = { kind: "exit", status };
  return status;
}

function* returnFrom(sh: Shell, argv: readonly string[]): UserCall {
  const status = yield* statusOperand(sh, argv);
  sh.flow = { kind: "return", status };
  return status;
}

function loopControl(kind: "break" | "continue"): (sh: Shell, argv: readonly string[]) => UserCall {
  return function* (sh, argv): UserCall {
    const depth = Math.min(Number(argv[1] ?? "1") || 1, sh.loopDepth);
    if (depth > 0) sh.flow = { kind, depth };
    return 0;
  };
}

function* runText(sh: Shell, text: string, place: string, run: (list: List) => UserCall): UserCall {
  const parsed = parseScript(text);
  if (parsed.kind === "ok") {
    sh.status = 0;
    return yield* run(parsed.list);
  }
  yield* sh.p.error(`${place}: ${parsed.message}\n`);
  if (!sh.interactive) sh.flow = { kind: "exit", status: 2 };
  return 2;
}

function evalText(sh: Shell, argv: readonly string[], run: (list: List) => UserCall): UserCall {
  return runText(sh, argv.slice(1).join(" "), sh.name, run);
}

function* dot(sh: Shell, argv: readonly string[], run: (list: List) => UserCall): UserCall {
  const path = argv[1] ?? "";
  const text = yield* sh.p.readFile(path);
  if (typeof text === "string") return yield* runText(sh, text, path, run);
  yield* sh.p.error(`${sh.name}: .: can't open '${path}': ${sh.p.strerror(text)}\n`);
  if (!sh.interactive) sh.flow = { kind: "exit", status: 2 };
  return 2;
}

function* trap(sh: Shell, argv: readonly string[]): UserCall {
  const [action, ...names] = argv.slice(1);
  if (action === undefined) {
    for (const [name, text] of sh.traps) {
      yield* sh.p.print(`trap -- '${text.replaceAll("'", "'\\''")}' ${name}\n`);
    }
    return 0;
  }
  // `trap INT` alone resets, as `trap - INT` does.
  const [text, list] = names.length === 0 ? ["-", [action]] : [action, names];
  let status = 0;
  for (const name of list) if (!(yield* setTrap(sh, text, name))) status = 1;
  return status;
}

function* setTrap(sh: Shell, text: string, name: string): UserCall<boolean> {
  const sig = name === "EXIT" || name === "0" ? 0 : signalNumber(name);
  if (sig === undefined) {
    yield* sh.p.error(`${sh.name}: trap: ${name}: invalid signal specification\n`);
    return false;
  }
  const key = sig === 0 ? "EXIT" : (signalName(sig) ?? "").replace(/^SIG/, "");
  if (text === "-") sh.traps.delete(key);
  else sh.traps.set(key, text);
  if (sig === 0) return true;
  const handler = text === "-" ? SIG_DFL : text === "" ? SIG_IGN : sh.p.entry("onSignal");
  yield* sh.p.sys.sigaction(sig, { handler });
  return true;
}

export const FLOW_BUILTINS: Builtins = {
  exit,
  return: returnFrom,
  break: loopControl("break"),
  continue: loopControl("continue"),
  eval: evalText,
  ".": dot,
  trap,
};
