/**
 * lttopen: opened files for LTTng. A module brings an event, and lttng does the rest: it hangs it on
 * the tracepoint, keeps what it writes, and shows it.
 * Written for linux-next of December 2011, where lttng is in drivers/staging.
 */
import { printk } from "linux/kernel";
import {
  ltt_event_write,
  ltt_probe_register,
  ltt_probe_unregister,
  lttng_event_desc,
} from "linux/ltt-events";
import { MODULE_DESCRIPTION, module_exit, module_init, MODULE_LICENSE } from "linux/module";
import { addr, cast, cstring, int, ptr, voidp } from "linux/types";

function probe_do_sys_open(data: voidp, filename: cstring, flags: int, fd: int): void {
  ltt_event_write(cast<ptr<lttng_event_desc>>(data), fd);
}

let open_event: lttng_event_desc = {
  name: "do_sys_open",
  probe_callback: probe_do_sys_open,
};

function lttopen_init(): int {
  return ltt_probe_register(addr(open_event));
}

function lttopen_exit(): void {
  ltt_probe_unregister(addr(open_event));
  printk("lttopen: %lu written\n", open_event.written);
}

module_init(lttopen_init);
module_exit(lttopen_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("an event of opened files for LTTng");
