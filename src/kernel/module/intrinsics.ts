/**
 * The names that begin with `$` in module text, and what each is: a method of kernel memory or of
 * the arithmetic unit. `$str`, `$sym` and `$call` have forms of their own and are not in the table.
 */

export interface Intrinsic {
  readonly unit: "memory" | "arithmetic";
  readonly method: string;
  readonly argCount: number;
}

const load = (method: string): Intrinsic => ({ unit: "memory", method, argCount: 1 });
const store = (method: string): Intrinsic => ({ unit: "memory", method, argCount: 2 });
const compute = (method: string, argCount = 2): Intrinsic => ({
  unit: "arithmetic",
  method,
  argCount,
});

export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map([
  ["$i8", load("i8")],
  ["$u8", load("u8")],
  ["$i16", load("i16")],
  ["$u16", load("u16")],
  ["$i32", load("i32")],
  ["$u32", load("u32")],
  ["$i64", load("i64")],
  ["$u64", load("u64")],
  ["$b", load("bool")],
  ["$s8", store("store8")],
  ["$s16", store("store16")],
  ["$s32", store("store32")],
  ["$s64", store("store64")],
  ["$and", compute("and")],
  ["$or", compute("or")],
  ["$xor", compute("xor")],
  ["$not", compute("not", 1)],
  ["$shl", compute("shl")],
  ["$shr", compute("shr")],
  ["$mul", compute("mul")],
  ["$div", compute("div")],
  ["$mod", compute("mod")],
]);
