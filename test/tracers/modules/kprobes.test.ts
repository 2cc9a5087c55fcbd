import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#kernel";
import { buildRelease, releaseOf, treeHistory } from "../../support/images.ts";
import { printedBy, runModule } from "../../support/run-module.ts";

const HEADERS = `
import { printk } from "linux/kernel";
import {
  disable_kprobe, enable_kprobe, kprobe, kretprobe, kretprobe_instance, register_kprobe, register_kretprobe,
  regs_return_value, unregister_kprobe, unregister_kretprobe,
} from "linux/kprobes";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { get_current, schedule_timeout_interruptible } from "linux/sched";
import { addr, cast, chars, int, long, ptr, struct } from "linux/types";
import { strncpy_from_user_nofault } from "linux/uaccess";
MODULE_LICENSE("GPL");
`;

/** A module whose init and exit are these bodies. */
const module = (declarations: string, init: string, exit: string): string => `${HEADERS}
${declarations}
function mod_init(): int { ${init} }
function mod_exit(): void { ${exit} }
module_init(mod_init);
module_exit(mod_exit);
`;

const oneProbe = (symbol: string, body: string): string =>
  module(
    `let path: chars<64> = "";
     function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int { ${body} }
     let kp: kprobe = { symbol_name: "${symbol}", pre_handler: pre };`,
    "return register_kprobe(addr(kp));",
    'unregister_kprobe(addr(kp)); printk("missed %lu\\n", kp.nmissed);',
  );

const outputOf = (events: readonly KernelEvent[]): string =>
  events.map((event) => (event.kind === "tty-write" ? event.text : "")).join("");

const opensOf = (events: readonly KernelEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === "file-open" ? [event.path] : []));

const between = (events: readonly KernelEvent[]): readonly KernelEvent[] =>
  events.slice(
    events.findIndex(({ kind }) => kind === "probe-attach"),
    events.findIndex(({ kind }) => kind === "probe-detach"),
  );

describe("a probe where a function begins", () => {
  test("is called with the arguments in their registers, of a function that calls it by a local name", () => {
    const body =
      'strncpy_from_user_nofault(path, regs.a1, 64); printk("open %s\\n", path); return 0;';
    const events = runModule(
      oneProbe("do_sys_open", body),
      "insmod /mod.ko; cat /etc/passwd > /tmp/x; rmmod mod",
    );
    const opened = opensOf(between(events));
    expect(opened).toContain("/etc/passwd");
    expect(printedBy(events)).toEqual([...opened.map((path) => `open ${path}`), "missed 0"]);
  });

  test("sees a system call that is the core's own", () => {
    const body = 'printk("%s writes\\n", get_current().comm); return 0;';
    const events = runModule(
      oneProbe("sys_write", body),
      "insmod /mod.ko; echo hello > /tmp/x; rmmod mod",
    );
    const writes = between(events).filter((e) => e.kind === "syscall-enter" && e.nr === 64);
    expect(writes).toHaveLength(1);
    expect(printedBy(events)).toEqual(["sh writes", "missed 0"]);
  });

  test("can change an argument, and answer in the function's stead", () => {
    const body = `if (regs.a1 === 10) regs.a1 = 0;
      if (regs.a1 === 12) { regs.a0 = -1; regs.epc = regs.ra; return 1; }
      return 0;`;
    const kills = "kill -10 $$; echo $?; kill -12 $$; echo $?";
    const events = runModule(
      oneProbe("sys_kill", body),
      `insmod /mod.ko; (${kills}) > /tmp/out; cat /tmp/out; rmmod mod`,
    );
    expect(events.filter((e) => e.kind === "signal-send" && e.sig !== 17)).toEqual([]);
    expect(outputOf(events)).toContain("0\n1\n");
  });
});

