/**
 * Helpers about the running task, time and chance.
 *
 * Source: kernel/bpf/helpers.c and kernel/trace/bpf_trace.c, 6.16.
 */
import { addressIn, putNumber } from "../vm/registers.ts";
import { answer, answerHalves, type HelperRow, R1, R2 } from "./helper.ts";

const NO_ARGUMENTS = { args: [], result: "integer", gplOnly: false } as const;

export const TASK_HELPERS: readonly HelperRow[] = [
  {
    number: 5,
    name: "bpf_ktime_get_ns",
    ...NO_ARGUMENTS,
    run: (host, x) => answer(x, host.nowNs()),
  },
  {
    number: 7,
    name: "bpf_get_prandom_u32",
    ...NO_ARGUMENTS,
    run: (host, x) => answerHalves(x, host.random(), 0),
  },
  {
    number: 8,
    name: "bpf_get_smp_processor_id",
    ...NO_ARGUMENTS,
    run: (_, x) => answer(x, 0),
  },
  {
    number: 14,
    name: "bpf_get_current_pid_tgid",
    ...NO_ARGUMENTS,
    run: (host, x) => {
      const task = host.currentTask();
      answerHalves(x, task.tid, task.tgid);
    },
  },
  {
    number: 15,
    name: "bpf_get_current_uid_gid",
    ...NO_ARGUMENTS,
    run: (host, x) => {
      const { cred } = host.currentTask();
      answerHalves(x, cred.uid, cred.gid);
    },
  },
  {
    number: 16,
    name: "bpf_get_current_comm",
    args: ["uninit-mem", "size"],
    result: "integer",
    gplOnly: false,
    run: (host, x) => {
      const size = (x[R2] as number) >>> 0;
      const to = addressIn(x, R1);
      host.memory.fillBytes(to, 0, size);
      host.memory.writeCString(to, host.currentTask().comm, size);
      answer(x, 0);
    },
  },
  {
    number: 35,
    name: "bpf_get_current_task",
    args: [],
    result: "integer",
    gplOnly: true,
    run: (host, x) => putNumber(x, 0, host.taskAddress(host.currentTask())),
  },
  {
    number: 125,
    name: "bpf_ktime_get_boot_ns",
    ...NO_ARGUMENTS,
    run: (host, x) => answer(x, host.nowNs()),
  },
  {
    number: 158,
    name: "bpf_get_current_task_btf",
    args: [],
    result: "task",
    gplOnly: true,
    run: (host, x) => putNumber(x, 0, host.taskAddress(host.currentTask())),
  },
];
