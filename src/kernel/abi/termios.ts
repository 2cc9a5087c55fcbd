/**
 * Terminals: the ioctl(2) numbers, struct termios (the kernel's, 36 bytes), struct winsize.
 *
 * Source: asm-generic/ioctls.h, termbits.h, termios.h of Linux 6.1. Left out: speeds, delays,
 * line disciplines other than N_TTY.
 */
export const TCGETS = 0x5401;
export const TCSETS = 0x5402;
export const TCSETSW = 0x5403;
export const TCSETSF = 0x5404;
export const TCSBRK = 0x5409;
export const TCXONC = 0x540a;
export const TCFLSH = 0x540b;
export const TIOCSCTTY = 0x540e;
export const TIOCGPGRP = 0x540f;
export const TIOCSPGRP = 0x5410;
export const TIOCOUTQ = 0x5411;
export const TIOCSTI = 0x5412;
export const TIOCGWINSZ = 0x5413;
export const TIOCSWINSZ = 0x5414;
export const FIONREAD = 0x541b;
export const TIOCNOTTY = 0x5422;
export const TIOCGSID = 0x5429;
export const FIONBIO = 0x5421;
export const FIONCLEX = 0x5450;
export const FIOCLEX = 0x5451;

// c_iflag
export const IGNBRK = 0o1;
export const BRKINT = 0o2;
export const ISTRIP = 0o40;
export const INLCR = 0o100;
export const IGNCR = 0o200;
export const ICRNL = 0o400;
export const IXON = 0o2000;
export const IXANY = 0o4000;
export const IXOFF = 0o10000;
export const IUTF8 = 0o40000;

// c_oflag
export const OPOST = 0o1;
export const ONLCR = 0o4;
export const OCRNL = 0o10;

// c_cflag
export const CSIZE = 0o60;
export const CS8 = 0o60;
export const CREAD = 0o200;
export const HUPCL = 0o2000;
export const CLOCAL = 0o4000;
export const B38400 = 0o17;

// c_lflag
export const ISIG = 0o1;
export const ICANON = 0o2;
export const ECHO = 0o10;
export const ECHOE = 0o20;
export const ECHOK = 0o40;
export const ECHONL = 0o100;
export const NOFLSH = 0o200;
export const TOSTOP = 0o400;
export const ECHOCTL = 0o1000;
export const ECHOKE = 0o4000;
export const IEXTEN = 0o100000;

// Indices of c_cc
export const VINTR = 0;
export const VQUIT = 1;
export const VERASE = 2;
export const VKILL = 3;
export const VEOF = 4;
export const VTIME = 5;
export const VMIN = 6;
export const VSTART = 8;
export const VSTOP = 9;
export const VSUSP = 10;
export const VEOL = 11;
export const VREPRINT = 12;
export const VWERASE = 14;
export const VLNEXT = 15;
export const VEOL2 = 16;

/** struct termios up to its control characters. */
export const TERMIOS_LAYOUT = {
  size: 36,
  fields: {
    c_iflag: [0, "u32"],
    c_oflag: [4, "u32"],
    c_cflag: [8, "u32"],
    c_lflag: [12, "u32"],
    c_line: [16, "u8"],
  },
} as const;
/** c_cc: NCCS bytes. */
export const TERMIOS_CC_OFFSET = 17;
export const NCCS = 19;

/** struct winsize. */
export const WINSIZE_LAYOUT = {
  size: 8,
  fields: {
    ws_row: [0, "u16"],
    ws_col: [2, "u16"],
    ws_xpixel: [4, "u16"],
    ws_ypixel: [6, "u16"],
  },
} as const;
