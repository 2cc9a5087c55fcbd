/**
 * Bytecode coming up with its release: the door for system calls, and what user space finds in /sys
 * about types and events.
 */
import { Bpf } from "../bpf/service/bpf.ts";
import { bpfCall, openObject } from "../bpf/service/commands.ts";
import { formatText, openEvent, PERF_TYPE_KPROBE } from "../bpf/service/perf-event.ts";
import type { Kernel } from "../task/kernel.ts";
import type { RunningRelease } from "./release.ts";

const EVENTS = "/sys/kernel/debug/tracing/events";
const KPROBE_TYPE = "/sys/bus/event_source/devices/kprobe/type";
const BTF_FILE = "/sys/kernel/btf/vmlinux";

/** CONFIG_BPF_SYSCALL says whether the release has it at all. */
export function installBytecode(k: Kernel, { image, port }: RunningRelease): void {
  if (image.config["CONFIG_BPF_SYSCALL"] !== true) return;
  const bpf = new Bpf(port, image.btf);
  port.bpf = bpf;
  k.bpf = {
    call: (task, cmd, attr, size) => bpfCall(bpf, task, cmd, attr, size),
    openEvent: (task, attr) => {
      const event = openEvent(bpf, task, attr);
      if (typeof event === "number") return event;
      return openObject(bpf, task, "[perf_event]", event, () => {
        if (event.link !== undefined) bpf.detach(event.link);
      });
    },
  };
  const place = (path: string, text: () => string): void =>
    void k.vfs.place(path, k.vfs.makeGeneratedFile(text, { permissions: 0o444 }));
  port.traceEvents.forEach((event, index) => {
    const folder = `${EVENTS}/${event.system}/${event.name}`;
    place(`${folder}/id`, () => `${index + 1}\n`);
    place(`${folder}/format`, () => formatText(bpf, event, index + 1));
  });
  place(KPROBE_TYPE, () => `${PERF_TYPE_KPROBE}\n`);
  if (bpf.btfBytes.length === 0) return;
  k.vfs.writeFile(BTF_FILE, bpf.btfBytes);
}
