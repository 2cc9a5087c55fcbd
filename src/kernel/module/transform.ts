/**
 * From a checked module to the source of its factory: a function that takes everything the module can
 * reach as arguments (a name found on a compartment's global costs some 300 ns, an argument under 10)
 * and answers the twins of its functions.
 *
 * The factory's parameters: `$k` the module runtime, `$m` memory, `$o` arithmetic, `$x` the text
 * table, `$u` the unit (`gone` once it is unloaded), `$n` its name, `$e` the number of its first
 * function, `$p` what to yield for a preemption, `$i` imports, `$s` and `$y` addresses of strings and symbols.
 */
import { type EmitModule, ExpressionEmitter } from "./emit-expression.ts";
import { emitFunction } from "./emit-function.ts";
import type { IrExpression, IrModule, IrStatement } from "./ir.ts";
import type { FunctionType } from "./type-text.ts";

/** A module's text, ready to be evaluated and linked. Plain JSON. */
export interface LinkedText {
  /** An expression whose value is the factory. */
  readonly source: string;
  readonly functions: readonly string[];
  /** Numbers of the functions whose preemptible twin only calls the plain one. */
  readonly leaves: readonly number[];
  readonly scalars: readonly string[];
  readonly imports: readonly string[];
  readonly addresses: readonly string[];
}

/** `types` are the prototypes of the module's functions, by name. */
export function transform(module: IrModule, types: ReadonlyMap<string, FunctionType>): LinkedText {
  const emitModule: EmitModule = { leaves: leavesOf(module), usedStrings: new Set() };
  const functions = module.functions.map((fn, index) =>
    emitFunction(fn, index, types.get(fn.name), emitModule),
  );
  const scalars = module.scalars.map(
    ({ init }, index) => `let $v${index} = ${constant(init, emitModule)};`,
  );
  const strings = [...emitModule.usedStrings].sort((a, b) => a - b);
  const names = (prefix: string, count: number): string =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`).join(", ");
  const source = [
    '(function ($k, $m, $o, $x, $u, $n, $e, $p, $i, $s, $y) { "use strict";',
    ...module.imports.map((_, i) => `const $i${i} = $i[${i}];`),
    ...strings.map((i) => `const $s${i} = $s[${i}];`),
    ...module.addresses.map((_, i) => `const $y${i} = $y[${i}];`),
    ...scalars,
    ...functions,
    `return { plain: [${names("$f", functions.length)}], gen: [${names("$g", functions.length)}],`,
    `read: (i) => [${names("$v", scalars.length)}][i],`,
    `write: (i, value) => { switch (i) {${scalars.map((_, i) => ` case ${i}: $v${i} = value; break;`).join("")} } },`,
    `relink: (i, plain, gen) => { switch (i) {${functions.map((_, i) => ` case ${i}: $f${i} = plain; $g${i} = gen; break;`).join("")} } } };`,
    "})",
  ].join("\n");
  return {
    source,
    functions: module.functions.map((fn) => fn.name),
    leaves: [...emitModule.leaves].sort((a, b) => a - b),
    scalars: module.scalars.map((scalar) => scalar.name),
    imports: module.imports,
    addresses: module.addresses,
  };
}

function constant(init: IrExpression, module: EmitModule): string {
  return new ExpressionEmitter(module, false).value(init);
}

/** Functions that neither loop nor call, or call only such: nothing in them can be preempted. */
function leavesOf(module: IrModule): ReadonlySet<number> {
  const calls = module.functions.map((fn) => calleesOf(fn.body));
  const leaves = new Set<number>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const [index, callees] of calls.entries()) {
      if (leaves.has(index) || callees === undefined) continue;
      if (![...callees].every((callee) => leaves.has(callee))) continue;
      leaves.add(index);
      grown = true;
    }
  }
  return leaves;
}

/** Local functions that are called; undefined if there is a loop or a call out of the module. */
function calleesOf(body: readonly IrStatement[]): ReadonlySet<number> | undefined {
  const callees = new Set<number>();
  // Every node is plain data, so that the walk need not know the kinds.
  const pending: unknown[] = [...body];
  while (pending.length > 0) {
    const node = pending.pop();
    if (typeof node !== "object" || node === null) continue;
    const kind = (node as { kind?: string }).kind;
    if (kind === "for" || kind === "do" || kind === "call-import" || kind === "call-indirect") {
      return undefined;
    }
    if (kind === "call-local") callees.add((node as { index: number }).index);
    pending.push(...Object.values(node));
  }
  return callees;
}
