/** The row type with this kernel's own types in it; families export lists of these. */
import { SYSCALL_NUMBERS, type SyscallName } from "../abi/syscalls.ts";
import type { Kpath } from "../lib/wait.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import type { SyscallHandler, SyscallRow } from "./row.ts";

export type Row = SyscallRow<Kernel, Task, Kpath<number>>;
export type Handler = SyscallHandler<Kernel, Task, Kpath<number>>;

/** A row that behaves as Linux's, unless `more` says otherwise. */
export const row = (
  name: SyscallName,
  args: Row["args"],
  handler: Handler,
  more: Partial<Row> = {},
): Row => ({
  nr: SYSCALL_NUMBERS[name],
  name,
  args,
  support: "full",
  ...more,
  handler,
});
