/**
 * Operations of regular files, of files whose text is made when they are opened, and of directories
 * and O_PATH descriptors, which have none.
 *
 * Source: mm/filemap.c, fs/seq_file.c of Linux 6.1. A generated file answers with one text from its
 * first read on, until it is read from the beginning again, as seq_file does for short files.
 */
import { EINVAL } from "../abi/errno.ts";
import { S_ISGID, S_ISUID } from "../abi/stat.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";
import type { FileData } from "./file-data.ts";
import type { FileOps } from "./file-ops.ts";

export function regularOps(data: FileData, nowNs: () => number): FileOps {
  return {
    seekable: true,
    read(file, position, count) {
      file.inode.accessed(nowNs());
      return data.read(position, count);
    },
    write({ inode }, position, bytes, caller) {
      const written = data.write(position, bytes);
      if (written <= 0) return written;
      inode.touch(nowNs());
      // file_remove_privs(): who may write to a program does not get its owner's rights.
      if ((inode.permissions & (S_ISUID | S_ISGID)) !== 0 && !caller.keepsSetId())
        inode.dropPrivileges();
      return written;
    },
  };
}

export function generatedOps(text: () => string, write?: (text: string) => number): FileOps {
  return {
    seekable: true,
    read(file, position, count) {
      if (position === 0 || file.text === undefined) file.text = encodeUtf8(text());
      return file.text.slice(position, position + count);
    },
    write(_file, _position, bytes) {
      if (write === undefined) return -EINVAL;
      const result = write(decodeUtf8(bytes));
      return result < 0 ? result : bytes.length;
    },
  };
}

/** A read-only file of these bytes. */
export const bytesOps = (bytes: Uint8Array): FileOps => ({
  seekable: true,
  read: (_file, position, count) => bytes.slice(position, position + count),
});

/** Directories: they seek, and getdents64 reads them through their inode. */
export const DIRECTORY_OPS: FileOps = { seekable: true };

/** O_PATH: a place in the tree and nothing else. */
export const PATH_ONLY_OPS: FileOps = { seekable: false };
