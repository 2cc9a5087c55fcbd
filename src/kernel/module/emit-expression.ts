/**
 * Expressions of module text to JavaScript, once for each twin. Everything is put in brackets, so
 * that precedence is never a question; every value is a number.
 *
 * In the generator twin a call into the kernel is followed by a preemption point, and a frame that
 * slept makes sure that its own text is still mapped before it goes on.
 */
import type { IrExpression } from "./ir.ts";

const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!=", "===", "!=="]);

/** Steps that a call into the kernel counts as: it may do much more than a loop head. */
const KERNEL_CALL_FUEL = 16;

/** What the emitter of a function has to know of its module. */
export interface EmitModule {
  /** Functions that call nobody and never loop: they need no twin. */
  readonly leaves: ReadonlySet<number>;
  readonly usedStrings: Set<number>;
}

export class ExpressionEmitter {
  /** Extra variables that the function must declare. */
  readonly temporaries: string[] = [];
  readonly #module: EmitModule;
  readonly #isGenerator: boolean;

  constructor(module: EmitModule, isGenerator: boolean) {
    this.#module = module;
    this.#isGenerator = isGenerator;
  }

  /** As a number. */
  value(node: IrExpression): string {
    switch (node.kind) {
      case "number":
        return node.value < 0 ? `(${node.value})` : String(node.value);
      case "local":
        return `$${node.slot}`;
      case "scalar":
        return `$v${node.index}`;
      case "unary":
        return node.op === "!" ? `(+${this.test(node)})` : `(${node.op} ${this.value(node.arg)})`;
      case "binary":
        return COMPARISONS.has(node.op) ? `(+${this.test(node)})` : this.#binary(node);
      case "logical":
        return `(${this.value(node.left)} ${node.op} ${this.value(node.right)})`;
      case "conditional":
        return `(${this.test(node.test)} ? ${this.value(node.consequent)} : ${this.value(node.alternate)})`;
      case "sequence":
        return `(${node.items.map((item) => this.value(item)).join(", ")})`;
      default:
        return this.#effect(node);
    }
  }

  /** Where only true or false matters. */
  test(node: IrExpression): string {
    if (node.kind === "unary" && node.op === "!") return `(!${this.test(node.arg)})`;
    if (node.kind === "binary" && COMPARISONS.has(node.op)) return this.#binary(node);
    if (node.kind === "logical")
      return `(${this.test(node.left)} ${node.op} ${this.test(node.right)})`;
    return this.value(node);
  }

  /** Gives way if the scheduler wants the processor. A statement, or an operand of a comma. */
  preemptionPoint(): string {
    return `($k.preemptDue() && ((yield $p), $u.gone && $k.textGone($u)))`;
  }

  #binary(node: IrExpression & { kind: "binary" }): string {
    return `(${this.value(node.left)} ${node.op} ${this.value(node.right)})`;
  }

  #effect(node: IrExpression): string {
    switch (node.kind) {
      case "update": {
        const target = this.value(node.target);
        return node.prefix ? `(${node.op}${target})` : `(${target}${node.op})`;
      }
      case "assign":
        return `(${this.value(node.target)} ${node.op} ${this.value(node.value)})`;
      case "intrinsic":
        return `${node.unit === "memory" ? "$m" : "$o"}.${node.method}(${this.#list(node.args)})`;
      case "string":
        this.#module.usedStrings.add(node.index);
        return `$s${node.index}`;
      case "address":
        return `$y${node.index}`;
      case "call-local":
        return this.#callLocal(node.index, node.args);
      case "call-import":
        return this.#callImport(node.index, node.args);
      case "call-indirect":
        return this.#callIndirect(node.target, node.args);
      default:
        return "0";
    }
  }

  #callLocal(index: number, args: readonly IrExpression[]): string {
    const list = this.#list(args);
    if (!this.#isGenerator || this.#module.leaves.has(index)) return `$f${index}(${list})`;
    return `(yield* $g${index}(${list}))`;
  }

  #callImport(index: number, args: readonly IrExpression[]): string {
    const callee = `$i${index}`;
    const fuel = `$k.fuel -= ${KERNEL_CALL_FUEL}`;
    if (!this.#isGenerator) return `(${fuel}, ${callee}.plain(${this.#list(args)}))`;
    const result = this.#temporary();
    const { setup, list } = this.#once(args);
    const plain = `(${result} = ${callee}.plain(${list}), ${this.preemptionPoint()}, ${result})`;
    const blocking = `(${result} = (yield* ${callee}.gen(${list})), $u.gone && $k.textGone($u), ${result})`;
    return `(${fuel}, ${setup}${callee}.gen === undefined ? ${plain} : ${blocking})`;
  }

  #callIndirect(target: IrExpression, args: readonly IrExpression[]): string {
    const callee = this.#temporary();
    const found = `${callee} = $x.callee(${this.value(target)})`;
    const result = this.#temporary();
    const crossing = `${callee}.module !== $n && $k.crossed(${callee}, ${result})`;
    if (!this.#isGenerator) {
      const call = `${result} = ${callee}.plain(${this.#list(args)})`;
      return `(${found}, ${call}, ${crossing}, ${result})`;
    }
    const { setup, list } = this.#once(args);
    const isPlain = `${callee}.gen === undefined || $k.preemptCount !== 0`;
    const call = `${result} = ${isPlain} ? ${callee}.plain(${list}) : (yield* ${callee}.gen(${list}))`;
    const after = `$u.gone && $k.textGone($u), ${crossing}, ${this.preemptionPoint()}`;
    return `(${found}, ${setup}${call}, ${after}, ${result})`;
  }

  #list(args: readonly IrExpression[]): string {
    return args.map((arg) => this.value(arg)).join(", ");
  }

  /** Arguments that are written twice and evaluated once. */
  #once(args: readonly IrExpression[]): { setup: string; list: string } {
    const isSimple = args.every((arg) =>
      ["number", "local", "string", "address"].includes(arg.kind),
    );
    if (isSimple) return { setup: "", list: this.#list(args) };
    const names = args.map(() => this.#temporary());
    const setup = args.map((arg, i) => `${names[i]} = ${this.value(arg)}, `).join("");
    return { setup, list: names.join(", ") };
  }

  #temporary(): string {
    const name = `$t${this.temporaries.length}`;
    this.temporaries.push(name);
    return name;
  }
}
