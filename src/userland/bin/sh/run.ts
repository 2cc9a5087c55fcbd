/**
 * Runs a syntax tree. Everything answers an exit status; `sh.flow` says when the rest of a list is
 * to be skipped.
 *
 * Source: POSIX.1-2017, XCU 2.9 "Shell Commands".
 */
import type { UserCall } from "../../libc/trap.ts";
import type { List, ListItem, Node } from "./ast.ts";
import { expandPattern, expandText, expandWords } from "./expand.ts";
import { EXPANSION_FAILED } from "./parameter.ts";
import { matchPattern } from "./pattern.ts";
import { runBackground, runPipeline, runSubshell } from "./pipeline.ts";
import { withRedirects } from "./redirect.ts";
import { runSimple } from "./simple.ts";
import type { Shell } from "./state.ts";
import { mayHaveCaught, runTraps } from "./traps.ts";

/** What a turn of a loop costs a shell, besides the calls that its commands make. */
const LOOP_TURN_NS = 2_000;

type NodeOf<K extends Node["kind"]> = Extract<Node, { kind: K }>;

export function* runList(sh: Shell, list: List): UserCall {
  for (const item of list.items) {
    if (item.background) sh.status = yield* runBackground(sh, item);
    else {
      sh.status = yield* runNode(sh, item.node, item.text);
      leaveOnError(sh, item);
    }
    if (mayHaveCaught(sh)) yield* runTraps(sh, (caught) => runList(sh, caught));
    if (sh.flow !== null) break;
  }
  return sh.status;
}

/** `set -e`. */
function leaveOnError(sh: Shell, { node }: ListItem): void {
  const { status } = sh;
  if (status === 0 || !sh.errexit || sh.conditionDepth > 0 || node.kind === "and-or") return;
  sh.flow ??= { kind: "exit", status };
}

/** `text` is the source, for job messages. With `tail` the process may become the command. */
export function runNode(sh: Shell, node: Node, text = "", tail = false): UserCall {
  switch (node.kind) {
    case "simple":
      return runSimple(sh, node, text, tail, (body) => runNode(sh, body));
    case "pipeline":
      return runStages(sh, node, text);
    case "and-or":
      return runAndOr(sh, node, text);
    case "list":
      return runList(sh, node);
    case "group":
      return withRedirects(sh, node.redirects, () => runList(sh, node.body));
    case "subshell":
      return runSubshell(sh, node, text);
    case "function":
      return defineFunction(sh, node);
    default:
      return withRedirects(sh, node.redirects, () => runCompound(sh, node));
  }
}

function* defineFunction(sh: Shell, node: NodeOf<"function">): UserCall {
  sh.functions.set(node.name, node.body);
  return 0;
}

function runCompound(sh: Shell, node: NodeOf<"if" | "while" | "for" | "case">): UserCall {
  switch (node.kind) {
    case "if":
      return runIf(sh, node);
    case "while":
      return runWhile(sh, node);
    case "for":
      return runFor(sh, node);
    case "case":
      return runCase(sh, node);
  }
}

/** Runs something whose failure is an answer and not an error. */
function* runCondition(sh: Shell, body: UserCall): UserCall {
  sh.conditionDepth += 1;
  const status = yield* body;
  sh.conditionDepth -= 1;
  return status;
}

function* runStages(sh: Shell, node: NodeOf<"pipeline">, text: string): UserCall {
  const only = node.stages.length === 1 ? node.stages[0] : undefined;
  const body = only === undefined ? runPipeline(sh, node.stages, text) : runNode(sh, only, text);
  if (!node.negate) return yield* body;
  return (yield* runCondition(sh, body)) === 0 ? 1 : 0;
}

function* runAndOr(sh: Shell, node: NodeOf<"and-or">, text: string): UserCall {
  const left = yield* runCondition(sh, runNode(sh, node.left, text));
  sh.status = left;
  if (sh.flow !== null || (left === 0) !== (node.op === "&&")) return left;
  const right = yield* runNode(sh, node.right, text);
  if (right !== 0 && sh.errexit && sh.conditionDepth === 0) {
    sh.flow ??= { kind: "exit", status: right };
  }
  return right;
}

function* runIf(sh: Shell, node: NodeOf<"if">): UserCall {
  const condition = yield* runCondition(sh, runList(sh, node.condition));
  if (sh.flow !== null) return condition;
  if (condition === 0) return yield* runList(sh, node.then);
  return node.otherwise === null ? 0 : yield* runNode(sh, node.otherwise);
}

/** After a loop body: may the loop go on? Takes `break` and `continue` that end here. */
function loopGoesOn(sh: Shell): boolean {
  const flow = sh.flow;
  if (flow === null) return true;
  if (flow.kind !== "break" && flow.kind !== "continue") return false;
  if (flow.depth > 1) {
    flow.depth -= 1;
    return false;
  }
  sh.flow = null;
  return flow.kind === "continue";
}

function* runWhile(sh: Shell, node: NodeOf<"while">): UserCall {
  let status = 0;
  sh.loopDepth += 1;
  for (;;) {
    yield* sh.p.sys.compute(LOOP_TURN_NS);
    const condition = yield* runCondition(sh, runList(sh, node.condition));
    if (sh.flow === null && (condition === 0) === node.until) break;
    if (sh.flow === null) status = yield* runList(sh, node.body);
    if (!loopGoesOn(sh)) break;
  }
  sh.loopDepth -= 1;
  return status;
}

function* runFor(sh: Shell, node: NodeOf<"for">): UserCall {
  const values = node.words === null ? sh.positional : yield* expandWords(sh, node.words);
  if (values === EXPANSION_FAILED) return 1;
  let status = 0;
  sh.loopDepth += 1;
  for (const value of values) {
    yield* sh.p.sys.compute(LOOP_TURN_NS);
    sh.set(node.name, value);
    status = yield* runList(sh, node.body);
    if (!loopGoesOn(sh)) break;
  }
  sh.loopDepth -= 1;
  return status;
}

function* runCase(sh: Shell, node: NodeOf<"case">): UserCall {
  const subject = yield* expandText(sh, node.subject);
  if (subject === EXPANSION_FAILED) return 1;
  for (const arm of node.arms) {
    for (const word of arm.patterns) {
      const pattern = yield* expandPattern(sh, word);
      if (pattern === EXPANSION_FAILED) return 1;
      if (!matchPattern(pattern, subject)) continue;
      sh.status = 0;
      return yield* runList(sh, arm.body);
    }
  }
  return 0;
}
