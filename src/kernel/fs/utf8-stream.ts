/**
 * UTF-8 that arrives in pieces: an unfinished character at the end of one piece waits for the next.
 */
import { decodeUtf8 } from "../lib/text.ts";

export class Utf8Stream {
  #held: Uint8Array = new Uint8Array(0);

  decode(bytes: Uint8Array): string {
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    const end = all.length - unfinishedTail(all);
    this.#held = all.slice(end);
    return decodeUtf8(all.subarray(0, end));
  }
}

/** How many bytes at the end begin a character that is not complete. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes.at(-back);
    if (byte === undefined || bytes.length < back) return 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
