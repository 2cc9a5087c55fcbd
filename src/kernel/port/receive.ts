/**
 * Registers as a row's own prototype reads them. A module may pass anything, or nothing: what comes
 * out is an integer of the declared type, and never what the core could trip over.
 *
 * Source: the riscv64 calling convention. An argument nobody passed is 0 here.
 */

type Receive = (value: number | undefined) => number;

const asInt: Receive = (value) => (value as number) | 0;
const asUnsigned: Receive = (value) => (value as number) >>> 0;

/** Pointers and 64-bit integers. What no register can hold is 0. */
const asWide: Receive = (value) =>
  value !== undefined && Math.abs(value) < 2 ** 64 ? Math.trunc(value) : 0;

const RECEIVERS: ReadonlyMap<string, Receive> = new Map([
  ["int", asInt],
  ["pid_t", asInt],
  ["unsigned_int", asUnsigned],
  ["u32", asUnsigned],
]);

export interface Receivers {
  /** One for each declared parameter. */
  readonly fixed: readonly Receive[];
  readonly isVariadic: boolean;
}

/** Reads `name(a: int, b: voidp, ...args: varargs): int`. */
export function receiversOf(proto: string): Receivers {
  const list = proto.slice(proto.indexOf("(") + 1, proto.lastIndexOf(")"));
  const params = list.split(",").map((param) => param.trim());
  const named = params.filter((param) => param !== "" && !param.startsWith("..."));
  const fixed = named.map((param) => RECEIVERS.get(param.replace(/^\w+: */, "")) ?? asWide);
  return { fixed, isVariadic: params.some((param) => param.startsWith("...")) };
}

/** The registers of one call. */
export function receive({ fixed, isVariadic }: Receivers, args: readonly number[]): number[] {
  const values = fixed.map((each, index) => each(args[index]));
  return isVariadic ? [...values, ...args.slice(fixed.length).map(asWide)] : values;
}

type Code<R> = (...args: number[]) => R;

/** `code` behind its prototype; short argument lists without an array. */
export function receiving<R>(receivers: Receivers, code: Code<R>): Code<R> {
  const [first, second, third] = receivers.fixed;
  if (receivers.isVariadic || receivers.fixed.length > 3) {
    return (...args) => code(...receive(receivers, args));
  }
  if (first === undefined) return () => code();
  if (second === undefined) return (a) => code(first(a));
  if (third === undefined) return (a, b) => code(first(a), second(b));
  return (a, b, c) => code(first(a), second(b), third(c));
}
