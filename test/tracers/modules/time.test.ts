import { expect, test } from "vitest";
import { COST_MODULE_STEP_NS } from "../../../src/kernel/hw/costs.ts";
import { runModule } from "../../support/run-module.ts";

/** A probe whose handler goes round so many times. */
const spinning = (rounds: number): string => `
import { kprobe, register_kprobe, unregister_kprobe } from "linux/kprobes";
import { module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { pt_regs } from "linux/ptrace";
import { addr, int, ptr } from "linux/types";
function pre(p: ptr<kprobe>, regs: ptr<pt_regs>): int {
  let i: int = 0;
  while (i < ${rounds}) i++;
  return 0;
}
let kp: kprobe = { symbol_name: "do_sys_open", pre_handler: pre };
function mod_init(): int { return register_kprobe(addr(kp)); }
function mod_exit(): void { unregister_kprobe(addr(kp)); }
module_init(mod_init);
module_exit(mod_exit);
MODULE_LICENSE("GPL");
`;

test("what a module's callback does takes time of the task that comes by", () => {
  const run = (rounds: number) => {
    const events = runModule(spinning(rounds), "insmod /mod.ko; cat /etc/passwd; rmmod mod");
    const callbacks = events.filter((event) => event.kind === "callback").length;
    return { callbacks, endNs: events.at(-1)?.t ?? 0 };
  };
  const [short, long] = [run(10), run(1010)];
  expect(long.callbacks).toBe(short.callbacks);
  expect(short.callbacks).toBeGreaterThan(1);
  expect(long.endNs - short.endNs).toBe(short.callbacks * 1000 * COST_MODULE_STEP_NS);
});
