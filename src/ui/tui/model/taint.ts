/** Taint letters, as an oops prints them. Source: Documentation/admin-guide/tainted-kernels.rst. */
const LETTERS = "PFSRMBUDAWCIOELKXTN";

/** `Tainted: PF`'s letters; "" for a clean kernel. */
export function taintLetters(flags: number): string {
  let letters = "";
  for (let bit = 0; bit < LETTERS.length; bit++) {
    if (flags & (1 << bit)) letters += LETTERS[bit];
  }
  return letters;
}
