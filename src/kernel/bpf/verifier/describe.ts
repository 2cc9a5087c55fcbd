/**
 * Values as the verifier's log prints them: `R1=ctx() R0=map_value_or_null(map=seen,ks=4,vs=8)`.
 *
 * Source: kernel/bpf/log.c (print_reg_state), 6.16. Left out: marks of liveness and precision.
 */
import { isConstant, type Scalar, UNKNOWN } from "./scalar.ts";
import type { MapShape, State, Value } from "./state.ts";

function describeScalar(a: Scalar): string {
  if (isConstant(a)) return String(a.smin);
  const parts = [
    ...(a.smin === UNKNOWN.smin ? [] : [`smin=${a.smin}`]),
    ...(a.smax === UNKNOWN.smax ? [] : [`smax=${a.smax}`]),
    ...(a.umin === 0n ? [] : [`umin=${a.umin}`]),
    ...(a.umax === UNKNOWN.umax ? [] : [`umax=${a.umax}`]),
    ...(a.bits.mask === UNKNOWN.bits.mask
      ? []
      : [`var_off=(0x${a.bits.value.toString(16)}; 0x${a.bits.mask.toString(16)})`]),
  ];
  return `scalar(${parts.join(",")})`;
}

const describeMap = ({ name, keySize, valueSize }: MapShape): string =>
  `map=${name},ks=${keySize},vs=${valueSize}`;

const offset = (off: number): string => (off === 0 ? "" : `off=${off}`);

/** `typeName` is the name of a type by its number. */
export function describeValue(value: Value, typeName: (id: number) => string): string {
  switch (value.kind) {
    case "none":
      return "?";
    case "scalar":
      return describeScalar(value.number);
    case "ctx":
      return `ctx(${offset(value.off)})`;
    case "stack":
      return value.off === 0 ? "fp0" : `fp${value.off}`;
    case "map":
      return `map_ptr(${describeMap(value.map)})`;
    case "value": {
      const vary = isConstant(value.vary) ? "" : `,${describeScalar(value.vary)}`;
      const off = value.off === 0 ? "" : `,${offset(value.off)}`;
      return `map_value${value.orNull ? "_or_null" : ""}(${describeMap(value.map)}${off}${vary})`;
    }
    case "object":
      return `${value.trusted ? "trusted_ptr_" : "ptr_"}${typeName(value.type)}(${offset(value.off)})`;
  }
}

/** Every register that holds something. */
export function describeState(state: State, typeName: (id: number) => string): string {
  return state.registers
    .flatMap((value, r) =>
      value.kind === "none" ? [] : [`R${r}=${describeValue(value, typeName)}`],
    )
    .join(" ");
}
