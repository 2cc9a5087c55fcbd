/**
 * Whole directories, as opendir(3) and readdir(3) give them.
 */
import type { DirEntry } from "./file-calls.ts";
import type { Sys } from "./system-calls.ts";
import type { UserCall } from "./trap.ts";

/** All entries of an open directory, `.` and `..` included; what was read before an error. */
export function* readDirectory(sys: Sys, fd: number): UserCall<DirEntry[]> {
  const entries: DirEntry[] = [];
  for (;;) {
    const part = yield* sys.getdents(fd);
    if (typeof part === "number" || part.length === 0) return entries;
    entries.push(...part);
  }
}
