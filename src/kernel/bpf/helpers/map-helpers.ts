/**
 * Helpers on maps: what a program and bpf(2) share.
 *
 * Source: kernel/bpf/helpers.c, 6.16.
 */
import { addressIn, putNumber } from "../vm/registers.ts";
import { answer, type HelperHost, type HelperRow, R1, R2, R3, R4 } from "./helper.ts";

const keyOf = (host: HelperHost, x: Int32Array, size: number): Uint8Array =>
  host.memory.readBytes(addressIn(x, R2), size);

export const MAP_HELPERS: readonly HelperRow[] = [
  {
    number: 1,
    name: "bpf_map_lookup_elem",
    args: ["map", "key"],
    result: "map-value-or-null",
    gplOnly: false,
    run: (host, x) => {
      const map = host.mapAt(addressIn(x, R1));
      putNumber(x, 0, map.lookup(keyOf(host, x, map.shape.keySize)));
    },
  },
  {
    number: 2,
    name: "bpf_map_update_elem",
    args: ["map", "key", "value", "anything"],
    result: "integer",
    gplOnly: false,
    run: (host, x) => {
      const map = host.mapAt(addressIn(x, R1));
      const value = host.memory.readBytes(addressIn(x, R3), map.shape.valueSize);
      const flags = x[R4 + 1] === 0 ? (x[R4] as number) >>> 0 : 0xffffffff;
      answer(x, map.update(keyOf(host, x, map.shape.keySize), value, flags));
    },
  },
  {
    number: 3,
    name: "bpf_map_delete_elem",
    args: ["map", "key"],
    result: "integer",
    gplOnly: false,
    run: (host, x) => {
      const map = host.mapAt(addressIn(x, R1));
      answer(x, map.delete(keyOf(host, x, map.shape.keySize)));
    },
  },
];
