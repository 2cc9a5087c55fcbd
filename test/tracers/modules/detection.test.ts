import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#kernel";
import { runModule } from "../../support/run-module.ts";

const HEADERS = `
import { printk, snprintf } from "linux/kernel";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { find_get_pid, pid, put_pid } from "linux/pid";
import { preempt_disable, preempt_enable } from "linux/preempt";
import { schedule_timeout_interruptible } from "linux/sched";
import { GFP_ATOMIC, GFP_KERNEL, kfree, kmalloc, kzalloc } from "linux/slab";
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from "linux/spinlock";
import { addr, cast, char, int, long, NULL, ptr, struct, voidp } from "linux/types";
MODULE_LICENSE("GPL");
`;

/** A module whose init and exit are these bodies. */
const module = (declarations: string, init: string, exit = ""): string => `${HEADERS}
${declarations}
function mod_init(): int { ${init} return 0; }
function mod_exit(): void { ${exit} }
module_init(mod_init);
module_exit(mod_exit);
`;

const LOAD = "insmod /mod.ko; rmmod mod; cat /sys/kernel/debug/kmemleak";

const logOf = (events: readonly KernelEvent[]): string =>
  events.flatMap((event) => (event.kind === "printk" ? [event.text] : [])).join("\n");

const outputOf = (events: readonly KernelEvent[]): string =>
  events.map((event) => (event.kind === "tty-write" ? event.text : "")).join("");

/** What the kernel log of a run has to say, and what must have become of the machine. */
const logged = (source: string, script = LOAD): string => logOf(runModule(source, script));

const STRUCT = "interface box extends struct<'box'> { a: long; b: int; lock: spinlock_t; }";

describe("memory", () => {
  test.each([
    [
      "a NULL pointer",
      "let p: ptr<box> = NULL; p.b = 1;",
      /Unable to handle kernel NULL pointer dereference at virtual address 0{15}8\n/,
    ],
    [
      "a wild pointer",
      "let p: ptr<box> = cast<ptr<box>>(0x123456789000); p.b = 1;",
      /Unable to handle kernel paging request at virtual address 0000123456789008\n/,
    ],
    [
      "use after free",
      "let p: ptr<box> = kmalloc(64, GFP_KERNEL); kfree(p); p.b = 1;",
      /BUG: KASAN: slab-use-after-free in mod_init\+0x0\/0x\w+ \[mod\]\nWrite of size 4/,
    ],
    [
      "one byte too many",
      "let p: ptr<char> = kmalloc(10, GFP_KERNEL); p[10] = 0;",
      /BUG: KASAN: slab-out-of-bounds in mod_init.*\nWrite of size 1/,
    ],
    [
      "a double free",
      "let p: voidp = kmalloc(10, GFP_KERNEL); kfree(p); kfree(p);",
      /BUG: KASAN: double-free in mod_init/,
    ],
    ["recursion without end", "deeper(1);", /BUG: stack guard page was hit: kernel stack overflow/],
    [
      "a loop without end",
      "for (;;) {}",
      /watchdog: BUG: soft lockup - CPU#0 stuck for 22s! \[insmod:\d+\]/,
    ],
  ])("%s is an oops that names the module, and the machine goes on", (_what, body, said) => {
    const deeper = "function deeper(n: int): int { return deeper(n + 1) + 1; }";
    const events = runModule(module(`${STRUCT}\n${deeper}`, body), "insmod /mod.ko; echo alive");
    const log = logOf(events);
    expect(log).toMatch(said);
    expect(log).toMatch(/Modules linked in: mod\(O\)/);
    expect(log).toMatch(/\[<ffff\w+>\] \w+\+0x0\/0x\w+ \[mod\]/);
    expect(outputOf(events)).toContain("alive");
  });

  test.each([1000000, 1])(
    "a module that asks for all memory, %d bytes at a time, is told that there is none, and the machine goes on",
    (size) => {
      const body = `while (kmalloc(${size}, GFP_KERNEL)) {} printk("full\\n");`;
      const events = runModule(module("", body), "insmod /mod.ko; echo alive");
      expect(logOf(events)).toMatch(/insmod: page allocation failure.*\nfull/);
      expect(outputOf(events)).toContain("alive");
    },
  );
});

test.each([
  ["prints", 'printk("\\n\\n\\n\\n\\n\\n\\n\\n");', "printk"],
  ["prints what has no end", "printk(long_text);", "printk"],
  ["sends signals", "send_sig(10, get_current(), 0);", "signal-send"],
  ["makes files", 'debugfs_create_file("f", NULL, NULL);', "lockup"],
])(
  "a module that %s without end is a lockup before its record fills the host",
  (_what, act, kind) => {
    const source = module(
      `import { debugfs_create_file } from "linux/debugfs";
     import { get_current } from "linux/sched";
     import { send_sig } from "linux/signal";
     import { chars } from "linux/types";
     let long_text: chars<5000> = "${"x".repeat(4990)}";`,
      `preempt_disable(); for (;;) { ${act} }`,
    );
    const events = runModule(source, "insmod /mod.ko");
    expect(events.filter((event) => event.kind === "lockup")).toHaveLength(1);
    expect(events.filter((event) => event.kind === kind).length).toBeLessThan(1_300_000);
    const longest = events.map((event) => (event.kind === "printk" ? event.text.length : 0));
    expect(Math.max(...longest.slice(0, 1000))).toBeLessThan(1024);
  },
);

