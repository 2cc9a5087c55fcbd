/**
 * .BTF.ext: for each section of code, CO-RE relocations and line numbers. Names in it are offsets
 * into the strings of .BTF.
 *
 * Source: Documentation/bpf/btf.rst ("BTF.ext"); struct bpf_core_relo of include/uapi/linux/bpf.h.
 * Left out: func_info, which only calls between functions need.
 */

const MAGIC = 0xeb9f;
const HEADER_SIZE_BYTES = 32;
const RECORD_SIZE_BYTES = 16;
const SLOT_SIZE_BYTES = 8;

/** enum bpf_core_relo_kind. */
export const CORE_RELO = {
  fieldByteOffset: 0,
  fieldByteSize: 1,
  fieldExists: 2,
  fieldSigned: 3,
  typeExists: 8,
  typeSize: 9,
  enumvalExists: 10,
  enumvalValue: 11,
} as const;

export interface CoreRelocation {
  readonly slot: number;
  readonly type: number;
  /** Offset of the access string, `0:1:2`, in the strings of .BTF. */
  readonly access: number;
  readonly kind: number;
}

export interface LineRecord {
  readonly slot: number;
  readonly file: number;
  readonly text: number;
  readonly line: number;
}

export interface SectionExt {
  /** Offset of the section's name. */
  readonly name: number;
  readonly lines: readonly LineRecord[];
  readonly relocations: readonly CoreRelocation[];
}

/** One part of it: the size of a record, then each section's records. */
function writePart(
  sections: readonly (readonly [number, readonly (readonly number[])[]])[],
): number[] {
  const words: number[] = [RECORD_SIZE_BYTES];
  for (const [name, records] of sections) {
    if (records.length === 0) continue;
    words.push(name, records.length, ...records.flat());
  }
  return words.length === 1 ? [] : words;
}

export function writeBtfExt(sections: readonly SectionExt[]): Uint8Array {
  const lines = writePart(
    sections.map(({ name, lines: all }) => [
      name,
      all.map(({ slot, file, text, line }) => [slot * SLOT_SIZE_BYTES, file, text, line << 10]),
    ]),
  );
  const relocations = writePart(
    sections.map(({ name, relocations: all }) => [
      name,
      all.map(({ slot, type, access, kind }) => [slot * SLOT_SIZE_BYTES, type, access, kind]),
    ]),
  );
  const bytes = new Uint8Array(HEADER_SIZE_BYTES + 4 * (lines.length + relocations.length));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, 1);
  const header = [
    HEADER_SIZE_BYTES,
    0,
    0,
    0,
    4 * lines.length,
    4 * lines.length,
    4 * relocations.length,
  ];
  for (const [i, value] of header.entries()) view.setUint32(4 + 4 * i, value, true);
  for (const [i, value] of [...lines, ...relocations].entries())
    view.setUint32(HEADER_SIZE_BYTES + 4 * i, value, true);
  return bytes;
}

/** Records of one part, by the name of their section. */
function* readPart(
  view: DataView,
  from: number,
  size: number,
): Generator<{ readonly name: number; readonly words: (i: number) => number }> {
  if (size < 4) return;
  const recordSize = view.getUint32(from, true);
  for (let at = from + 4; at + 8 <= from + size; ) {
    const [name, count] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    at += 8;
    for (let i = 0; i < count; i++, at += recordSize) {
      const start = at;
      yield { name, words: (index) => view.getUint32(start + 4 * index, true) };
    }
  }
}

export function readBtfExt(bytes: Uint8Array): readonly SectionExt[] {
  if (bytes.length < HEADER_SIZE_BYTES) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = view.getUint32(4, true);
  const part = (at: number): [number, number] => [
    body + view.getUint32(at, true),
    view.getUint32(at + 4, true),
  ];
  const sections = new Map<number, { lines: LineRecord[]; relocations: CoreRelocation[] }>();
  const of = (name: number): { lines: LineRecord[]; relocations: CoreRelocation[] } => {
    const known = sections.get(name) ?? { lines: [], relocations: [] };
    sections.set(name, known);
    return known;
  };
  for (const { name, words } of readPart(view, ...part(16)))
    of(name).lines.push({
      slot: words(0) / SLOT_SIZE_BYTES,
      file: words(1),
      text: words(2),
      line: words(3) >>> 10,
    });
  for (const { name, words } of readPart(view, ...part(24)))
    of(name).relocations.push({
      slot: words(0) / SLOT_SIZE_BYTES,
      type: words(1),
      access: words(2),
      kind: words(3),
    });
  return [...sections].map(([name, each]) => ({ name, ...each }));
}
