/**
 * Bytes as text, for images, which are JSON. Source: RFC 4648, section 4.
 */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const word = (a << 16) | (b << 8) | c;
    const rest = bytes.length - at;
    for (let i = 0; i < 4; i++) text += i > rest ? "=" : ALPHABET[(word >> (18 - 6 * i)) & 63];
  }
  return text;
}

/** What is no base64 reads as if it were not there. */
export function decodeBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let word = 0;
  let bits = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) continue;
    word = ((word << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((word >> bits) & 255);
  }
  return Uint8Array.from(bytes);
}
