/**
 * bpf(2) and perf_event_open(2). What they mean is the bytecode layer's; a kernel that was built
 * without it has neither.
 */
import { ENOSYS } from "../abi/errno.ts";
import { type Row, row } from "./rows.ts";

export const ROWS_BPF: readonly Row[] = [
  row(
    "bpf",
    ["enum:bpf-cmd", "ptr", "size"],
    (k, t, cmd, attr, size) => k.bpf?.call(t, cmd, attr, size) ?? -ENOSYS,
    {
      support: "partial",
      note: "hash and array maps; programs on tracepoints, raw tracepoints and functions; no pinning, ids or batches",
    },
  ),
  row(
    "perf_event_open",
    ["ptr", "pid", "int", "fd", "hex"],
    (k, t, attr) => k.bpf?.openEvent(t, attr) ?? -ENOSYS,
    { support: "partial", note: "trace events and functions, for programs; nothing is counted" },
  ),
];