describe("probes, one and many", () => {
  test("counts the hits that its own handler brings about, and is not told of them", () => {
    const body = 'printk("again\\n"); return 0;';
    const events = runModule(oneProbe("printk", body), "insmod /mod.ko; rmmod mod");
    // The module's last line is the one printk outside a handler, before the probe is gone.
    const before = module(
      `function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int { ${body} }
       let kp: kprobe = { symbol_name: "printk", pre_handler: pre };`,
      'register_kprobe(addr(kp)); printk("told\\n"); return 0;',
      'printk("missed %lu\\n", kp.nmissed); unregister_kprobe(addr(kp));',
    );
    expect(printedBy(events)).toEqual(["missed 0"]);
    expect(printedBy(runModule(before, "insmod /mod.ko; rmmod mod"))).toEqual([
      "again",
      "told",
      "again",
      "missed 1",
    ]);
  });

  test("is silent while it is disabled", () => {
    const source = module(
      `let hits: int = 0;
       function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int { hits++; return 0; }
       let kp: kprobe = { symbol_name: "printk", pre_handler: pre };`,
      `register_kprobe(addr(kp));
       printk("one\\n"); disable_kprobe(addr(kp)); printk("off\\n"); enable_kprobe(addr(kp)); printk("two\\n");
       unregister_kprobe(addr(kp)); printk("gone\\n"); printk("%d hits\\n", hits); return 0;`,
      "",
    );
    expect(printedBy(runModule(source, "insmod /mod.ko")).at(-1)).toBe("2 hits");
  });

  test("shares its function with other probes, each in turn", () => {
    const source = module(
      `let order: int = 0;
       function first(p: ptr<kprobe>, regs: ptr<pt_regs>): int { order = order * 10 + 1; return 0; }
       function second(p: ptr<kprobe>, regs: ptr<pt_regs>): int { order = order * 10 + 2; return 0; }
       let one: kprobe = { symbol_name: "printk", pre_handler: first };
       let two: kprobe = { symbol_name: "printk", pre_handler: second };`,
      `register_kprobe(addr(one)); register_kprobe(addr(two)); printk("both\\n");
       unregister_kprobe(addr(one)); printk("second\\n"); unregister_kprobe(addr(two));
       printk("%d\\n", order); return 0;`,
      "",
    );
    expect(printedBy(runModule(source, "insmod /mod.ko")).at(-1)).toBe("122");
  });

  test("that is not taken off with its module is an oops at the next hit", () => {
    const source = module(
      `function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int { return 0; }
       let kp: kprobe = { symbol_name: "do_sys_open", pre_handler: pre };`,
      "return register_kprobe(addr(kp));",
      "",
    );
    const events = runModule(source, "insmod /mod.ko; rmmod mod; cat /etc/passwd");
    expect(events.find(({ kind }) => kind === "oops")).toMatchObject({
      function: "call_pre_handlers",
    });
  });

  test("that sleeps is a bug: its handler runs with preemption off", () => {
    const events = runModule(
      oneProbe("do_sys_open", "schedule_timeout_interruptible(1); return 0;"),
      "insmod /mod.ko; cat /etc/passwd",
    );
    const oops = events.find(({ kind }) => kind === "oops");
    expect(oops).toMatchObject({ text: expect.stringContaining("scheduling while atomic") });
  });

  test.each([
    ["a function that a header defines inline", "thread_group_leader", -2],
    ["a function that is not there", "do_execveat_common", -2],
    ["what runs while a hit is handled", "kprobe_handler", -22],
    ["what that calls, which is the core's", "preempt_disable", -22],
    ["a variable", "init_task", -22],
  ])("is refused at %s", (_what, symbol, error) => {
    const events = runModule(oneProbe(symbol, "return 0;"), "insmod /mod.ko");
    const refused = events.find(({ kind }) => kind === "module-refused");
    expect(refused).toMatchObject({ errno: -error });
  });
});

