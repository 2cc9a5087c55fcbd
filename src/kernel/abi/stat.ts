/**
 * File modes, struct stat (128 bytes), struct statx, struct linux_dirent64.
 *
 * Source: linux/stat.h and asm-generic/stat.h of Linux 6.1; DT_ values of linux/fs_types.h.
 * Left out of statx: mount id, direct-I/O alignment.
 */
import { writeField } from "./struct.ts";

export const S_IFMT = 0o170000;
export const S_IFSOCK = 0o140000;
export const S_IFLNK = 0o120000;
export const S_IFREG = 0o100000;
export const S_IFBLK = 0o60000;
export const S_IFDIR = 0o40000;
export const S_IFCHR = 0o20000;
export const S_IFIFO = 0o10000;
export const S_ISUID = 0o4000;
export const S_ISGID = 0o2000;
export const S_ISVTX = 0o1000;
export const S_IRWXU = 0o700;
export const S_IRUSR = 0o400;
export const S_IWUSR = 0o200;
export const S_IXUSR = 0o100;
export const S_IRWXG = 0o70;
export const S_IRGRP = 0o40;
export const S_IWGRP = 0o20;
export const S_IXGRP = 0o10;
export const S_IRWXO = 0o7;
export const S_IROTH = 0o4;
export const S_IWOTH = 0o2;
export const S_IXOTH = 0o1;

export const DT_UNKNOWN = 0;
export const DT_FIFO = 1;
export const DT_CHR = 2;
export const DT_DIR = 4;
export const DT_BLK = 6;
export const DT_REG = 8;
export const DT_LNK = 10;
export const DT_SOCK = 12;

export const STATX_TYPE = 0x1;
export const STATX_MODE = 0x2;
export const STATX_NLINK = 0x4;
export const STATX_UID = 0x8;
export const STATX_GID = 0x10;
export const STATX_ATIME = 0x20;
export const STATX_MTIME = 0x40;
export const STATX_CTIME = 0x80;
export const STATX_INO = 0x100;
export const STATX_SIZE = 0x200;
export const STATX_BLOCKS = 0x400;
export const STATX_BASIC_STATS = 0x7ff;
export const STATX_BTIME = 0x800;

/** struct stat. */
export const STAT_LAYOUT = {
  size: 128,
  fields: {
    st_dev: [0, "u64"],
    st_ino: [8, "u64"],
    st_mode: [16, "u32"],
    st_nlink: [20, "u32"],
    st_uid: [24, "u32"],
    st_gid: [28, "u32"],
    st_rdev: [32, "u64"],
    st_size: [48, "s64"],
    st_blksize: [56, "s32"],
    st_blocks: [64, "s64"],
    st_atime: [72, "s64"],
    st_atime_nsec: [80, "u64"],
    st_mtime: [88, "s64"],
    st_mtime_nsec: [96, "u64"],
    st_ctime: [104, "s64"],
    st_ctime_nsec: [112, "u64"],
  },
} as const;

/** struct statx. */
export const STATX_LAYOUT = {
  size: 256,
  fields: {
    stx_mask: [0, "u32"],
    stx_blksize: [4, "u32"],
    stx_attributes: [8, "u64"],
    stx_nlink: [16, "u32"],
    stx_uid: [20, "u32"],
    stx_gid: [24, "u32"],
    stx_mode: [28, "u16"],
    stx_ino: [32, "u64"],
    stx_size: [40, "u64"],
    stx_blocks: [48, "u64"],
    stx_attributes_mask: [56, "u64"],
    stx_atime: [64, "s64"],
    stx_atime_nsec: [72, "u32"],
    stx_btime: [80, "s64"],
    stx_btime_nsec: [88, "u32"],
    stx_ctime: [96, "s64"],
    stx_ctime_nsec: [104, "u32"],
    stx_mtime: [112, "s64"],
    stx_mtime_nsec: [120, "u32"],
    stx_rdev_major: [128, "u32"],
    stx_rdev_minor: [132, "u32"],
    stx_dev_major: [136, "u32"],
    stx_dev_minor: [140, "u32"],
  },
} as const;

/** What getdents64 writes for one name. */
export interface Dirent64 {
  readonly d_ino: number;
  /** Position to go on from after this entry. */
  readonly d_off: number;
  readonly d_type: number;
  readonly d_name: string;
}

/** Bytes before d_name in struct linux_dirent64. */
const DIRENT64_NAME_OFFSET = 19;

/** d_reclen for a name of this many bytes: with its NUL, rounded up to 8. */
export function dirent64Size(nameBytes: number): number {
  return (DIRENT64_NAME_OFFSET + nameBytes + 1 + 7) & ~7;
}

/** Writes one record at `at`; the caller has made room for `dirent64Size`. */
export function encodeDirent64(
  entry: Omit<Dirent64, "d_name">,
  nameBytes: Uint8Array,
  view: DataView,
  at: number,
): void {
  writeField(view, at, "u64", entry.d_ino);
  writeField(view, at + 8, "s64", entry.d_off);
  view.setUint16(at + 16, dirent64Size(nameBytes.length), true);
  view.setUint8(at + 18, entry.d_type);
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(
    nameBytes,
    at + DIRENT64_NAME_OFFSET,
  );
}

/** The d_type of a mode: its type bits, shifted. */
export function direntType(mode: number): number {
  return (mode & S_IFMT) >> 12;
}

/** A device number as stat reports it: new_encode_dev() of linux/kdev_t.h. */
export function makeDevice(major: number, minor: number): number {
  return (minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12);
}
