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

/** A surrogate without its other half encodes as U+FFFD, as TextEncoder has it. */
export function encodeUtf8(text: string): Uint8Array {
  const { length } = text;
  let at = 0;
  const ascii = new Uint8Array(length);
  while (at < length) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return encodeWide(text, ascii, at);
    ascii[at++] = code;
  }
  return ascii;
}

/** The rest of `text` from `at` on, where its first character outside ASCII stands. */
function encodeWide(text: string, ascii: Uint8Array, at: number): Uint8Array {
  // No UTF-16 unit takes more than three bytes.
  const bytes = new Uint8Array(at + (text.length - at) * 3);
  bytes.set(ascii.subarray(0, at));
  let size = at;
  for (let i = at; i < text.length; i++) {
    let code = text.codePointAt(i) as number;
    if (code >= 0xd800 && code < 0xe000) code = REPLACEMENT;
    if (code < 0x80) {
      bytes[size++] = code;
      continue;
    }
    if (code < 0x800) bytes[size++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) bytes[size++] = 0xe0 | (code >> 12);
      else {
        bytes[size++] = 0xf0 | (code >> 18);
        bytes[size++] = 0x80 | ((code >> 12) & 0x3f);
        i++;
      }
      bytes[size++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[size++] = 0x80 | (code & 0x3f);
  }
  return bytes.slice(0, size);
}
