/** The dialect check of functions and statements; see `dialect.ts`. */
import type {
  AnyNode,
  BlockStatement,
  FunctionDeclaration,
  SwitchCase,
  VariableDeclaration,
} from "acorn";
import { MODULE_NESTING_MAX } from "../lib/limits.ts";
import type { DialectContext } from "./dialect-context.ts";
import { lowerExpression } from "./dialect-expression.ts";
import type { IrExpression, IrFunction, IrStatement } from "./ir.ts";
import { Scope } from "./scope.ts";

const NOTHING: IrStatement = { kind: "block", body: [] };

export function lowerFunctionBody(node: FunctionDeclaration, context: DialectContext): IrFunction {
  const scope = new Scope();
  for (const param of node.params) {
    if (param.type !== "Identifier") context.refuse(param, context.describe(param));
    else if (context.checkName(param) && !scope.declare(param.name, false)) {
      context.report("QS1505", param, `two parameters are called '${param.name}'`);
    }
  }
  const lowerer = new StatementLowerer(context, scope);
  const body = lowerer.block(node.body, 0);
  return { name: node.id.name, paramCount: node.params.length, slotCount: scope.slotCount, body };
}

class StatementLowerer {
  readonly #context: DialectContext;
  readonly #scope: Scope;
  #loops = 0;
  #breakables = 0;

  constructor(context: DialectContext, scope: Scope) {
    this.#context = context;
    this.#scope = scope;
  }

  block(node: BlockStatement, depth: number): IrStatement[] {
    this.#scope.enter();
    const body = node.body.map((statement) => this.#statement(statement, depth + 1));
    this.#scope.leave();
    return body;
  }

  #statement(node: AnyNode, depth: number): IrStatement {
    if (depth > MODULE_NESTING_MAX) {
      this.#context.tooDeep();
      return NOTHING;
    }
    switch (node.type) {
      case "ExpressionStatement":
        return { kind: "expression", expression: this.#expression(node.expression, depth) };
      case "VariableDeclaration":
        return { kind: "expression", expression: this.#variables(node, depth) };
      case "BlockStatement":
        return { kind: "block", body: this.block(node, depth) };
      case "EmptyStatement":
        return NOTHING;
      case "ReturnStatement":
        return { kind: "return", value: this.#optional(node.argument, depth) };
      case "IfStatement":
        return {
          kind: "if",
          test: this.#expression(node.test, depth),
          consequent: this.#statement(node.consequent, depth + 1),
          alternate: node.alternate ? this.#statement(node.alternate, depth + 1) : undefined,
        };
      case "SwitchStatement":
        return this.#switch(node.discriminant, node.cases, depth);
      case "BreakStatement":
      case "ContinueStatement":
        return this.#jump(node);
      default:
        return this.#loop(node, depth);
    }
  }

  #loop(node: AnyNode, depth: number): IrStatement {
    switch (node.type) {
      case "WhileStatement": {
        const test = this.#expression(node.test, depth);
        return {
          kind: "for",
          init: undefined,
          test,
          update: undefined,
          body: this.#body(node.body, depth),
        };
      }
      case "DoWhileStatement": {
        const body = this.#body(node.body, depth);
        return { kind: "do", test: this.#expression(node.test, depth), body };
      }
      case "ForStatement": {
        this.#scope.enter();
        const { init: first } = node;
        const isDeclaration = first?.type === "VariableDeclaration";
        const init = isDeclaration ? this.#variables(first, depth) : this.#optional(first, depth);
        const test = this.#optional(node.test, depth);
        const update = this.#optional(node.update, depth);
        const body = this.#body(node.body, depth);
        this.#scope.leave();
        return { kind: "for", init, test, update, body };
      }
      default:
        this.#context.refuse(node, this.#context.describe(node));
        return NOTHING;
    }
  }

  #body(node: AnyNode, depth: number): IrStatement {
    this.#loops++;
    this.#breakables++;
    const body = this.#statement(node, depth + 1);
    this.#loops--;
    this.#breakables--;
    return body;
  }

  #switch(discriminant: AnyNode, cases: readonly SwitchCase[], depth: number): IrStatement {
    const value = this.#expression(discriminant, depth);
    this.#breakables++;
    this.#scope.enter();
    const lowered = cases.map((each) => ({
      test: this.#optional(each.test, depth),
      body: each.consequent.map((statement) => this.#statement(statement, depth + 1)),
    }));
    this.#scope.leave();
    this.#breakables--;
    return { kind: "switch", value, cases: lowered };
  }

  #jump(node: AnyNode & { type: "BreakStatement" | "ContinueStatement" }): IrStatement {
    if (node.label) this.#context.refuse(node, "a label");
    const isBreak = node.type === "BreakStatement";
    if ((isBreak ? this.#breakables : this.#loops) === 0) {
      this.#context.report("QS1502", node, `'${isBreak ? "break" : "continue"}' outside a loop`);
    }
    return { kind: isBreak ? "break" : "continue" };
  }

  /** Variables live for the whole function: a declaration is the assignment of its value. */
  #variables(node: VariableDeclaration, depth: number): IrExpression {
    if (node.kind === "var") this.#context.refuse(node, "'var'");
    const items = node.declarations.map((declarator): IrExpression => {
      const { id } = declarator;
      const value = this.#optional(declarator.init, depth) ?? { kind: "number", value: 0 };
      if (id.type !== "Identifier") {
        this.#context.refuse(id, this.#context.describe(id));
        return value;
      }
      if (!this.#context.checkName(id)) return value;
      const slot = this.#scope.declare(id.name, node.kind === "const");
      const target: IrExpression = { kind: "local", slot: slot?.slot ?? 0 };
      return { kind: "assign", op: "=", target, value };
    });
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
  }

  #expression(node: AnyNode, depth: number): IrExpression {
    return lowerExpression(node, this.#context, this.#scope, depth + 1);
  }

  #optional(node: AnyNode | null | undefined, depth: number): IrExpression | undefined {
    return node === null || node === undefined ? undefined : this.#expression(node, depth);
  }
}
