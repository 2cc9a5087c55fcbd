/**
 * seccomp(2): operations, flags, and what a filter answers.
 *
 * Source: linux/seccomp.h of Linux 6.1.
 */
export const SECCOMP_MODE_DISABLED = 0;
export const SECCOMP_MODE_STRICT = 1;
export const SECCOMP_MODE_FILTER = 2;
export const SECCOMP_SET_MODE_STRICT = 0;
export const SECCOMP_SET_MODE_FILTER = 1;
export const SECCOMP_GET_ACTION_AVAIL = 2;
export const SECCOMP_GET_NOTIF_SIZES = 3;
export const SECCOMP_FILTER_FLAG_TSYNC = 0x1;
export const SECCOMP_FILTER_FLAG_LOG = 0x2;
export const SECCOMP_FILTER_FLAG_SPEC_ALLOW = 0x4;

/** The upper half of a filter's answer is an action, the lower its data. */
export const SECCOMP_ACTION = 0xffff0000;
export const SECCOMP_DATA = 0xffff;
export const SECCOMP_RET_KILL_PROCESS = 0x80000000;
export const SECCOMP_RET_KILL_THREAD = 0x00000000;
export const SECCOMP_RET_TRAP = 0x00030000;
export const SECCOMP_RET_ERRNO = 0x00050000;
export const SECCOMP_RET_USER_NOTIF = 0x7fc00000;
export const SECCOMP_RET_TRACE = 0x7ff00000;
export const SECCOMP_RET_LOG = 0x7ffc0000;
export const SECCOMP_RET_ALLOW = 0x7fff0000;

/** struct sock_filter: code u16, jt u8, jf u8, k u32. */
export const SOCK_FILTER_SIZE_BYTES = 8;
/** struct sock_fprog: len u16, filter pointer at 8. */
export const SOCK_FPROG_SIZE_BYTES = 16;
/** BPF_MAXINSNS. */
export const BPF_INSTRUCTIONS_MAX = 4096;
