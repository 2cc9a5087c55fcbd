/**
 * The machine's only source of chance: xoshiro128** over 32-bit words, seeded by splitmix32, so
 * that one seed gives one run on every host.
 *
 * Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018).
 * Left out: jumps, and any claim to cryptographic strength.
 */

const rotl = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

export class Prng {
  readonly #s: Int32Array = new Int32Array(4);

  constructor(seed: number) {
    let z = seed | 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) | 0;
      let t = z ^ (z >>> 16);
      t = Math.imul(t, 0x21f0aaad);
      t ^= t >>> 15;
      t = Math.imul(t, 0x735a2d97);
      this.#s[i] = t ^ (t >>> 15);
    }
  }

  /** A uniform unsigned 32-bit number. */
  next(): number {
    const s = this.#s;
    const s1 = s[1] as number;
    const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9);
    const t = s1 << 9;
    s[2] = (s[2] as number) ^ (s[0] as number);
    s[3] = (s[3] as number) ^ s1;
    s[1] = s1 ^ (s[2] as number);
    s[0] = (s[0] as number) ^ (s[3] as number);
    s[2] = (s[2] as number) ^ t;
    s[3] = rotl(s[3] as number, 11);
    return result >>> 0;
  }

  /** A uniform integer in [0, bound). */
  below(bound: number): number {
    return Math.floor((this.next() / 4294967296) * bound);
  }
}
