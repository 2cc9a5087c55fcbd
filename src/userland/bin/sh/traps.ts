/**
 * Signals that a shell catches: `trap`, and ^C at the prompt. The handler is an entry of its own
 * and shares no variables with the shell, only memory: it leaves a mark in the block that the
 * thread pointer leads to, and the shell looks there between two commands.
 *
 * Source: POSIX.1-2017, XCU 2.11 and `trap`.
 */
import { SIGINT, signalName } from "#abi";
import type { Proc } from "../../libc/proc.ts";
import type { UserCall } from "../../libc/trap.ts";
import type { List } from "./ast.ts";
import { parseScript } from "./parser.ts";
import type { Shell } from "./state.ts";

const REG_TP = 4;
/** One word a signal, 1 to 64. */
const BLOCK_SIZE_BYTES = 65 * 4;

/** Sets up the block; before any handler is installed. */
export function prepareTraps(p: Proc): void {
  const block = p.sys.push(BLOCK_SIZE_BYTES);
  p.mem.write(block, new Uint8Array(BLOCK_SIZE_BYTES));
  p.sys.regs.set(REG_TP, block);
}

/** The handler entry. */
export function* onSignal(p: Proc): UserCall {
  p.mem.store32(p.sys.regs.get(REG_TP) + p.arg * 4, 1);
  return 0;
}

function takeMark(p: Proc, sig: number): boolean {
  const at = p.sys.regs.get(REG_TP) + sig * 4;
  const marked = p.mem.load32(at) !== 0;
  if (marked) p.mem.store32(at, 0);
  return marked;
}

/** Is there anything for `runTraps` to look at? */
export const mayHaveCaught = (sh: Shell): boolean => sh.interactive || sh.traps.size > 0;

/** Runs the traps of signals that came since the last look. */
export function* runTraps(sh: Shell, run: (list: List) => UserCall): UserCall<void> {
  if (sh.interactive && !sh.traps.has("INT") && takeMark(sh.p, SIGINT)) {
    sh.flow = { kind: "interrupt" };
  }
  if (sh.traps.size === 0) return;
  for (let sig = 1; sig <= 64; sig++) {
    const name = (signalName(sig) ?? "").replace(/^SIG/, "");
    if (sh.traps.has(name) && takeMark(sh.p, sig)) yield* runTrap(sh, name, run);
  }
}

/** Runs one trap's text; `$?` is afterwards what it was. */
export function* runTrap(sh: Shell, name: string, run: (list: List) => UserCall): UserCall<void> {
  const parsed = parseScript(sh.traps.get(name) ?? "");
  if (parsed.kind !== "ok") {
    yield* sh.p.error(`${sh.name}: ${parsed.message}\n`);
    return;
  }
  const status = sh.status;
  const flow = sh.flow;
  sh.flow = null;
  yield* run(parsed.list);
  sh.flow ??= flow;
  sh.status = status;
}

/** At a prompt, a ^C that was noticed by nobody else is over. */
export function forgetInterrupt(sh: Shell): void {
  takeMark(sh.p, SIGINT);
}
