/**
 * Text and bytes: UTF-8 both ways, for a kernel that cannot see the host's TextDecoder. Bytes that
 * are not UTF-8 come out as U+FFFD, one for one.
 */

const REPLACEMENT = 0xfffd;

export function decodeUtf8(bytes: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const lead = bytes[i] as number;
    const extra =
      lead < 0x80 ? 0 : lead >= 0xf0 && lead < 0xf8 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : -1;
    const code = extra < 0 ? REPLACEMENT : sequence(bytes, i, lead, extra);
    text += String.fromCodePoint(code);
    i += code === REPLACEMENT ? 1 : extra + 1;
  }
  return text;
}

function sequence(bytes: ArrayLike<number>, at: number, lead: number, extra: number): number {
  if (extra === 0) return lead;
  let code = lead & (0x3f >> extra);
  for (let i = 1; i <= extra; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return REPLACEMENT;
    code = (code << 6) | (next & 0x3f);
  }
  return code > 0x10ffff ? REPLACEMENT : code;
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const char of text) {
    const code = char.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else {
      bytes.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 0x3f),
        0x80 | ((code >> 6) & 0x3f),
        0x80 | (code & 0x3f),
      );
    }
  }
  return Uint8Array.from(bytes);
}
