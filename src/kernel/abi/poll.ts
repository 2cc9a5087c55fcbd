/**
 * ppoll(2): event bits and struct pollfd.
 *
 * Source: asm-generic/poll.h of Linux 6.1.
 */
export const POLLIN = 0x1;
export const POLLPRI = 0x2;
export const POLLOUT = 0x4;
export const POLLERR = 0x8;
export const POLLHUP = 0x10;
export const POLLNVAL = 0x20;
export const POLLRDNORM = 0x40;
export const POLLRDBAND = 0x80;
export const POLLWRNORM = 0x100;
export const POLLWRBAND = 0x200;
export const POLLRDHUP = 0x2000;

/** struct pollfd. */
export const POLLFD_LAYOUT = {
  size: 8,
  fields: { fd: [0, "s32"], events: [4, "u16"], revents: [6, "u16"] },
} as const;
