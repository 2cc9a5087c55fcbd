/**
 * Statements and functions of module text to JavaScript: the plain twin, which runs to its end, and
 * the generator twin, which can be preempted and can block. Fuel is drawn at function entry and loop
 * heads; entering and leaving a function keeps the shadow call stack.
 */
import type { CType } from "../kmem/layout.ts";
import { type EmitModule, ExpressionEmitter } from "./emit-expression.ts";
import type { IrFunction, IrStatement } from "./ir.ts";
import type { FunctionType } from "./type-text.ts";

/** The twins of function number `index`, as text. */
export function emitFunction(
  fn: IrFunction,
  index: number,
  type: FunctionType | undefined,
  module: EmitModule,
): string {
  const plain = emitTwin(fn, index, type, module, false);
  const params = paramNames(fn).join(", ");
  const generator = module.leaves.has(index)
    ? `function* $g${index}(${params}) { return $f${index}(${params}); }`
    : emitTwin(fn, index, type, module, true);
  return `${plain}\n${generator}`;
}

function emitTwin(
  fn: IrFunction,
  index: number,
  type: FunctionType | undefined,
  module: EmitModule,
  isGenerator: boolean,
): string {
  const emitter = new StatementEmitter(module, isGenerator);
  const body = fn.body.map((statement) => emitter.statement(statement));
  const locals = [];
  for (let slot = fn.paramCount; slot < fn.slotCount; slot++) locals.push(`$${slot}`);
  const names = [...locals, ...emitter.temporaries].map((name) => `${name} = 0`);
  return [
    `function${isGenerator ? "*" : ""} ${isGenerator ? "$g" : "$f"}${index}(${paramNames(fn).join(", ")}) {`,
    names.length === 0 ? "" : `let ${names.join(", ")};`,
    ...paramNames(fn).map((name, i) => receive(name, type?.params[i])),
    `$k.enter($e + ${index});`,
    ...body,
    "return $k.leave(0);",
    "}",
  ].join("\n");
}

function paramNames(fn: IrFunction): string[] {
  return Array.from({ length: fn.paramCount }, (_, slot) => `$${slot}`);
}

/** A register as the function's own prototype reads it. What nobody passed is 0. */
function receive(name: string, type: CType | undefined): string {
  if (type?.kind === "bool") return `${name} = ${name} ? 1 : 0;`;
  if (type?.kind !== "int" || type.size === 8) return `if (${name} === undefined) ${name} = 0;`;
  if (type.size === 4) return `${name} = ${name} ${type.signed ? "| 0" : ">>> 0"};`;
  const unused = 32 - type.size * 8;
  if (type.signed) return `${name} = ${name} << ${unused} >> ${unused};`;
  return `${name} = ${name} & ${2 ** (type.size * 8) - 1};`;
}

class StatementEmitter {
  readonly #expressions: ExpressionEmitter;
  readonly #isGenerator: boolean;

  constructor(module: EmitModule, isGenerator: boolean) {
    this.#expressions = new ExpressionEmitter(module, isGenerator);
    this.#isGenerator = isGenerator;
  }

  get temporaries(): readonly string[] {
    return this.#expressions.temporaries;
  }

  statement(node: IrStatement): string {
    const emit = this.#expressions;
    switch (node.kind) {
      case "expression":
        return `${emit.value(node.expression)};`;
      case "block":
        return `{ ${this.#all(node.body)} }`;
      case "if": {
        const head = `if (${emit.test(node.test)}) { ${this.statement(node.consequent)} }`;
        return node.alternate === undefined
          ? head
          : `${head} else { ${this.statement(node.alternate)} }`;
      }
      case "for": {
        const init = node.init === undefined ? "" : emit.value(node.init);
        const test = node.test === undefined ? "" : emit.test(node.test);
        const update = node.update === undefined ? "" : emit.value(node.update);
        return `for (${init}; ${test}; ${update}) { ${this.#loopHead()} ${this.statement(node.body)} }`;
      }
      case "do":
        return `do { ${this.#loopHead()} ${this.statement(node.body)} } while (${emit.test(node.test)});`;
      case "switch":
        return this.#switch(node);
      case "break":
      case "continue":
        return `${node.kind};`;
      case "return":
        return `return $k.leave(${node.value === undefined ? 0 : emit.value(node.value)});`;
    }
  }

  #switch(node: IrStatement & { kind: "switch" }): string {
    const cases = node.cases.map(({ test, body }) => {
      const label = test === undefined ? "default" : `case ${this.#expressions.value(test)}`;
      return `${label}: ${this.#all(body)}`;
    });
    return `switch (${this.#expressions.value(node.value)}) { ${cases.join("\n")} }`;
  }

  #all(body: readonly IrStatement[]): string {
    return body.map((statement) => this.statement(statement)).join("\n");
  }

  #loopHead(): string {
    const fuel = "if (--$k.fuel < 0) $k.lockup();";
    return this.#isGenerator ? `${fuel} ${this.#expressions.preemptionPoint()};` : fuel;
  }
}
