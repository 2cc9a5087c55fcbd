/**
 * Port rows about kernel text: being called where a function begins and where it returns, by its
 * address. What a breakpoint in the first instruction and a return address that was exchanged do on
 * hardware.
 *
 * The handler gets a pt_regs: `epc` is the function, `a0` to `a7` its arguments as registers hold
 * them, `ra` who called. What it leaves there counts: arguments that it changes are changed; with
 * another `ra`, the code at that address is called with the result in `a0` when the function
 * returns; with `epc` set to `ra`, the function is skipped and `a0` is its result. Handlers run with
 * preemption off.
 *
 * Source: arch/riscv/kernel/probes/kprobes.c and rethook.c, 6.1.
 * Left out: instructions: a probe sits at the beginning of a function, or nowhere.
 */
import { EBUSY, EINVAL } from "../abi/errno.ts";
import type { Callee, TextSymbol } from "../kmem/text-table.ts";
import { type PortContext, type PortRow, readField, writeField } from "./context.ts";

const PT_REGS = "pt_regs";
const ARGUMENT_REGISTERS = ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"] as const;

/** What is left to do after the handler. */
interface Trap {
  readonly args: readonly number[];
  readonly isSkipped: boolean;
  /** Where to go instead of the caller; 0 for nowhere. */
  readonly detour: number;
}

/** Calls `handler` with `regs` filled by `fill`, preemption off; `read` sees what it left there. */
function withRegs<T>(
  p: PortContext,
  handler: number,
  values: Readonly<Record<string, number>>,
  read: (field: (name: string) => number) => T,
): T {
  const regs = p.mem.alloc(p.layouts[PT_REGS]?.size ?? 0, PT_REGS, 0);
  for (const [field, value] of Object.entries(values)) writeField(p, PT_REGS, regs, field, value);
  p.rt.preemptCount++;
  p.text.callee(handler).plain(regs);
  p.rt.preemptCount--;
  const result = read((name) => readField(p, PT_REGS, regs, name));
  p.mem.free(regs, "kprobe");
  return result;
}

/** The function begins. */
function trap(p: PortContext, symbol: TextSymbol, handler: number, args: number[]): Trap {
  const { stack } = p.rt;
  const caller = p.text.byId(stack.frames[stack.depth - 1] ?? -1)?.address ?? 0;
  const passed = ARGUMENT_REGISTERS.map((name, index) => [name, args[index] ?? 0] as const);
  const values = { epc: symbol.address, ra: caller, ...Object.fromEntries(passed) };
  p.rt.enter(symbol.id);
  const result = withRegs(p, handler, values, (field) => ({
    args: args.map((arg, index) => {
      const name = ARGUMENT_REGISTERS[index];
      return name === undefined ? arg : field(name);
    }),
    isSkipped: field("epc") !== symbol.address,
    detour: field("ra") === caller ? 0 : field("ra"),
    a0: field("a0"),
  }));
  p.rt.leave(0);
  return result.isSkipped ? { ...result, args: [result.a0] } : result;
}

/** The function returned `value`. */
function land(p: PortContext, { detour }: Trap, value: number): number {
  if (detour === 0) return value;
  return withRegs(p, detour, { epc: detour, a0: value }, (field) => field("a0"));
}

/** The function with a breakpoint where it begins. */
function probed(p: PortContext, symbol: TextSymbol, handler: number, original: Callee): Callee {
  const { plain, gen } = original;
  return {
    plain: (...args) => {
      const taken = trap(p, symbol, handler, args);
      return land(p, taken, taken.isSkipped ? (taken.args[0] ?? 0) : plain(...taken.args));
    },
    gen:
      gen &&
      function* (...args): ReturnType<typeof gen> {
        const taken = trap(p, symbol, handler, args);
        return land(p, taken, taken.isSkipped ? (taken.args[0] ?? 0) : yield* gen(...taken.args));
      },
  };
}

/** 0; -EINVAL where no function begins, -EBUSY where somebody has been before. */
function patchText(p: PortContext, address: number, handler: number): number {
  const symbol = p.text.find(address);
  if (symbol?.address !== address || symbol.isInline) return -EINVAL;
  if (symbol.isPatched) return -EBUSY;
  symbol.patch((original) => probed(p, symbol, handler, original));
  p.onTextChange();
  return 0;
}

function restoreText(p: PortContext, address: number): number {
  p.text.find(address)?.restore();
  p.onTextChange();
  return 0;
}

export const ROWS_TEXT: readonly PortRow[] = [
  {
    proto: "patch_text(address: unsigned_long, handler: voidp): int",
    plain: (p, address, handler) => patchText(p, address as number, handler as number),
  },
  {
    proto: "restore_text(address: unsigned_long): void",
    plain: (p, address) => restoreText(p, address as number),
  },
];
