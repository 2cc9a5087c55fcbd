/** The dialect check of expressions; see `dialect.ts`. */
import type { AnyNode, CallExpression, Identifier } from "acorn";
import { MODULE_NESTING_MAX } from "../lib/limits.ts";
import type { DialectContext } from "./dialect-context.ts";
import { INTRINSICS } from "./intrinsics.ts";
import type { IrExpression } from "./ir.ts";
import type { Scope } from "./scope.ts";

const ZERO: IrExpression = { kind: "number", value: 0 };
const UNARY = new Set(["-", "+", "!", "~"]);
const BINARY = new Set("+ - * << >> >>> & | ^ < <= > >= == != === !==".split(" "));
const ASSIGNMENT = new Set("= += -= *= <<= >>= >>>= &= |= ^=".split(" "));

/** `scope` is undefined outside functions. */
export function lowerExpression(
  node: AnyNode,
  context: DialectContext,
  scope: Scope | undefined,
  depth: number,
): IrExpression {
  return new ExpressionLowerer(context, scope).lower(node, depth);
}

class ExpressionLowerer {
  readonly #context: DialectContext;
  readonly #scope: Scope | undefined;

  constructor(context: DialectContext, scope: Scope | undefined) {
    this.#context = context;
    this.#scope = scope;
  }

  lower(node: AnyNode, depth: number): IrExpression {
    if (depth > MODULE_NESTING_MAX) {
      this.#context.tooDeep();
      return ZERO;
    }
    const inner = depth + 1;
    switch (node.type) {
      case "Literal":
        return this.#literal(node);
      case "Identifier":
        return this.#name(node);
      case "UnaryExpression":
        this.#operator(node, UNARY, node.operator);
        return { kind: "unary", op: node.operator, arg: this.lower(node.argument, inner) };
      case "BinaryExpression":
        this.#operator(node, BINARY, node.operator);
        return {
          kind: "binary",
          op: node.operator,
          left: this.lower(node.left, inner),
          right: this.lower(node.right, inner),
        };
      case "LogicalExpression":
        return this.#logical(node, inner);
      case "ConditionalExpression":
        return {
          kind: "conditional",
          test: this.lower(node.test, inner),
          consequent: this.lower(node.consequent, inner),
          alternate: this.lower(node.alternate, inner),
        };
      case "SequenceExpression":
        return { kind: "sequence", items: node.expressions.map((item) => this.lower(item, inner)) };
      case "CallExpression":
        return this.#call(node, inner);
      default:
        return this.#assignment(node, inner);
    }
  }