test("a module that is too large is refused as often as it comes, and takes no memory along", () => {
  const arrays = Array.from({ length: 40 }, (_, i) => `let a${i}: chars<4000000> = "";`).join("\n");
  const source = module(
    `import { chars } from "linux/types";\n${arrays}`,
    Array.from({ length: 40 }, (_, i) => `a${i}[0] = 1;`).join(" "),
  );
  const script = "insmod /mod.ko; insmod /mod.ko; insmod /mod.ko; echo alive";
  const events = runModule(source, script);
  expect(logOf(events).match(/mod: there is no memory for the module/g)).toHaveLength(3);
  expect(outputOf(events)).toContain("alive");
  expect(events.some(({ kind }) => kind === "oops")).toBe(false);
});

test("a module that goes on asking is told so now and then, and is a lockup", () => {
  const events = runModule(module("", "for (;;) { kmalloc(1, GFP_KERNEL); }"), "insmod /mod.ko");
  const failures = logOf(events).match(/page allocation failure/g)?.length ?? 0;
  expect(failures).toBeGreaterThan(0);
  expect(failures).toBeLessThanOrEqual(60);
  expect(events.filter(({ kind }) => kind === "lockup")).toHaveLength(1);
  expect(events.filter(({ kind }) => kind === "oops")).toHaveLength(1);
});

test("a callback that outlives its module is an oops at an address where nothing is any more", () => {
  const source = `${HEADERS}
import { tracepoint_probe_register } from "linux/tracepoint";
import { cstring } from "linux/types";
function on_open(data: voidp, filename: cstring, flags: int, fd: int): void {}
function mod_init(): int { return tracepoint_probe_register("do_sys_open", on_open, NULL); }
function mod_exit(): void {}
module_init(mod_init);
module_exit(mod_exit);
`;
  const events = runModule(source, "insmod /mod.ko; rmmod mod; cat /etc/passwd; echo alive");
  expect(logOf(events)).toMatch(
    /Unable to handle kernel paging request at virtual address ffff\w+\n[\s\S]*Modules linked in: \[last unloaded: mod\]/,
  );
});

test("with panic_on_oops the first oops is the last thing that the machine does", () => {
  const body = "let p: ptr<box> = NULL; p.b = 1;";
  const events = runModule(
    module(STRUCT, body),
    "echo 1 > /proc/sys/kernel/panic_on_oops; insmod /mod.ko; echo alive",
  );
  expect(logOf(events)).toMatch(/Kernel panic - not syncing: Fatal exception$/);
  expect(outputOf(events)).not.toContain("alive");
});

test("with panic_on_warn a warning is enough", () => {
  const source = module("", "preempt_enable();");
  const log = logged(source, "echo 1 > /proc/sys/kernel/panic_on_warn; insmod /mod.ko");
  expect(log).toMatch(
    /preempt_count underflow.*\nKernel panic - not syncing: kernel: panic_on_warn set \.\.\.$/,
  );
});

describe("taint", () => {
  test.each([
    ["let p: ptr<box> = NULL; p.b = 1;", 4096 + 128],
    ["let p: ptr<box> = kmalloc(64, GFP_KERNEL); kfree(p); p.b = 1;", 4096 + 128 + 32],
    ["for (;;) {}", 4096 + 128 + 16384],
  ])("%s leaves its mark", (body, taint) => {
    const script = "insmod /mod.ko; cat /proc/sys/kernel/tainted";
    expect(outputOf(runModule(module(STRUCT, body), script))).toBe(`${taint}\n`);
  });
});

describe("atomic context", () => {
  test("an allocation that may sleep under a spinlock is a BUG that the kernel survives", () => {
    const body =
      "spin_lock_init(addr(lock)); spin_lock(addr(lock)); kfree(kmalloc(8, GFP_KERNEL)); spin_unlock(addr(lock));";
    const log = logged(module("let lock: spinlock_t = {};", body));
    expect(log).toMatch(
      /BUG: sleeping function called from invalid context, in_atomic\(\): 1, pid: \d+, name: insmod/,
    );
    expect(
      logged(module("let lock: spinlock_t = {};", body.replace("KERNEL", "ATOMIC"))),
    ).not.toMatch(/BUG/);
  });

  test("sleeping there is scheduling while atomic", () => {
    const log = logged(
      module("", "preempt_disable(); schedule_timeout_interruptible(1); preempt_enable();"),
    );
    expect(log).toMatch(/BUG: scheduling while atomic: insmod\/\d+\/0x00000001/);
  });
});

