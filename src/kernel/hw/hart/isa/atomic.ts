/**
 * A: load-reserved, store-conditional and the read-modify-write operations. One hart executes in
 * order, so the ordering bits mean nothing.
 *
 * Source: RISC-V unprivileged ISA, chapter "A". All are executed by cold.ts.
 */
import { type IsaRow, OPCODE } from "./row.ts";

/** funct5, opcode and width identify; aq and rl (bits 26-25) are free. */
const MASK_AMO = 0xf800707f | 0;

const OPERATIONS: Readonly<Record<string, number>> = {
  amoadd: 0x00,
  amoswap: 0x01,
  "sc.": 0x03,
  amoxor: 0x04,
  amoor: 0x08,
  amoand: 0x0c,
  amomin: 0x10,
  amomax: 0x14,
  amominu: 0x18,
  amomaxu: 0x1c,
};

const rowsOf = (width: "w" | "d", funct3: number): IsaRow[] => [
  {
    name: `lr.${width}`,
    syntax: "rd,(rs1)",
    match: (0x02 << 27) | (funct3 << 12) | OPCODE.amo,
    mask: MASK_AMO | (0x1f << 20),
  },
  ...Object.entries(OPERATIONS).map(([name, funct5]) => ({
    name: name === "sc." ? `sc.${width}` : `${name}.${width}`,
    syntax: "rd,rs2,(rs1)",
    match: (funct5 << 27) | (funct3 << 12) | OPCODE.amo,
    mask: MASK_AMO,
  })),
];

export const ATOMIC_ROWS: readonly IsaRow[] = [...rowsOf("w", 2), ...rowsOf("d", 3)];
