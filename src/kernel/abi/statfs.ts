/**
 * struct statfs, and what the file systems call themselves in it.
 *
 * Source: asm-generic/statfs.h and linux/magic.h of Linux 6.1.
 */
export const TMPFS_MAGIC = 0x01021994;
export const PROC_SUPER_MAGIC = 0x9fa0;
export const PIPEFS_MAGIC = 0x50495045;
export const SOCKFS_MAGIC = 0x534f434b;

/** struct statfs. */
export const STATFS_LAYOUT = {
  size: 120,
  fields: {
    f_type: [0, "s64"],
    f_bsize: [8, "s64"],
    f_blocks: [16, "s64"],
    f_bfree: [24, "s64"],
    f_bavail: [32, "s64"],
    f_files: [40, "s64"],
    f_ffree: [48, "s64"],
    f_namelen: [64, "s64"],
    f_frsize: [72, "s64"],
    f_flags: [80, "s64"],
  },
} as const;
