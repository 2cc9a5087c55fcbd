import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#kernel";
import { printedBy, runModule } from "../../support/run-module.ts";

const module = (declarations: string, init: string, exit: string): string => `
import { fput, get_file } from "linux/fs";
import { fcheck } from "linux/fdtable";
import { get_jiffies_64 } from "linux/jiffies";
import { printk } from "linux/kernel";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { get_current } from "linux/sched";
import { GFP_KERNEL, kfree, kmalloc } from "linux/slab";
import { del_timer_sync, mod_timer, setup_timer, timer_list, timer_pending } from "linux/timer";
import { addr, int, unsigned_long, voidp } from "linux/types";
${declarations}
function mod_init(): int { ${init} return 0; }
function mod_exit(): void { ${exit} }
module_init(mod_init);
module_exit(mod_exit);
MODULE_LICENSE("GPL");
`;

const warnings = (events: readonly KernelEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === "warn" ? [event.text] : []));

const THREE = `
let first: timer_list = {};
let second: timer_list = {};
let never: timer_list = {};
function due(data: unsigned_long): void { printk("timer %lu\\n", data); }`;

describe("timers", () => {
  test("are due in order of their ticks, once each, and not when they were called off", () => {
    const set = `
      setup_timer(addr(first), due, 1); setup_timer(addr(second), due, 2);
      setup_timer(addr(never), due, 3);
      mod_timer(addr(second), get_jiffies_64() + 50);
      mod_timer(addr(never), get_jiffies_64() + 40);
      mod_timer(addr(first), get_jiffies_64() + 20);
      printk("pending %d, was %d\\n", timer_pending(addr(never)), del_timer_sync(addr(never)));`;
    const events = runModule(
      module(THREE, set, 'printk("left %d\\n", del_timer_sync(addr(first)));'),
      "insmod /mod.ko; sleep 1; rmmod mod",
    );
    expect(printedBy(events)).toEqual(["pending 1, was 1", "timer 1", "timer 2", "left 0"]);
  });

  test("run on the idle task when everybody sleeps, and may not sleep themselves", () => {
    const events = runModule(
      module(
        `let timer: timer_list = {};
         function due(data: unsigned_long): void {
           printk("on %s\\n", get_current().comm);
           kfree(kmalloc(8, GFP_KERNEL));
         }`,
        "setup_timer(addr(timer), due, 0); mod_timer(addr(timer), get_jiffies_64() + 10);",
        "",
      ),
      "insmod /mod.ko; sleep 1; rmmod mod",
    );
    expect(printedBy(events)).toEqual(["on swapper"]);
    expect(warnings(events)).toEqual([
      "BUG: sleeping function called from invalid context, in_atomic(): 1, pid: 0, name: swapper",
    ]);
  });
});

describe("an open file", () => {
  test("cannot be put more often than it was got", () => {
    const events = runModule(
      module("", "get_file(fcheck(1)); fput(fcheck(1)); fput(fcheck(1));", ""),
      "insmod /mod.ko; echo on",
    );
    const oops = events.find((event) => event.kind === "oops");
    expect(oops).toMatchObject({ text: "kernel BUG: file reference count underflow" });
  });
});
