/**
 * Files that the tree makes, under /sys/kernel/debug and in /proc. Reading one calls its show function, writing one its
 * store function, in the task that reads or writes.
 *
 * Left out: seq_file's iteration; a show function writes everything at once. A store function that
 * would block is called in its plain form, which says so.
 */
import { EINVAL } from "../abi/errno.ts";
import { assert } from "../lib/assert.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { type DebugFile, type PortContext, writeField } from "../port/context.ts";
import type { Kernel } from "../task/kernel.ts";

const ROOT = "/sys/kernel/debug";

export function installDebugFile(k: Kernel, portOf: () => PortContext, file: DebugFile): void {
  const show = file.show === 0 ? (): string => "" : (): string => showFile(portOf(), file);
  const store =
    file.store === 0 ? undefined : (text: string): number => storeText(portOf(), file.store, text);
  k.vfs.place(
    `${ROOT}/${file.path}`,
    k.vfs.makeGeneratedFile(show, { permissions: store === undefined ? 0o400 : 0o600 }, store),
  );
}

export function showFile(p: PortContext, { show, data }: DebugFile): string {
  const cookie = p.mem.alloc(p.layouts["seq_file"]?.size ?? 8, "seq_file", 0);
  const parts: string[] = [];
  p.seqFiles.set(cookie, parts);
  writeField(p, "seq_file", cookie, "private", data);
  p.refuel();
  p.text.callee(show).plain(cookie);
  p.seqFiles.delete(cookie);
  p.mem.free(cookie, "seq_release");
  return parts.join("");
}

function storeText(p: PortContext, store: number, text: string): number {
  const size = encodeUtf8(text).length + 1;
  if (size > 4096) return -EINVAL;
  const buffer = p.mem.alloc(size, "debugfs buffer", 0);
  assert(buffer !== 0, "there is room for a write to debugfs");
  p.mem.writeCString(buffer, text, size);
  p.refuel();
  const result = p.text.callee(store).plain(buffer, size - 1);
  p.mem.free(buffer, "debugfs_write");
  return result;
}
