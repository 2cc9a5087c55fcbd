/**
 * struct file, as a view of the core's open files.
 */
import type { OpenFile } from "../../../fs/open-file.ts";
import type { BindApi } from "../../../kmem/bind-api.ts";

export function bind({ bindStruct }: BindApi): void {
  bindStruct<OpenFile>("file", {
    f_count: (f) => f.references,
    f_flags: (f) => f.flags,
    f_pos: (f) => f.offset,
  });
}
