/**
 * Files whose text one function makes. After include/linux/seq_file.h of 2.6.32.
 * Left out: iterators; the text is made at once when it is first read, and the core hands it out.
 */
import { seq_show } from "linux/debugfs";
import { file, inode } from "linux/fs";
import { int, ptr, size_t, ssize_t, unsigned_long, voidp } from "linux/types";

/** For an open function: what is read is what `show` prints, who finds `data` in m.private. */
export declare function single_open(file: ptr<file>, show: seq_show, data: voidp): int;
export declare function single_release(inode: ptr<inode>, file: ptr<file>): int;
export declare function seq_read(
  file: ptr<file>,
  buf: unsigned_long,
  size: size_t,
  ppos: voidp,
): ssize_t;
