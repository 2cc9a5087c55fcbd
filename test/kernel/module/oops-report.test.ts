import { expect, test } from "vitest";
import { badAddress, KernelOops } from "../../../src/kernel/kmem/oops.ts";
import { printTainted, TAINT_DIE, TAINT_OOT_MODULE } from "../../../src/kernel/lib/taint.ts";
import { oopsReport } from "../../../src/kernel/module/oops-report.ts";

const FACTS = {
  trace: [
    { address: 0xff8010000000, symbol: "on_entry+0x0/0x40 [counter]" },
    { address: 0xff8000000040, symbol: "utrace_report_syscall_entry+0x0/0x40" },
  ],
  comm: "cat",
  tid: 12,
  taint: TAINT_OOT_MODULE,
  release: "2.6.32-quicksand",
  modules: ["counter(O)", "[last unloaded: probe]"],
};

test("a bad address is reported as riscv's die() does", () => {
  expect(oopsReport({ ...FACTS, oops: badAddress(16) }).join("\n")).toMatchInlineSnapshot(`
    "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010
    Oops [#1]
    Modules linked in: counter(O) [last unloaded: probe]
    CPU: 0 PID: 12 Comm: cat Tainted: G           O    2.6.32-quicksand
    epc : on_entry+0x0/0x40 [counter]
    Call Trace:
    [<ffffff8010000000>] on_entry+0x0/0x40 [counter]
    [<ffffff8000000040>] utrace_report_syscall_entry+0x0/0x40
    ---[ end trace 0000000000000000 ]---"
  `);
});

test("a lockup is no Oops, and KASAN names the function", () => {
  const lockup = new KernelOops(
    "lockup",
    0,
    "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [cat:12]",
  );
  expect(oopsReport({ ...FACTS, oops: lockup })).not.toContain("Oops [#1]");
  const late = new KernelOops("use-after-free", 64, "BUG: KASAN: slab-use-after-free");
  expect(oopsReport({ ...FACTS, oops: late })[0]).toBe(
    "BUG: KASAN: slab-use-after-free in on_entry+0x0/0x40 [counter]",
  );
});

test("taint letters stand in their columns", () => {
  expect(printTainted(0)).toBe("Not tainted");
  expect(printTainted(TAINT_DIE | 1)).toBe("Tainted: P      D        ");
});
