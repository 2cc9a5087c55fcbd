/**
 * The settings of a terminal: struct termios and struct winsize as values that ioctl(2) reads and
 * replaces, with Linux's defaults for the console.
 *
 * Source: drivers/tty/tty_io.c tty_std_termios, asm-generic/termios.h INIT_C_CC of Linux 6.1.
 */
import { decodeStruct, encodeStruct, viewOf } from "../abi/struct.ts";
import {
  B38400,
  CREAD,
  CS8,
  ECHO,
  ECHOCTL,
  ECHOE,
  ECHOK,
  ECHOKE,
  HUPCL,
  ICANON,
  ICRNL,
  IEXTEN,
  ISIG,
  IUTF8,
  IXON,
  NCCS,
  ONLCR,
  OPOST,
  TERMIOS_CC_OFFSET,
  TERMIOS_LAYOUT,
  VEOF,
  VERASE,
  VINTR,
  VKILL,
  VMIN,
  VQUIT,
  VSUSP,
  VWERASE,
} from "../abi/termios.ts";

export interface Termios {
  readonly iflag: number;
  readonly oflag: number;
  readonly cflag: number;
  readonly lflag: number;
  readonly line: number;
  /** Control characters by V* index. */
  readonly cc: Uint8Array;
}

export function defaultTermios(): Termios {
  const cc = new Uint8Array(NCCS);
  cc[VINTR] = 0x03;
  cc[VQUIT] = 0x1c;
  cc[VERASE] = 0x7f;
  cc[VKILL] = 0x15;
  cc[VEOF] = 0x04;
  cc[VMIN] = 1;
  cc[VSUSP] = 0x1a;
  cc[VWERASE] = 0x17;
  return {
    iflag: ICRNL | IXON | IUTF8,
    oflag: OPOST | ONLCR,
    cflag: B38400 | CS8 | CREAD | HUPCL,
    lflag: ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
    line: 0,
    cc,
  };
}

export function encodeTermios(termios: Termios): Uint8Array {
  const bytes = new Uint8Array(TERMIOS_LAYOUT.size);
  const { iflag, oflag, cflag, lflag, line } = termios;
  encodeStruct(
    TERMIOS_LAYOUT,
    { c_iflag: iflag, c_oflag: oflag, c_cflag: cflag, c_lflag: lflag, c_line: line },
    viewOf(bytes),
  );
  bytes.set(termios.cc, TERMIOS_CC_OFFSET);
  return bytes;
}

export function decodeTermios(view: DataView): Termios {
  const fields = decodeStruct(TERMIOS_LAYOUT, view);
  return {
    iflag: fields.c_iflag,
    oflag: fields.c_oflag,
    cflag: fields.c_cflag,
    lflag: fields.c_lflag,
    line: fields.c_line,
    cc: new Uint8Array(view.buffer, view.byteOffset + TERMIOS_CC_OFFSET, NCCS).slice(),
  };
}
