/**
 * bpf(2) and perf_event_open(2) as a program makes them: attributes laid on the stack, a call, the
 * answer.
 *
 * Source: bpf(2), perf_event_open(2); union bpf_attr of include/uapi/linux/bpf.h.
 */
import { BPF_COMMANDS, SYSCALL_NUMBERS } from "#abi";
import type { Sys, UserCall } from "#userland";

type CommandName = (typeof BPF_COMMANDS)[number];

const ATTR_SIZE_BYTES = 144;
const PERF_ATTR_SIZE_BYTES = 72;

/** A field of the attributes: offset, size in bytes, value. */
type Field = readonly [offset: number, size: 4 | 8, value: number];

function attributes(size: number, fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [offset, width, value] of fields) {
    if (width === 4) view.setUint32(offset, value, true);
    else view.setBigUint64(offset, BigInt(value), true);
  }
  return bytes;
}

/** One command; what is pushed between `mark` and the call is its caller's. */
export function* bpf(
  sys: Sys,
  command: CommandName,
  fields: readonly Field[],
  name?: { readonly offset: number; readonly text: string },
): UserCall {
  const bytes = attributes(ATTR_SIZE_BYTES, fields);
  // A name has room for fifteen letters.
  for (let i = 0; i < (name?.text.length ?? 0) && i < 15; i++)
    bytes[(name?.offset ?? 0) + i] = name?.text.charCodeAt(i) ?? 0;
  const mark = sys.mark();
  const at = sys.pushBytes(bytes);
  const result = yield* sys.call(
    SYSCALL_NUMBERS.bpf,
    BPF_COMMANDS.indexOf(command),
    at,
    ATTR_SIZE_BYTES,
  );
  sys.popTo(mark);
  return result;
}

/** An event: a trace event by its id, or a function by where its name lies. */
export function* perfEventOpen(
  sys: Sys,
  type: number,
  config: number,
  functionName: number,
): UserCall {
  const mark = sys.mark();
  const at = sys.pushBytes(
    attributes(PERF_ATTR_SIZE_BYTES, [
      [0, 4, type],
      [4, 4, PERF_ATTR_SIZE_BYTES],
      [8, 8, config],
      [56, 8, functionName],
    ]),
  );
  const result = yield* sys.call(SYSCALL_NUMBERS.perf_event_open, at, -1, 0, -1, 0);
  sys.popTo(mark);
  return result;
}
