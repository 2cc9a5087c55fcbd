/**
 * C types and struct layouts of one release, as data: what kbuild bakes into a module and what the
 * running kernel encodes its objects with. Layout rules are those of the riscv64 psABI (LP64).
 *
 * Left out: bit-fields, unions and flexible array members; no header of ours has one.
 */

/** A C type as the headers spell it. `size` is in bytes. */
export type CType =
  | { readonly kind: "void" }
  | {
      readonly kind: "int";
      readonly name: string;
      readonly size: 1 | 2 | 4 | 8;
      readonly signed: boolean;
    }
  | { readonly kind: "bool" }
  | { readonly kind: "ptr"; readonly to: CType; readonly isConst?: boolean }
  | { readonly kind: "struct"; readonly name: string }
  | { readonly kind: "array"; readonly of: CType; readonly length: number }
  | {
      readonly kind: "fn";
      readonly ret: CType;
      readonly params: readonly CType[];
      readonly variadic: boolean;
    };

/** One member. `offset` and `size` are bytes. */
export interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly type: CType;
}

export interface StructLayout {
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly fields: readonly Field[];
}

/** Every struct that a release's headers define, by name. */
export type Layouts = Readonly<Record<string, StructLayout>>;
