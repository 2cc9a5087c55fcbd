/**
 * The running digest of a history: two 32-bit lanes of multiply-and-xor, fed with numbers and
 * strings. It tells two histories apart; it is no defence against somebody who wants a collision.
 *
 * Source: FNV-1a (Fowler, Noll, Vo), taken a 32-bit word at a time.
 */

const PRIME_A = 0x01000193;
const PRIME_B = 0x85ebca6b;

export class Digest {
  #a = 0x811c9dc5 | 0;
  #b = 0x9747b28c | 0;

  word(value: number): void {
    this.#a = Math.imul(this.#a ^ value, PRIME_A);
    this.#b = Math.imul(this.#b ^ (value + (this.#a >>> 15)), PRIME_B);
  }

  /** A number of up to 53 bits and its sign. */
  number(value: number): void {
    this.word(value | 0);
    if (value > 0x7fffffff || value < -0x80000000) this.word(Math.floor(value / 4294967296) | 0);
  }

  text(value: string): void {
    for (let i = 0; i < value.length; i++) this.word(value.charCodeAt(i));
    this.word(-1 - value.length);
  }

  /** 16 hexadecimal digits. The digest may be fed further afterwards. */
  hex(): string {
    const half = (lane: number): string => (lane >>> 0).toString(16).padStart(8, "0");
    return half(this.#a) + half(this.#b);
  }
}

/** Digest of memory, 32 bits, a word at a time. */
export function digestWords(words: Int32Array): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ (words[i] as number), PRIME_A);
  return hash >>> 0;
}
