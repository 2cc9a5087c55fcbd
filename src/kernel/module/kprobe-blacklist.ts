/**
 * The section _kprobe_blacklist: the addresses of all functions that NOKPROBE_SYMBOL names, one after
 * the other, between two symbols that only the linker knows.
 *
 * Source: KPROBE_BLACKLIST() of include/asm-generic/vmlinux.lds.h, include/asm-generic/kprobes.h, 6.1.
 * Left out: the sections of modules, which a kernel looks at since 5.8.
 */
import { assert } from "../lib/assert.ts";
import { addressIn, type LinkedObject, type LinkTarget } from "./link.ts";

/** What NOKPROBE_SYMBOL calls the variable in which a function's address stands. */
export const NOKPROBE_PREFIX = "_kbl_addr_";

export const KPROBE_BLACKLIST_START = "__start_kprobe_blacklist";
export const KPROBE_BLACKLIST_STOP = "__stop_kprobe_blacklist";

const ADDRESS_BYTES = 8;

export interface KprobeBlacklist {
  /** Of the linker's two symbols. */
  readonly addresses: ReadonlyMap<string, number>;
  /** Copies the addresses into it; they are known after relocation. */
  fill(): void;
}

/** Makes room for it among objects that have been placed. */
export function placeKprobeBlacklist(
  target: LinkTarget,
  objects: readonly LinkedObject[],
): KprobeBlacklist {
  const { kmem } = target;
  const variables = objects.flatMap((object) =>
    object.ko.data.flatMap(({ name }) =>
      name.startsWith(NOKPROBE_PREFIX) ? [addressIn(object, name) ?? 0] : [],
    ),
  );
  const size = variables.length * ADDRESS_BYTES;
  const room = kmem.allocObject(Math.max(size, 1), "_kprobe_blacklist", "module", 0);
  assert(room !== undefined, "no room for _kprobe_blacklist");
  const start = room.address;
  return {
    addresses: new Map([
      [KPROBE_BLACKLIST_START, start],
      [KPROBE_BLACKLIST_STOP, start + size],
    ]),
    fill: () => {
      for (const [at, variable] of variables.entries())
        kmem.store64(start + at * ADDRESS_BYTES, kmem.i64(variable));
    },
  };
}
