/**
 * Helpers that read memory at any address and never fault: a bad one is -EFAULT and zeroes.
 *
 * Source: kernel/trace/bpf_trace.c (bpf_probe_read_kernel and its kin), 6.16. The plain
 * bpf_probe_read tells user from kernel addresses by their upper bits, as on machines where these
 * do not overlap.
 */
import { EFAULT } from "../../abi/errno.ts";
import { addressIn, numberIn } from "../vm/registers.ts";
import { answer, type HelperHost, type HelperRow, R1, R2, R3 } from "./helper.ts";

const USER_END = 0x8000_0000_0000;

type Read = (host: HelperHost, x: Int32Array, size: number) => Uint8Array | undefined;

const fromKernel: Read = (host, x, size) => {
  const from = addressIn(x, R3);
  return host.memory.isMapped(from, size) ? host.memory.readBytes(from, size) : undefined;
};

const fromUser: Read = (host, x, size) => {
  const bytes = host.currentTask().mm?.copyIn(numberIn(x, R3), size);
  return typeof bytes === "number" ? undefined : bytes;
};

/** User space ends where bit 47 begins. */
const fromEither: Read = (host, x, size) =>
  addressIn(x, R3) < USER_END ? fromUser(host, x, size) : fromKernel(host, x, size);

const copies =
  (read: Read): HelperRow["run"] =>
  (host, x) => {
    const size = (x[R2] as number) >>> 0;
    const to = addressIn(x, R1);
    if (size === 0) return answer(x, 0);
    const bytes = read(host, x, size);
    host.memory.writeBytes(to, bytes ?? new Uint8Array(size));
    answer(x, bytes === undefined ? -EFAULT : 0);
  };

/** Byte by byte, so that a string at the end of what is mapped can be read. Answers its length with the NUL. */
const strings =
  (read: Read): HelperRow["run"] =>
  (host, x) => {
    const size = (x[R2] as number) >>> 0;
    const to = addressIn(x, R1);
    if (size === 0) return answer(x, 0);
    const cursor = x.slice(0, R3 + 2);
    const bytes: number[] = [];
    for (let byte = 1; byte !== 0 && bytes.length < size; ) {
      const one = read(host, cursor, 1);
      if (one === undefined) {
        host.memory.fillBytes(to, 0, size);
        return answer(x, -EFAULT);
      }
      byte = bytes.length === size - 1 ? 0 : (one[0] as number);
      bytes.push(byte);
      const low = ((cursor[R3] as number) >>> 0) + 1;
      cursor[R3] = low;
      if (low > 0xffffffff) cursor[R3 + 1] = (cursor[R3 + 1] as number) + 1;
    }
    host.memory.writeBytes(to, bytes);
    answer(x, bytes.length);
  };

const row = (number: number, name: string, run: HelperRow["run"]): HelperRow => ({
  number,
  name,
  args: ["uninit-mem", "size-or-zero", "anything"],
  result: "integer",
  gplOnly: true,
  run,
});

export const READ_HELPERS: readonly HelperRow[] = [
  row(4, "bpf_probe_read", copies(fromEither)),
  row(45, "bpf_probe_read_str", strings(fromEither)),
  row(112, "bpf_probe_read_user", copies(fromUser)),
  row(113, "bpf_probe_read_kernel", copies(fromKernel)),
  row(114, "bpf_probe_read_user_str", strings(fromUser)),
  row(115, "bpf_probe_read_kernel_str", strings(fromKernel)),
];

/** Those that read the kernel's memory, by number. */
export const KERNEL_READERS: ReadonlySet<number> = new Set([4, 45, 113, 115]);
