/**
 * Module text after the dialect check: the only form from which code is ever emitted. Nothing that is
 * not in these types can reach the host's evaluator, whatever a module file says.
 */

export type IrExpression =
  | { readonly kind: "number"; readonly value: number }
  /** A parameter or local variable, by its slot in the function. */
  | { readonly kind: "local"; readonly slot: number }
  /** A variable of the module, by its place in `IrModule.scalars`. */
  | { readonly kind: "scalar"; readonly index: number }
  | { readonly kind: "unary"; readonly op: string; readonly arg: IrExpression }
  | {
      readonly kind: "update";
      readonly op: "++" | "--";
      readonly prefix: boolean;
      readonly target: IrExpression;
    }
  | {
      readonly kind: "binary";
      readonly op: string;
      readonly left: IrExpression;
      readonly right: IrExpression;
    }
  | {
      readonly kind: "logical";
      readonly op: "&&" | "||";
      readonly left: IrExpression;
      readonly right: IrExpression;
    }
  | {
      readonly kind: "assign";
      readonly op: string;
      readonly target: IrExpression;
      readonly value: IrExpression;
    }
  | {
      readonly kind: "conditional";
      readonly test: IrExpression;
      readonly consequent: IrExpression;
      readonly alternate: IrExpression;
    }
  | { readonly kind: "sequence"; readonly items: readonly IrExpression[] }
  /** A load, store or arithmetic intrinsic: a method of memory or of the arithmetic unit. */
  | {
      readonly kind: "intrinsic";
      readonly unit: "memory" | "arithmetic";
      readonly method: string;
      readonly args: readonly IrExpression[];
    }
  | { readonly kind: "string"; readonly index: number }
  /** The address of a symbol, by its place in `IrModule.addresses`. */
  | { readonly kind: "address"; readonly index: number }
  | {
      readonly kind: "call-local";
      readonly index: number;
      readonly args: readonly IrExpression[];
    }
  | {
      readonly kind: "call-import";
      readonly index: number;
      readonly args: readonly IrExpression[];
    }
  | {
      readonly kind: "call-indirect";
      readonly target: IrExpression;
      readonly args: readonly IrExpression[];
    };

export type IrStatement =
  | { readonly kind: "expression"; readonly expression: IrExpression }
  | { readonly kind: "block"; readonly body: readonly IrStatement[] }
  | {
      readonly kind: "if";
      readonly test: IrExpression;
      readonly consequent: IrStatement;
      readonly alternate: IrStatement | undefined;
    }
  | {
      readonly kind: "for";
      readonly init: IrExpression | undefined;
      readonly test: IrExpression | undefined;
      readonly update: IrExpression | undefined;
      readonly body: IrStatement;
    }
  | { readonly kind: "do"; readonly test: IrExpression; readonly body: IrStatement }
  | {
      readonly kind: "switch";
      readonly value: IrExpression;
      readonly cases: readonly {
        readonly test: IrExpression | undefined;
        readonly body: readonly IrStatement[];
      }[];
    }
  | { readonly kind: "break" }
  | { readonly kind: "continue" }
  | { readonly kind: "return"; readonly value: IrExpression | undefined };

export interface IrFunction {
  readonly name: string;
  /** Parameters are the first slots. */
  readonly paramCount: number;
  readonly slotCount: number;
  readonly body: readonly IrStatement[];
}

export interface IrModule {
  readonly functions: readonly IrFunction[];
  readonly scalars: readonly { readonly name: string; readonly init: IrExpression }[];
  /** Functions called by name that the module does not define. */
  readonly imports: readonly string[];
  /** Symbols whose address is taken. */
  readonly addresses: readonly string[];
}
