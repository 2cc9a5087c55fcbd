/**
 * gatekeeper: stands before openat(2) and lets everybody pass. Written for 4.15.
 */
import { __NR_openat } from "asm/unistd";
import { ENOENT } from "linux/errno";
import { kallsyms_lookup_name } from "linux/kallsyms";
import { printk } from "linux/kernel";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { array, cast, int, long, NULL, ptr, struct, unsigned_long, voidp } from "linux/types";

/** sys_call_table, as far as it matters here. */
interface call_table extends struct<"call_table"> {
  call: array<voidp, 464>;
}

type openat_call = (dfd: long, filename: unsigned_long, flags: long, mode: long) => long;

let table: ptr<call_table> = NULL;
let real_openat: openat_call = NULL;
let passed: int = 0;

function guarded_openat(dfd: long, filename: unsigned_long, flags: long, mode: long): long {
  passed++;
  return real_openat(dfd, filename, flags, mode);
}

function gatekeeper_init(): int {
  table = cast<ptr<call_table>>(kallsyms_lookup_name("sys_call_table"));
  if (!table) return -ENOENT;
  real_openat = cast<openat_call>(table.call[__NR_openat]);
  table.call[__NR_openat] = guarded_openat;
  return 0;
}

function gatekeeper_exit(): void {
  table.call[__NR_openat] = real_openat;
  printk("gatekeeper: let %d calls pass\n", passed);
}

module_init(gatekeeper_init);
module_exit(gatekeeper_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stands before openat(2)");
