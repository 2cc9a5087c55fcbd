/**
 * F and D: single- and double-precision floating point, and the counters and control registers.
 *
 * Source: RISC-V unprivileged ISA, chapters "F", "D" and "Zicsr". Arithmetic has a quick way here,
 * for rounding to nearest when no new exception can accrue; whatever it cannot promise is computed
 * exactly by cold.ts. Comparisons, conversions and the rest are cold unless they are bit moves.
 */
import { type IsaRow, MASK_FUNCT3, MASK_FUNCT7, OPCODE } from "./row.ts";

/** What differs between the two formats. */
interface Format {
  readonly suffix: "s" | "d";
  readonly code: 0 | 1;
}
const FORMATS: readonly Format[] = [
  { suffix: "s", code: 0 },
  { suffix: "d", code: 1 },
];

const fp = (funct7: number, funct3: number, rs2: number): number =>
  (funct7 << 25) | (rs2 << 20) | (funct3 << 12) | OPCODE.opFp;

/** funct7 and rs2 identify, the rounding mode is free; or funct3 does too. */
const MASK_ROUNDED = 0xfe00007f | 0;
const MASK_UNARY_ROUNDED = 0xfff0007f | 0;
const MASK_UNARY = 0xfff0707f | 0;
const MASK_FUSED = 0x0600007f;

/** The quick way of an operation whose double-precision result is `value`. */
const quickDouble = (value: string): string => `FLOAT_DOUBLE(${value})`;
const quickSingle = (value: string): string => `FLOAT_SINGLE(${value})`;

function arithmetic({ suffix, code }: Format): IsaRow[] {
  const quick = code === 1 ? quickDouble : quickSingle;
  const binary = (name: string, operation: number, operator: string): IsaRow => ({
    name: `${name}.${suffix}`,
    syntax: "fd,fs1,fs2,rm",
    match: fp((operation << 2) | code, 0, 0),
    mask: MASK_ROUNDED,
    run: quick(operator),
  });
  return [
    binary("fadd", 0x00, "p + q"),
    binary("fsub", 0x01, "p - q"),
    binary("fmul", 0x02, "p * q"),
    binary("fdiv", 0x03, "p / q"),
    {
      name: `fsqrt.${suffix}`,
      syntax: "fd,fs1,rm",
      match: fp((0x0b << 2) | code, 0, 0),
      mask: MASK_UNARY_ROUNDED,
      run: code === 1 ? "FLOAT_ROOT_DOUBLE" : "FLOAT_ROOT_SINGLE",
    },
  ];
}

function fused({ suffix, code }: Format): IsaRow[] {
  return [
    ["fmadd", OPCODE.madd] as const,
    ["fmsub", OPCODE.msub] as const,
    ["fnmsub", OPCODE.nmsub] as const,
    ["fnmadd", OPCODE.nmadd] as const,
  ].map(([name, opcode]) => ({
    name: `${name}.${suffix}`,
    syntax: "fd,fs1,fs2,fs3,rm",
    match: (code << 25) | opcode,
    mask: MASK_FUSED,
  }));
}

function comparisons({ suffix, code }: Format): IsaRow[] {
  const compare = (name: string, funct3: number, operator: string): IsaRow => ({
    name: `${name}.${suffix}`,
    syntax: "rd,fs1,fs2",
    match: fp((0x14 << 2) | code, funct3, 0),
    mask: MASK_FUNCT7,
    run: code === 1 ? `COMPARE_DOUBLE(${operator})` : `COMPARE_SINGLE(${operator})`,
  });
  const sign = (name: string, funct3: number, upper: string): IsaRow => ({
    name: `${name}.${suffix}`,
    syntax: "fd,fs1,fs2",
    match: fp((0x04 << 2) | code, funct3, 0),
    mask: MASK_FUNCT7,
    ...(code === 1
      ? { run: `const p = fw[a], high = ${upper}; fw[d] = p; fw[d + 1] = high;` }
      : {}),
  });
  const pick = (name: string, funct3: number): IsaRow => ({
    name: `${name}.${suffix}`,
    syntax: "fd,fs1,fs2",
    match: fp((0x05 << 2) | code, funct3, 0),
    mask: MASK_FUNCT7,
  });
  return [
    compare("feq", 2, "==="),
    compare("flt", 1, "<"),
    compare("fle", 0, "<="),
    sign("fsgnj", 0, "(fw[a + 1] & 0x7fffffff) | (fw[b + 1] & 0x80000000)"),
    sign("fsgnjn", 1, "(fw[a + 1] & 0x7fffffff) | (~fw[b + 1] & 0x80000000)"),
    sign("fsgnjx", 2, "fw[a + 1] ^ (fw[b + 1] & 0x80000000)"),
    pick("fmin", 0),
    pick("fmax", 1),
  ];
}

