/**
 * Results that mean "interrupted: maybe run this call again". Signal delivery turns them into EINTR
 * or a restart before user mode sees them; a tracer sees them raw.
 *
 * Source: include/linux/errno.h of Linux 6.1.
 */
/** Restart if the handler has SA_RESTART, or if there is none. */
export const ERESTARTSYS = 512;
/** Always restart. */
export const ERESTARTNOINTR = 513;
/** Restart if no handler runs. */
export const ERESTARTNOHAND = 514;
/** An ioctl that the file does not know; ENOTTY to user mode. */
export const ENOIOCTLCMD = 515;
/** Restart by restart_syscall(2), for calls with a relative timeout. */
export const ERESTART_RESTARTBLOCK = 516;
