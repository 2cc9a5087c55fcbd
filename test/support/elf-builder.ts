/** Small riscv64 ELF images, made by hand for tests. */

export interface ElfSegment {
  readonly vaddr: number;
  readonly bytes: Uint8Array;
  readonly memSize?: number;
  /** PF_X 1, PF_W 2, PF_R 4. */
  readonly flags: number;
  readonly type?: number;
}

const HEADER = 64;
const PROGRAM_HEADER = 56;
const PAGE = 4096;

/** An executable with these segments, each at a file offset congruent to its address. */
export function buildElf(entry: number, segments: readonly ElfSegment[], type = 2): Uint8Array {
  let end = HEADER + segments.length * PROGRAM_HEADER;
  const offsets = segments.map((segment) => {
    const offset = Math.ceil(end / PAGE) * PAGE + (segment.vaddr % PAGE);
    end = offset + segment.bytes.length;
    return offset;
  });
  const file = new Uint8Array(end);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, type, true);
  view.setUint16(18, 243, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(entry), true);
  view.setBigUint64(32, BigInt(HEADER), true);
  // EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE
  view.setUint32(48, 5, true);
  view.setUint16(52, HEADER, true);
  view.setUint16(54, PROGRAM_HEADER, true);
  view.setUint16(56, segments.length, true);
  segments.forEach((segment, i) => {
    const at = HEADER + i * PROGRAM_HEADER;
    const offset = offsets[i] as number;
    view.setUint32(at, segment.type ?? 1, true);
    view.setUint32(at + 4, segment.flags, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(segment.vaddr), true);
    view.setBigUint64(at + 24, BigInt(segment.vaddr), true);
    view.setBigUint64(at + 32, BigInt(segment.bytes.length), true);
    view.setBigUint64(at + 40, BigInt(segment.memSize ?? segment.bytes.length), true);
    view.setBigUint64(at + 48, BigInt(PAGE), true);
    file.set(segment.bytes, offset);
  });
  return file;
}
