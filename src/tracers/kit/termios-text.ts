/**
 * struct termios as strace prints it: the four flag words, the rest as `...`.
 *
 * Source: strace 6.1, print_termios() of term.c.
 */
import { constantsOf } from "#abi";

type Flags = Readonly<Record<"c_iflag" | "c_oflag" | "c_cflag" | "c_lflag", number>>;

function table(...names: readonly string[]): readonly (readonly [string, number])[] {
  const all = new Map(constantsOf("termios", ""));
  return names.map((name) => [name, all.get(name) ?? 0] as const);
}

const INPUT = table(
  "IGNBRK",
  "BRKINT",
  "ISTRIP",
  "INLCR",
  "IGNCR",
  "ICRNL",
  "IXON",
  "IXANY",
  "IXOFF",
  "IUTF8",
);
const OUTPUT = table("OPOST", "ONLCR", "OCRNL");
const CONTROL = table("CREAD", "HUPCL", "CLOCAL");
const LOCAL = table(
  "ISIG",
  "ICANON",
  "ECHO",
  "ECHOE",
  "ECHOK",
  "ECHONL",
  "NOFLSH",
  "TOSTOP",
  "IEXTEN",
  "ECHOCTL",
  "ECHOKE",
);

function words(named: readonly (readonly [string, number])[], value: number): string[] {
  const parts: string[] = [];
  let rest = value;
  for (const [name, bit] of named) {
    if (bit === 0 || (rest & bit) === 0) continue;
    parts.push(name);
    rest &= ~bit;
  }
  if (rest !== 0) parts.push(`0x${(rest >>> 0).toString(16)}`);
  return parts;
}

const B38400 = 0o17;
const CS8 = 0o60;

/** `{c_iflag=ICRNL|IXON, ...}`. */
export function termiosText(termios: Flags): string {
  const delays = ["NL0", "CR0", "TAB0", "BS0", "VT0", "FF0"];
  const control = termios.c_cflag;
  const speed = (control & 0o17) === B38400 ? ["B38400"] : [];
  const size = (control & CS8) === CS8 ? ["CS8"] : [];
  const rest = control & ~(speed.length > 0 ? 0o17 : 0) & ~(size.length > 0 ? CS8 : 0);
  const input = words(INPUT, termios.c_iflag).join("|") || "0";
  const output = [...delays, ...words(OUTPUT, termios.c_oflag)].join("|");
  const controls = [...speed, ...size, ...words(CONTROL, rest)].join("|") || "0";
  const local = words(LOCAL, termios.c_lflag).join("|") || "0";
  return `{c_iflag=${input}, c_oflag=${output}, c_cflag=${controls}, c_lflag=${local}, ...}`;
}
