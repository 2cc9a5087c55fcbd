import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#kernel";
import { printedBy, runModule } from "../../support/run-module.ts";

/** A module that puts `mine` into the table's entry for openat(2), and may take it out again. */
const hook = (mine: string, exit = "table[56] = orig;"): string =>
  `
import { kallsyms_lookup_name } from "linux/kallsyms";
import { printk } from "linux/kernel";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { schedule_timeout_interruptible } from "linux/sched";
import { memset } from "linux/string";
import { array, cast, chars, int, long, ptr, unsigned_int, unsigned_long, voidp } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";
MODULE_LICENSE("GPL");
type openat_t = (dfd: int, filename: unsigned_long, flags: int, mode: unsigned_int) => long;
interface calls extends struct<"calls"> { at: array<voidp, 464>; }
let table: ptr<calls> = NULL;
let orig: voidp = NULL;
let path: chars<64> = "";
function mine(dfd: int, filename: unsigned_long, flags: int, mode: unsigned_int): long { ${mine} }
function mod_init(): int {
  table = cast<ptr<calls>>(kallsyms_lookup_name("sys_call_table"));
  if (!table) return -2;
  orig = table.at[56];
  table.at[56] = mine;
  return 0;
}
function mod_exit(): void { ${exit.replace("table[", "table.at[")} }
module_init(mod_init);
module_exit(mod_exit);
`.replace("unsigned_long, voidp }", "unsigned_long, struct, voidp, NULL }");

const CALL = "return cast<openat_t>(orig)(dfd, filename, flags, mode);";

const outputOf = (events: readonly KernelEvent[]): string =>
  events.map((event) => (event.kind === "tty-write" ? event.text : "")).join("");

describe("an entry of the system-call table that a module has overwritten", () => {
  test("is what a system call calls, from then on and until it is put back", () => {
    const mine = `strncpy_from_user_nofault(path, filename, 64); printk("%s\\n", path); ${CALL}`;
    const events = runModule(
      hook(mine),
      "insmod /mod.ko; cat /etc/passwd > /tmp/x; rmmod mod; cat /etc/hostname",
    );
    expect(printedBy(events)).toContain("/etc/passwd");
    expect(printedBy(events)).not.toContain("/etc/hostname");
  });

  test("can refuse the call", () => {
    const mine = `strncpy_from_user_nofault(path, filename, 64); if (path[5] === 112) return -13; ${CALL}`;
    const events = runModule(hook(mine), "insmod /mod.ko; cat /etc/passwd; rmmod mod; echo end");
    expect(outputOf(events)).toMatch(/\/etc\/passwd: Permission denied\s+end/);
  });

  test("may sleep in it", () => {
    const events = runModule(
      hook(`schedule_timeout_interruptible(1); ${CALL}`),
      "insmod /mod.ko; cat /etc/passwd > /tmp/x; rmmod mod; echo end",
    );
    expect(outputOf(events)).toContain("end");
  });

  test("is an oops for whoever calls it when the module has gone and left it there", () => {
    const events = runModule(hook(CALL, ""), "insmod /mod.ko; rmmod mod; cat /etc/passwd");
    const oops = events.find(({ kind }) => kind === "oops");
    expect(oops).toMatchObject({ text: expect.stringContaining("Unable to handle kernel paging") });
  });

  test("is an oops when there is no code", () => {
    const events = runModule(
      hook(CALL, "memset(table, 0, 8 * 464);"),
      "insmod /mod.ko; rmmod mod; cat /etc/passwd",
    );
    const oops = events.find(({ kind }) => kind === "oops");
    expect(oops).toMatchObject({ text: expect.stringContaining("NULL pointer dereference") });
  });
});
