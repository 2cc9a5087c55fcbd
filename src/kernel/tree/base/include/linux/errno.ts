/**
 * Error numbers, as functions return them (negated). After include/asm-generic/errno-base.h,
 * errno.h and include/linux/errno.h: the ones that this tree uses.
 */
export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const E2BIG = 7;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const ENOSYS = 38;
export const EOPNOTSUPP = 95;
export const EALREADY = 114;
export const EINPROGRESS = 115;

/** Never seen by a program: the system call is restarted, or becomes EINTR. */
export const ERESTARTSYS = 512;
export const ERESTARTNOINTR = 513;
