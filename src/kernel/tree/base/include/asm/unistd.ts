/**
 * System-call numbers that kernel code mentions. From include/asm-generic/unistd.h: this table is
 * the one thing in the tree that no patch may touch.
 */
export const __NR_openat = 56;
export const __NR_close = 57;
export const __NR_read = 63;
export const __NR_write = 64;
export const __NR_exit = 93;
export const __NR_exit_group = 94;
export const __NR_getpid = 172;
export const __NR_execve = 221;
