/**
 * Port rows of bytecode: the tree says what is traced and what a program is handed; running it is the
 * core's.
 *
 * Source: kernel/trace/bpf_trace.c (trace_call_bpf, bpf_trace_run), perf_trace_buf_alloc() of
 * kernel/trace/trace_event_perf.c, 6.16.
 */
import type { PortRow } from "./context.ts";

export const ROWS_BPF: readonly PortRow[] = [
  {
    proto: "trace_event_register(system: cstring, name: cstring): int",
    plain: (p, system, name) =>
      p.traceEvents.push({
        system: p.mem.readCString(system as number),
        name: p.mem.readCString(name as number),
      }),
  },
  {
    proto: "perf_trace_buf_alloc(size: size_t): voidp",
    plain: (p, size) => p.bpf.eventBuffer(size as number),
  },
  {
    proto: "trace_call_bpf(link: voidp, context: voidp): unsigned_int",
    plain: (p, link, context) => p.bpf.run(link as number, context as number),
  },
  {
    proto: "bpf_trace_run(link: voidp, ...args: varargs): void",
    plain: (p, link, ...args) => {
      p.bpf.runOn(link as number, args);
      return 0;
    },
  },
];
