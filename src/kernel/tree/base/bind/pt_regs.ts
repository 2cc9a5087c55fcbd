/**
 * pt_regs as a view of the task's registers: an integer register a field, in psABI order.
 */
import type { BindApi } from "../../../kmem/bind-api.ts";
import type { FieldBinding } from "../../../kmem/bound-struct.ts";
import type { Task } from "../../../task/task.ts";

/** pt_regs' fields by register number; 32 is pc. */
const FIELDS: readonly (readonly [field: string, register: number])[] = [
  ["epc", 32],
  ["ra", 1],
  ["sp", 2],
  ["gp", 3],
  ["tp", 4],
  ["t0", 5],
  ["t1", 6],
  ["t2", 7],
  ["s0", 8],
  ["s1", 9],
  ["a0", 10],
  ["a1", 11],
  ["a2", 12],
  ["a3", 13],
  ["a4", 14],
  ["a5", 15],
  ["a6", 16],
  ["a7", 17],
  ["s2", 18],
  ["s3", 19],
  ["s4", 20],
  ["s5", 21],
  ["s6", 22],
  ["s7", 23],
  ["s8", 24],
  ["s9", 25],
  ["s10", 26],
  ["s11", 27],
  ["t3", 28],
  ["t4", 29],
  ["t5", 30],
  ["t6", 31],
];

const registerField = (register: number): FieldBinding<Task> => ({
  get: (t) => t.regs.get(register),
  set: (t, value: number) => {
    t.regs.set(register, value);
    return true;
  },
});

export function bind({ bindStruct }: BindApi): void {
  bindStruct<Task>("pt_regs", {
    ...Object.fromEntries(FIELDS.map(([field, register]) => [field, registerField(register)])),
    orig_a0: {
      get: (t) => t.origA0,
      set: (t, value: number) => {
        t.origA0 = value;
        return true;
      },
    },
  });
}