describe("locks", () => {
  test("an init that returns with a lock held is told of it, and preemption is on again", () => {
    const log = logged(
      module("let lock: spinlock_t = {};", "spin_lock(addr(lock));"),
      "insmod /mod.ko",
    );
    expect(log).toMatch(/initcall mod_init\+0x0\/0x\w+ \[mod\] returned with preemption imbalance/);
  });

  test("a task that leaves the kernel with a lock held is told where it was taken", () => {
    const log = logged(
      module("let lock: spinlock_t = {};", "", "spin_lock(addr(other));").replace(
        "let lock",
        "let other: spinlock_t = {};\nlet lock",
      ),
      "insmod /mod.ko; rmmod mod",
    );
    expect(log).toMatch(
      /=+\nWARNING: lock held when returning to user space!\n2\.6\.32\S* Tainted: /,
    );
    expect(log).toMatch(
      /rmmod\/\d+ is leaving the kernel with locks still held!\n1 lock held by rmmod\/\d+:\n #0: ffff\w+ \(&lock\)\{\+\.\+\.\}-\{2:2\}, at: mod_exit/,
    );
  });

  test("memory that is freed with a held lock in it is told", () => {
    const body =
      "let p: ptr<box> = kzalloc(64, GFP_KERNEL); spin_lock(p.lock); kfree(p); preempt_enable();";
    expect(logged(module(STRUCT, body), "insmod /mod.ko")).toMatch(
      /WARNING: held lock freed!\n.*\n-+\ninsmod\/\d+ is freeing memory ffff\w+-ffff\w+, with a lock still held there!/,
    );
  });
});

describe("what a module leaves behind", () => {
  test("memory to which nothing leads any more is a leak, with the place that asked for it", () => {
    const events = runModule(
      module("let lost: voidp = NULL;", "lost = kmalloc(100, GFP_KERNEL);"),
      LOAD,
    );
    expect(logOf(events)).toContain(
      "kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)",
    );
    expect(outputOf(events)).toMatch(
      /unreferenced object 0xffff\w+ \(size 100\):\s+comm "insmod", pid \d+\s+backtrace:\s+mod_init\+0x0\/0x\w+ \[mod\]/,
    );
  });

  test("memory that it gave back is none, nor is what it never asked for", () => {
    const freed = module("let p: voidp = NULL;", "p = kmalloc(100, GFP_KERNEL);", "kfree(p);");
    expect(logged(freed)).not.toContain("kmemleak");
    expect(logged(module("", ""))).not.toContain("kmemleak");
  });

  test("a reference that was never dropped is told, one that was is not", () => {
    const source = (exit: string): string =>
      module("let held: ptr<pid> = NULL;", "held = find_get_pid(1);", exit);
    expect(logged(source(""))).toMatch(
      /ref_tracker: pid@ffff\w+ has 1\/1 users at\n\s+find_get_pid/,
    );
    expect(logged(source("put_pid(held);"))).not.toContain("ref_tracker");
  });
});

test("whatever a callback answers, the kernel makes something of it and goes on", () => {
  const source = (answer: string): string => `
import { IS_ERR } from "linux/err";
import { printk } from "linux/kernel";
import { MODULE_LICENSE, module_init } from "linux/module";
import { find_get_pid } from "linux/pid";
import { pt_regs } from "linux/ptrace";
import { get_current } from "linux/sched";
import { addr, cast, int, NULL, ptr, u32 } from "linux/types";
import {
  UTRACE_ATTACH_CREATE, utrace_attach_pid, utrace_engine, utrace_engine_ops,
  UTRACE_EVENT_SYSCALL_ENTRY, utrace_set_events_pid,
} from "linux/utrace";
function answer(action: u32, engine: ptr<utrace_engine>, regs: ptr<pt_regs>): u32 { return ${answer}; }
const ops: utrace_engine_ops = { report_syscall_entry: answer };
function mod_init(): int {
  const target = find_get_pid(get_current().real_parent.pid);
  const engine = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(ops), NULL);
  if (IS_ERR(engine)) return -1;
  return utrace_set_events_pid(target, engine, UTRACE_EVENT_SYSCALL_ENTRY);
}
module_init(mod_init);
MODULE_LICENSE("GPL");
`;
  const become = (answer: string): string => {
    const events = runModule(source(answer), "insmod /mod.ko; echo alive", "2.6.32-71.el6");
    expect(events.some(({ kind }) => kind === "callback" || kind === "oops")).toBe(true);
    if (outputOf(events).includes("alive")) return "goes on";
    const last = events.at(-1);
    return last?.kind === "task-state" ? `stays in state ${last.state}` : (last?.kind ?? "");
  };
  expect(["0xdeadbeef", "0xffffffff", "cast<u32>(-1)"].map(become)).toEqual([
    "goes on",
    "goes on",
    "goes on",
  ]);
  // All that its lowest bits say is UTRACE_STOP: what it asked for is what it gets.
  expect(become("0x70")).toBe("stays in state t");
});
