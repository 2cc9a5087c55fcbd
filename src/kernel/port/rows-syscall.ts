/**
 * Port rows about the system-call table: the tree keeps it, an array of addresses by number, and the
 * core calls what stands there. So that an untouched entry costs nothing, the core reads the table
 * when somebody stores into it, and not at every call.
 *
 * Every call that the core answers is a function of kernel text, `sys_read` and so on. Calls that
 * the tree wraps in functions of its own reach the core by a row below.
 *
 * Source: arch/riscv/kernel/syscall_table.c and entry.S, 4.15. Left out: the 32-bit table.
 */
import { EINVAL, ENOSYS } from "../abi/errno.ts";
import { SYSCALL_NUMBERS } from "../abi/syscalls.ts";
import { KernelOops } from "../kmem/oops.ts";
import type { BlockingCode, PlainCode } from "../kmem/text-table.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Handler } from "../syscall/rows.ts";
import { dispatch, SYSCALLS } from "../syscall/table.ts";
import { atomicBug, currentTask, type PortContext, type PortRow } from "./context.ts";

const WORD_BYTES = 8;
/** What a number without a call has in its entry. */
const NOT_IMPLEMENTED = "sys_ni_syscall";

/** Calls whose sys_ function is the tree's. */
const WRAPPED: ReadonlySet<number> = new Set([SYSCALL_NUMBERS.openat, SYSCALL_NUMBERS.execve]);

/** The core's handler as kernel code calls it. */
interface HandlerCode {
  readonly plain: (p: PortContext, ...args: number[]) => number;
  readonly gen: (p: PortContext, ...args: number[]) => ReturnType<BlockingCode>;
}

function codeOf(name: string, handler: Handler): HandlerCode {
  const call = (p: PortContext, args: readonly number[]): ReturnType<Handler> => {
    const [a0 = 0, a1 = 0, a2 = 0, a3 = 0, a4 = 0, a5 = 0] = args;
    return handler(p.k, currentTask(p), a0, a1, a2, a3, a4, a5);
  };
  return {
    plain: (p, ...args) => {
      const result = call(p, args);
      if (typeof result === "number") return result;
      throw new KernelOops("atomic", 0, atomicBug(p), [name]);
    },
    *gen(p, ...args) {
      const result = call(p, args);
      return typeof result === "number" ? result : yield* result;
    },
  };
}

function codeOfCall(nr: number): HandlerCode {
  const handler: Handler = dispatch(nr) ?? (() => -ENOSYS);
  return codeOf(`system call ${nr}`, handler);
}

/** Gives each call of the core an address in kernel text. */
export function defineSyscalls(p: PortContext): void {
  for (const { nr, name, handler } of SYSCALLS) {
    if (WRAPPED.has(nr)) continue;
    const code = codeOf(name, handler);
    const plain: PlainCode = (...args) => code.plain(p, ...args);
    const gen: BlockingCode = (...args) => code.gen(p, ...args);
    const { address } = p.text.add(`sys_${name}`, "", { plain, gen });
    p.syscalls.handlers.set(address, handler);
    p.syscalls.entries[nr] = address;
  }
  p.syscalls.none = p.text.add(NOT_IMPLEMENTED, "", { plain: () => -ENOSYS }).address;
}

const entryOf = ({ syscalls }: PortContext, nr: number): number =>
  syscalls.entries[nr] ?? syscalls.none;

/** What an entry calls. The core's own functions need not be called through kernel text. */
function handlerAt(p: PortContext, address: number): Handler | undefined {
  const symbol = p.text.find(address);
  if (symbol?.isPatched === false) {
    if (address === p.syscalls.none) return undefined;
    const handler = p.syscalls.handlers.get(address);
    if (handler !== undefined) return handler;
  }
  return (_k, _task, ...args) => {
    p.refuel();
    const { plain, gen } = p.text.callee(address);
    if (gen !== undefined) return charged(p, gen(...args));
    const result = plain(...args);
    p.charge();
    return result;
  };
}

/** A call that may block, and takes the time of its steps when it is done. */
function* charged(p: PortContext, path: Kpath<number>): Kpath<number> {
  const result = yield* path;
  p.charge();
  return result;
}

/** From now on the table at `address` says what is called. */
function useTable(p: PortContext, address: number, sizeBytes: number): number {
  const object = p.mem.objectCovering(address);
  if (object === undefined || sizeBytes > object.sizeBytes) return -EINVAL;
  let handlers: readonly (Handler | undefined)[] = [];
  const read = (): void => {
    handlers = Array.from({ length: Math.trunc(sizeBytes / WORD_BYTES) }, (_, nr) =>
      handlerAt(p, p.mem.i64(address + nr * WORD_BYTES)),
    );
  };
  read();
  p.mem.watch(object, read);
  p.onTextChange = read;
  p.k.dispatch = (nr) => handlers[nr];
  return 0;
}

/** Write-protects the object at `address`, or lets it be written to again. */
function protect(p: PortContext, address: number, isReadOnly: boolean): number {
  const object = p.mem.objectCovering(address);
  if (object === undefined || object.freed) return -EINVAL;
  p.mem.protect(object, isReadOnly);
  return 0;
}

export const ROWS_SYSCALL: readonly PortRow[] = [
  {
    proto: "syscall_entry(nr: int): unsigned_long",
    plain: (p, nr) => entryOf(p, nr as number),
  },
  {
    proto: "use_syscall_table(table: voidp, size: size_t): int",
    plain: (p, table, size) => useTable(p, table as number, size as number),
  },
  {
    proto: "open_at(dfd: int, filename: unsigned_long, flags: int, mode: unsigned_int): long",
    ...codeOfCall(SYSCALL_NUMBERS.openat),
  },
  {
    proto: "exec_file(filename: unsigned_long, argv: unsigned_long, envp: unsigned_long): long",
    ...codeOfCall(SYSCALL_NUMBERS.execve),
  },
  {
    proto: "set_memory_ro(address: voidp): int",
    plain: (p, address) => protect(p, address as number, true),
  },
  {
    proto: "set_memory_rw(address: voidp): int",
    plain: (p, address) => protect(p, address as number, false),
  },
];
