/** The shape of a builtin, and of a family of them. */
import type { UserCall } from "../../libc/trap.ts";
import type { List } from "./ast.ts";
import type { Shell } from "./state.ts";

/** `run` runs further commands in this shell, for `eval` and its like. */
export type Builtin = (
  sh: Shell,
  argv: readonly string[],
  run: (list: List) => UserCall,
) => UserCall;

export type Builtins = Readonly<Record<string, Builtin>>;