  #assignment(node: AnyNode, depth: number): IrExpression {
    if (node.type === "UpdateExpression") {
      const target = this.#target(node.argument);
      return { kind: "update", op: node.operator, prefix: node.prefix, target };
    }
    if (node.type === "AssignmentExpression") {
      this.#operator(node, ASSIGNMENT, node.operator);
      const target = this.#target(node.left);
      return { kind: "assign", op: node.operator, target, value: this.lower(node.right, depth) };
    }
    this.#context.refuse(node, this.#context.describe(node));
    return ZERO;
  }

  #logical(node: AnyNode & { type: "LogicalExpression" }, depth: number): IrExpression {
    const { operator: op } = node;
    if (op === "??") {
      this.#context.refuse(node, "'??'");
      return ZERO;
    }
    return {
      kind: "logical",
      op,
      left: this.lower(node.left, depth),
      right: this.lower(node.right, depth),
    };
  }

  #operator(node: AnyNode, allowed: ReadonlySet<string>, operator: string): void {
    if (allowed.has(operator)) return;
    const hint = operator === "/" ? " (use $div)" : operator === "%" ? " (use $mod)" : "";
    this.#context.refuse(node, `'${operator}'${hint}`);
  }

  #literal(node: AnyNode & { type: "Literal" }): IrExpression {
    const { value } = node;
    if (typeof value === "number") {
      if (Number.isSafeInteger(value)) return { kind: "number", value };
      this.#context.report("QS1502", node, `${node.raw} is not an integer of up to 53 bits`);
    } else if (typeof value === "boolean") {
      return { kind: "number", value: value ? 1 : 0 };
    } else if ("regex" in node && node.regex) {
      this.#context.refuse(node, "a regular expression");
    } else if ("bigint" in node && node.bigint) {
      this.#context.refuse(node, "a BigInt");
    } else {
      this.#context.refuse(node, value === null ? "'null'" : "a string outside $sym()");
    }
    return ZERO;
  }

  #name(node: Identifier): IrExpression {
    const local = this.#scope?.lookup(node.name);
    if (local !== undefined) return { kind: "local", slot: local.slot };
    const known = this.#context.lookup(node.name);
    if (known?.kind === "scalar") return { kind: "scalar", index: known.index };
    if (known?.kind === "function") {
      this.#context.refuse(node, `'${node.name}' as a value (use $sym("${node.name}"))`);
    } else {
      this.#context.report("QS1503", node, `'${node.name}' is not defined in this module`);
    }
    return ZERO;
  }

  #target(node: AnyNode): IrExpression {
    if (node.type !== "Identifier") {
      this.#context.refuse(node, `an assignment to ${this.#context.describe(node)}`);
      return ZERO;
    }
    const global = this.#context.lookup(node.name);
    const known =
      this.#scope?.lookup(node.name) ?? (global?.kind === "scalar" ? global : undefined);
    if (known?.isConst === true) {
      this.#context.report("QS1507", node, `'${node.name}' is constant`);
    }
    return this.#name(node);
  }

  #call(node: CallExpression, depth: number): IrExpression {
    const { callee } = node;
    if (callee.type !== "Identifier" || node.optional) {
      this.#context.refuse(node, "a call of anything but a name");
      return ZERO;
    }
    const { name } = callee;
    if (this.#scope?.lookup(name) !== undefined) {
      this.#context.report("QS1504", node, `'${name}' is a variable: call it with $call`);
      return ZERO;
    }
    if (name === "$str" || name === "$sym") return this.#constantCall(node, name);
    const args = node.arguments.map((argument) => this.lower(argument, depth));
    if (name === "$call") {
      const [target, ...rest] = args;
      if (target !== undefined) return { kind: "call-indirect", target, args: rest };
      this.#context.report("QS1504", node, "$call needs a function pointer");
      return ZERO;
    }
    return name.startsWith("$") ? this.#intrinsic(node, name, args) : this.#named(callee, args);
  }

  #named(callee: Identifier, args: readonly IrExpression[]): IrExpression {
    const known = this.#context.lookup(callee.name);
    if (known?.kind === "function") return { kind: "call-local", index: known.index, args };
    if (known?.kind === "scalar") {
      this.#context.report("QS1504", callee, `'${callee.name}' is a variable: call it with $call`);
      return ZERO;
    }
    if (!this.#context.checkName(callee)) return ZERO;
    return { kind: "call-import", index: this.#context.importIndex(callee.name), args };
  }

  #intrinsic(node: CallExpression, name: string, args: readonly IrExpression[]): IrExpression {
    const known = INTRINSICS.get(name);
    if (known === undefined) {
      this.#context.report("QS1504", node, `there is no intrinsic ${name}`);
      return ZERO;
    }
    if (args.length !== known.argCount) {
      this.#context.report("QS1504", node, `${name} takes ${known.argCount} arguments`);
    }
    return { kind: "intrinsic", unit: known.unit, method: known.method, args };
  }

  /** `$str(3)` and `$sym("name")`: their argument is part of the name. */
  #constantCall(node: CallExpression, name: "$str" | "$sym"): IrExpression {
    const [argument, ...rest] = node.arguments;
    const value = argument?.type === "Literal" ? argument.value : undefined;
    if (rest.length === 0 && name === "$str" && typeof value === "number") {
      if (Number.isInteger(value) && value >= 0 && value < this.#context.stringCount) {
        return { kind: "string", index: value };
      }
      this.#context.report("QS1504", node, `[.rodata] has no string ${value}`);
      return ZERO;
    }
    if (
      rest.length === 0 &&
      name === "$sym" &&
      typeof value === "string" &&
      /^[A-Za-z_]\w{0,127}$/.test(value)
    ) {
      return { kind: "address", index: this.#context.addressIndex(value) };
    }
    const wanted = name === "$str" ? "the number of a string" : "the name of a symbol, quoted";
    this.#context.report("QS1504", node, `${name} takes ${wanted}`);
    return ZERO;
  }
}
