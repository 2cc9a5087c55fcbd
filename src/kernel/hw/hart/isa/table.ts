/** The whole instruction table of RV64GC user mode, and how a word or halfword finds its row. */
import { ATOMIC_ROWS } from "./atomic.ts";
import { BASE_ROWS } from "./base.ts";
import { COMPRESSED_ROWS, type CompressedRow } from "./compressed.ts";
import { FLOAT_ROWS } from "./float.ts";
import { MULTIPLY_ROWS } from "./multiply.ts";
import type { IsaRow } from "./row.ts";

export const ISA: readonly IsaRow[] = [
  ...BASE_ROWS,
  ...MULTIPLY_ROWS,
  ...ATOMIC_ROWS,
  ...FLOAT_ROWS,
];

/** Rows by the five opcode bits that vary, so that a search looks at a few. */
const BY_OPCODE: readonly (readonly IsaRow[])[] = Array.from({ length: 32 }, (_, opcode) =>
  ISA.filter((row) => ((row.match >> 2) & 31) === opcode),
);

/** By quadrant and the three bits above. */
const BY_QUADRANT: readonly (readonly CompressedRow[])[] = Array.from({ length: 32 }, (_, key) =>
  COMPRESSED_ROWS.filter((row) => (((row.match >> 13) << 2) | (row.match & 3)) === key),
);

/** The row of a 32-bit instruction; undefined for an illegal one. */
export function findRow(word: number): IsaRow | undefined {
  if ((word & 3) !== 3) return undefined;
  for (const row of BY_OPCODE[(word >> 2) & 31] as readonly IsaRow[])
    if ((word & row.mask) === row.match) return row;
  return undefined;
}

/** The word that a 16-bit instruction stands for; 0 for an illegal one. */
export function expandCompressed(half: number): number {
  const key = ((half >> 13) << 2) | (half & 3);
  for (const row of BY_QUADRANT[key] as readonly CompressedRow[])
    if ((half & row.mask) === row.match) return row.expand(half);
  return 0;
}
