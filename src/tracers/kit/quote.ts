/**
 * Bytes as strace prints them: C escapes, octal for the rest, cut after a limit.
 *
 * Source: strace 6.1, print_quoted_string_ex() of util.c.
 */

const ESCAPES: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

const isOctalDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 48 && byte <= 55;

/** The text between the quotes. */
export function escapeBytes(bytes: ArrayLike<number>): string {
  let text = "";
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const known = ESCAPES[byte];
    if (known !== undefined) text += known;
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else {
      // As short as the next character allows.
      const octal = byte.toString(8);
      text += `\\${isOctalDigit(bytes[at + 1]) ? octal.padStart(3, "0") : octal}`;
    }
  }
  return text;
}

/** `"text"`, or `"te"...` when there is more than `limit` bytes of it. */
export function quoteBytes(bytes: Uint8Array, limit: number, more = false): string {
  const cut = bytes.length > limit;
  return `"${escapeBytes(cut ? bytes.subarray(0, limit) : bytes)}"${cut || more ? "..." : ""}`;
}

/** `"\\xc0\\x24"`: bytes that mean nothing as text. */
export function quoteHex(bytes: Uint8Array, more: boolean): string {
  const text = Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
  return `"${text}"${more ? "..." : ""}`;
}
