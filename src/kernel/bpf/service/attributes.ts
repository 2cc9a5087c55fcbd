/**
 * union bpf_attr: what bpf(2) is handed, as a view with zeroes behind what was given. Fields by their
 * offset.
 *
 * Source: union bpf_attr of include/uapi/linux/bpf.h, 6.16.
 */
import { E2BIG, EFAULT } from "../../abi/errno.ts";
import { decodeUtf8 } from "../../lib/text.ts";
import type { Task } from "../../task/task.ts";
import { readView } from "../../task/user-data.ts";

/** The whole union as this kernel knows it. */
const ATTR_SIZE_BYTES = 168;
/** Linux: PAGE_SIZE; more is refused whatever it says. */
const ATTR_SIZE_MAX_BYTES = 4096;

export class Attributes {
  readonly #task: Task;
  readonly #view: DataView;

  constructor(task: Task, view: DataView) {
    this.#task = task;
    this.#view = view;
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, true);
  }

  /** A pointer, or another 64-bit word, exact to 2^53. */
  u64(offset: number): number {
    return Number(this.#view.getBigUint64(offset, true));
  }

  /** A name in a field of `size` bytes. */
  name(offset: number, size: number): string {
    const bytes = new Uint8Array(this.#view.buffer, offset, size);
    const end = bytes.indexOf(0);
    return decodeUtf8(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** Bytes of user memory, or -EFAULT. */
  bytes(address: number, size: number): Uint8Array | number {
    if (size === 0) return new Uint8Array(0);
    return this.#task.mm?.copyIn(address, size) ?? -EFAULT;
  }

  string(address: number, maxBytes: number): string | number {
    return this.#task.mm?.copyInString(address, maxBytes) ?? -EFAULT;
  }

  write(address: number, bytes: Uint8Array): number {
    return this.#task.mm?.copyOut(address, bytes) ?? -EFAULT;
  }
}

/** The attributes at `address`, or -errno: unknown parts must be zero (bpf_check_uarg_tail_zero). */
export function readAttributes(task: Task, address: number, size: number): Attributes | number {
  if (size > ATTR_SIZE_MAX_BYTES) return -E2BIG;
  const given = size === 0 ? new DataView(new ArrayBuffer(0)) : readView(task, address, size);
  if (typeof given === "number") return given;
  const bytes = new Uint8Array(given.buffer);
  if (bytes.subarray(ATTR_SIZE_BYTES).some((byte) => byte !== 0)) return -E2BIG;
  const whole = new Uint8Array(ATTR_SIZE_BYTES);
  whole.set(bytes.subarray(0, ATTR_SIZE_BYTES));
  return new Attributes(task, new DataView(whole.buffer));
}
