/**
 * The commands that a shell runs itself.
 *
 * Source: POSIX.1-2017, XCU 2.14 "Special Built-In Utilities" and 1.7; busybox ash's messages.
 */
import type { UserCall } from "../../libc/trap.ts";
import { echoText } from "../echo.ts";
import { formatPrintf } from "../printf.ts";
import { evaluateTest } from "../test.ts";
import type { Builtin, Builtins } from "./builtin.ts";
import { FLOW_BUILTINS } from "./builtin-flow.ts";
import { JOB_BUILTINS } from "./builtin-jobs.ts";
import { VARIABLE_BUILTINS } from "./builtin-variables.ts";
import { findCommand } from "./external.ts";
import type { Shell } from "./state.ts";

function* yes(): UserCall {
  return 0;
}

function* no(): UserCall {
  return 1;
}

function* echo(sh: Shell, argv: readonly string[]): UserCall {
  return (yield* sh.p.print(echoText(argv.slice(1)))) < 0 ? 1 : 0;
}

function* printf(sh: Shell, argv: readonly string[]): UserCall {
  if (argv.length < 2) {
    yield* sh.p.error("printf: usage: printf format [arguments]\n");
    return 2;
  }
  return (yield* sh.p.print(formatPrintf(argv[1] ?? "", argv.slice(2)))) < 0 ? 1 : 0;
}

function test(sh: Shell, argv: readonly string[]): UserCall {
  return evaluateTest(sh.p, argv);
}

/** `type NAME` and `command -v NAME`. */
function* describe(sh: Shell, argv: readonly string[]): UserCall {
  const names = argv.slice(1).filter((name) => name !== "-v");
  let status = 0;
  for (const name of names) {
    const file = yield* findCommand(sh.p, name, sh.get("PATH") ?? "/bin:/sbin");
    if (sh.functions.has(name)) yield* sh.p.print(`${name} is a function\n`);
    else if (builtinNamed(name) !== undefined) yield* sh.p.print(`${name} is a shell builtin\n`);
    else if (file !== null) yield* sh.p.print(`${name} is ${file}\n`);
    else {
      yield* sh.p.error(`${name}: not found\n`);
      status = 127;
    }
  }
  return status;
}

const BUILTINS: Builtins = {
  ":": yes,
  true: yes,
  false: no,
  echo,
  printf,
  test,
  "[": test,
  type: describe,
  ...FLOW_BUILTINS,
  ...JOB_BUILTINS,
  ...VARIABLE_BUILTINS,
};

export function builtinNamed(name: string): Builtin | undefined {
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
}
