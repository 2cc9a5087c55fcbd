/**
 * kill: sends a signal, by name or number, to processes and groups. `-l` lists the names.
 *
 * Source: POSIX.1-2017, XCU `kill`; messages of bash's builtin.
 */
import { SIGTERM, signalName, signalNumber } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** `resolve` turns `%1` into a pid or negative group, for a shell that has jobs. */
export function* runKill(
  p: Proc,
  argv: readonly string[],
  resolve?: (name: string) => number,
): UserCall {
  const operands = argv.slice(1);
  if (operands[0] === "-l") return yield* listSignals(p, operands.slice(1));
  let sig: number | undefined = SIGTERM;
  const first = operands[0] ?? "";
  if (first === "--") operands.shift();
  else if (first.startsWith("-")) {
    operands.shift();
    const name = first === "-s" ? (operands.shift() ?? "") : first.slice(1);
    sig = signalNumber(name);
    if (sig === undefined) {
      yield* p.error(`kill: ${name}: invalid signal specification\n`);
      return 1;
    }
  }
  if (operands.length === 0) {
    yield* p.error("kill: usage: kill [-s sigspec | -signum] pid ...\n");
    return 2;
  }
  let status = 0;
  for (const name of operands) if (!(yield* killOne(p, name, sig, resolve))) status = 1;
  return status;
}

function* killOne(
  p: Proc,
  name: string,
  sig: number,
  resolve?: (name: string) => number,
): UserCall<boolean> {
  const job = name.startsWith("%") && resolve !== undefined;
  if (!job && !/^-?\d+$/.test(name)) {
    yield* p.error(`kill: ${name}: arguments must be process or job IDs\n`);
    return false;
  }
  const result = yield* p.sys.kill(job ? resolve(name) : Number(name), sig);
  if (result === 0) return true;
  yield* p.error(`kill: (${name}) - ${p.strerror(result)}\n`);
  return false;
}

function* listSignals(p: Proc, operands: readonly string[]): UserCall {
  for (const operand of operands) {
    // A status above 128 stands for the signal that caused it.
    const number = Number(operand) > 128 ? Number(operand) - 128 : Number(operand);
    const text = Number.isNaN(number)
      ? String(signalNumber(operand) ?? "")
      : (signalName(number) ?? "").replace(/^SIG/, "");
    if (text === "") {
      yield* p.error(`kill: ${operand}: invalid signal specification\n`);
      return 1;
    }
    yield* p.print(`${text}\n`);
  }
  if (operands.length > 0) return 0;
  let out = "";
  for (let sig = 1; sig <= 31; sig++) {
    const cell = `${String(sig).padStart(2)}) ${signalName(sig)}`;
    out += sig % 5 === 0 || sig === 31 ? `${cell}\n` : cell.padEnd(15);
  }
  yield* p.print(out);
  return 0;
}

export const KILL: ProgramImage = defineProgram("kill", (p) => runKill(p, p.argv));
