/** What a module finds that follows a task's pointers, and that copies a string of its. */
import { expect, test } from "vitest";
import { printedBy, runModule } from "../../support/run-module.ts";

const module = (imports: string, declarations: string, init: string): string => `
import { printk } from "linux/kernel";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
${imports}
${declarations}
function mod_init(): int { ${init} return 0; }
function mod_exit(): void {}
module_init(mod_init);
module_exit(mod_exit);
MODULE_LICENSE("GPL");
`;

test.each(["v2.6.32", "v6.16", "2.6.32-71.el6"])(
  "whoever walks from child to parent comes to the idle task, which is its own, on %s",
  (release) => {
    const source = module(
      `import { get_current, init_task, task_ppid_nr, task_struct } from "linux/sched";
       import { addr, int, ptr } from "linux/types";`,
      "",
      `let task: ptr<task_struct> = get_current();
       while (task.real_parent !== task) {
         printk("%s %d of %d\\n", task.comm, task.pid, task_ppid_nr(task));
         task = task.real_parent;
       }
       printk("%s %d %d\\n", task.comm, task.pid, task === addr(init_task) ? 1 : 0);`,
    );
    const printed = printedBy(runModule(source, "insmod /mod.ko", release));
    expect(printed.at(-2)).toBe("init 1 of 0");
    expect(printed.at(-1)).toBe("swapper 0 1");
  },
);

test("a string from user memory counts its NUL, and one that is too long is cut and ends in one", () => {
  const source = module(
    `import { kprobe, register_kprobe } from "linux/kprobes";
     import { pt_regs } from "linux/ptrace";
     import { addr, chars, int, long, ptr } from "linux/types";
     import { strncpy_from_user_nofault } from "linux/uaccess";`,
    `let text: chars<64> = "";
     function copy(from: long, size: int): void {
       text[0] = 33;
       const ret: long = strncpy_from_user_nofault(text, from, size);
       printk("%ld %s\\n", ret, text);
     }
     function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int {
       copy(regs.a1, 64);
       copy(regs.a1, 12);
       copy(regs.a1, 11);
       copy(regs.a1, 5);
       copy(regs.a1, 1);
       copy(regs.a1, 0);
       copy(regs.a1 + 11, 64);
       copy(8, 64);
       return 0;
     }
     let kp: kprobe = { symbol_name: "do_sys_open", pre_handler: pre };`,
    "return register_kprobe(addr(kp));",
  );
  expect(printedBy(runModule(source, "insmod /mod.ko; cat /etc/passwd")).slice(0, 8)).toEqual([
    "12 /etc/passwd",
    "12 /etc/passwd",
    "11 /etc/passw",
    "5 /etc",
    "1 ",
    "0 !etc",
    "0 ",
    "-14 !etc",
  ]);
});