test("a function that its author says must not be probed is not", () => {
  const tree = releaseOf(treeHistory(), "v2.6.32");
  const file = "kernel/exit.ts";
  const source = tree.files[file] ?? "";
  const built = buildRelease({
    ...tree,
    files: {
      ...tree.files,
      [file]: `import { NOKPROBE_SYMBOL } from "asm-generic/kprobes";\n${source}\nNOKPROBE_SYMBOL(do_exit);\n`,
    },
  });
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics));
  const probe = oneProbe("do_exit", "return 0;");
  const refused = (events: readonly KernelEvent[]): boolean =>
    events.some((event) => event.kind === "module-refused" && event.errno === 22);
  expect(refused(runModule(probe, "insmod /mod.ko"))).toBe(false);
  expect(refused(runModule(probe, "insmod /mod.ko", built.image))).toBe(true);
});

describe("a probe where a function returns", () => {
  const returns = (symbol: string, maxactive: number, handler: string): string =>
    module(
      `function on_return(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int { ${handler} }
       let rp: kretprobe = { kp: { symbol_name: "${symbol}" }, handler: on_return, maxactive: ${maxactive} };`,
      "return register_kretprobe(addr(rp));",
      'unregister_kretprobe(addr(rp)); printk("missed %d\\n", rp.nmissed);',
    );

  test("is told what it returned", () => {
    const events = runModule(
      returns(
        "do_sys_open",
        0,
        'printk("fd %ld\\n", cast<long>(regs_return_value(regs))); return 0;',
      ),
      "insmod /mod.ko; cat /etc/passwd /nothing > /tmp/x; rmmod mod",
    );
    const fds = between(events).flatMap((e) => (e.kind === "file-open" ? [e.ret] : []));
    expect(fds).toContain(-2);
    expect(printedBy(events)).toEqual([...fds.map((fd) => `fd ${fd}`), "missed 0"]);
  });

  test("misses calls beyond maxactive, however long they sleep", () => {
    const events = runModule(
      returns("sys_nanosleep", 1, 'printk("slept\\n"); return 0;'),
      "insmod /mod.ko; sleep 1 & sleep 2 & wait; rmmod mod",
    );
    expect(printedBy(events)).toEqual(["slept", "missed 1"]);
  });

  test("has its instance back from a task that dies in the call", () => {
    const events = runModule(
      returns("sys_nanosleep", 1, 'printk("slept\\n"); return 0;'),
      "insmod /mod.ko; sleep 9 & kill -9 $!; wait; sleep 1; rmmod mod",
    );
    expect(printedBy(events)).toEqual(["slept", "missed 0"]);
  });

  test("can be taken off while a call is under way", () => {
    const events = runModule(
      returns("sys_nanosleep", 1, 'printk("slept\\n"); return 0;'),
      "insmod /mod.ko; sleep 1 & for i in 1 2 3 4 5 6; do cat /etc/passwd > /tmp/x; done; rmmod mod; wait; echo done",
    );
    expect(printedBy(events)).toEqual(["missed 0"]);
    expect(outputOf(events)).toContain("done");
  });

  test("shares what entry and return keep of one call", () => {
    const source = module(
      `interface seen extends struct<"seen"> { flags: long; }
       function on_entry(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int {
         cast<ptr<seen>>(ri.data).flags = regs.a2; return regs.a2 === 0 ? 1 : 0; }
       function on_return(ri: ptr<kretprobe_instance>, regs: ptr<pt_regs>): int {
         printk("flags 0x%lx\\n", cast<ptr<seen>>(ri.data).flags); return 0; }
       let rp: kretprobe = { kp: { symbol_name: "do_sys_open" }, entry_handler: on_entry, handler: on_return,
         data_size: 8 };`,
      "return register_kretprobe(addr(rp));",
      "unregister_kretprobe(addr(rp));",
    );
    const events = runModule(source, "insmod /mod.ko; cat /etc/passwd > /tmp/x; rmmod mod");
    const flags = between(events).flatMap((e) =>
      e.kind === "file-open" && e.flags !== 0 ? [`flags 0x${e.flags.toString(16)}`] : [],
    );
    expect(flags.length).toBeGreaterThan(0);
    expect(printedBy(events)).toEqual(flags);
  });
});