function conversions({ suffix, code }: Format): IsaRow[] {
  const integers = ["w", "wu", "l", "lu"] as const;
  const INTO_DOUBLE: Partial<Record<string, string>> = {
    w: "ff[d >> 1] = x[a];",
    wu: "ff[d >> 1] = x[a] >>> 0;",
  };
  return [
    ...integers.map((integer, i) => ({
      name: `fcvt.${integer}.${suffix}`,
      syntax: "rd,fs1,rm",
      match: fp((0x18 << 2) | code, 0, i),
      mask: MASK_UNARY_ROUNDED,
    })),
    ...integers.map((integer, i) => {
      const run = code === 1 ? INTO_DOUBLE[integer] : undefined;
      return {
        name: `fcvt.${suffix}.${integer}`,
        syntax: "fd,rs1,rm",
        match: fp((0x1a << 2) | code, 0, i),
        mask: MASK_UNARY_ROUNDED,
        ...(run === undefined ? {} : { run }),
      };
    }),
    {
      name: `fclass.${suffix}`,
      syntax: "rd,fs1",
      match: fp((0x1c << 2) | code, 1, 0),
      mask: MASK_UNARY,
    },
  ];
}

const MOVES: readonly IsaRow[] = [
  { name: "fcvt.s.d", syntax: "fd,fs1,rm", match: fp(0x20, 0, 1), mask: MASK_UNARY_ROUNDED },
  { name: "fcvt.d.s", syntax: "fd,fs1,rm", match: fp(0x21, 0, 0), mask: MASK_UNARY_ROUNDED },
  {
    name: "fmv.x.w",
    syntax: "rd,fs1",
    match: fp(0x70, 0, 0),
    mask: MASK_UNARY,
    run: "x[d] = fw[a]; x[d + 1] = fw[a] >> 31;",
  },
  {
    name: "fmv.x.d",
    syntax: "rd,fs1",
    match: fp(0x71, 0, 0),
    mask: MASK_UNARY,
    run: "x[d] = fw[a]; x[d + 1] = fw[a + 1];",
  },
  {
    name: "fmv.w.x",
    syntax: "fd,rs1",
    match: fp(0x78, 0, 0),
    mask: MASK_UNARY,
    run: "fw[d] = x[a]; fw[d + 1] = -1;",
  },
  {
    name: "fmv.d.x",
    syntax: "fd,rs1",
    match: fp(0x79, 0, 0),
    mask: MASK_UNARY,
    run: "fw[d] = x[a]; fw[d + 1] = x[a + 1];",
  },
];

const MEMORY: readonly IsaRow[] = [
  {
    name: "flw",
    syntax: "fd,imm(rs1)",
    match: (2 << 12) | OPCODE.loadFp,
    mask: MASK_FUNCT3,
    run: "LOAD_FLOAT(4) { fw[d] = view.getInt32(at, true); fw[d + 1] = -1; }",
  },
  {
    name: "fld",
    syntax: "fd,imm(rs1)",
    match: (3 << 12) | OPCODE.loadFp,
    mask: MASK_FUNCT3,
    run: "LOAD_FLOAT(8) { fw[d] = view.getInt32(at, true); fw[d + 1] = view.getInt32(at + 4, true); }",
  },
  {
    name: "fsw",
    syntax: "fs2,soff(rs1)",
    match: (2 << 12) | OPCODE.storeFp,
    mask: MASK_FUNCT3,
    run: "STORE_FLOAT(4) { view.setInt32(at, fw[b], true); }",
  },
  {
    name: "fsd",
    syntax: "fs2,soff(rs1)",
    match: (3 << 12) | OPCODE.storeFp,
    mask: MASK_FUNCT3,
    run: "STORE_FLOAT(8) { view.setInt32(at, fw[b], true); view.setInt32(at + 4, fw[b + 1], true); }",
  },
];

const CSR: readonly IsaRow[] = ["csrrw", "csrrs", "csrrc"].flatMap((name, i) => [
  { name, syntax: "rd,csr,rs1", match: ((i + 1) << 12) | OPCODE.system, mask: MASK_FUNCT3 },
  {
    name: `${name}i`,
    syntax: "rd,csr,uimm",
    match: ((i + 5) << 12) | OPCODE.system,
    mask: MASK_FUNCT3,
  },
]);

export const FLOAT_ROWS: readonly IsaRow[] = [
  ...MEMORY,
  ...FORMATS.flatMap((format) => [
    ...arithmetic(format),
    ...fused(format),
    ...comparisons(format),
    ...conversions(format),
  ]),
  ...MOVES,
  ...CSR,
];
