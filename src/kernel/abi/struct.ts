/**
 * Structures as data: a layout gives each field an offset and a scalar type; two functions write
 * and read any of them over a DataView. riscv64 is little-endian LP64.
 *
 * 64-bit fields are numbers, exact to 2^53. Padding is left as it was.
 */

export type ScalarType = "u8" | "u16" | "s32" | "u32" | "s64" | "u64";

export interface AbiLayout {
  readonly size: number;
  readonly fields: Readonly<Record<string, readonly [offset: number, type: ScalarType]>>;
}

/** The values of a layout's fields. */
export type FieldsOf<L extends AbiLayout> = { [F in keyof L["fields"]]: number };

const TWO_32 = 4294967296;

export function writeField(view: DataView, at: number, type: ScalarType, value: number): void {
  switch (type) {
    case "u8":
      view.setUint8(at, value);
      return;
    case "u16":
      view.setUint16(at, value, true);
      return;
    case "s32":
    case "u32":
      view.setUint32(at, value, true);
      return;
    case "s64":
    case "u64":
      view.setUint32(at, value, true);
      view.setUint32(at + 4, Math.floor(value / TWO_32), true);
      return;
  }
}

export function readField(view: DataView, at: number, type: ScalarType): number {
  switch (type) {
    case "u8":
      return view.getUint8(at);
    case "u16":
      return view.getUint16(at, true);
    case "s32":
      return view.getInt32(at, true);
    case "u32":
      return view.getUint32(at, true);
    case "s64":
      return view.getInt32(at + 4, true) * TWO_32 + view.getUint32(at, true);
    case "u64":
      return view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
  }
}

/** Writes the given fields of a structure at `at`; the others stay as they are. */
export function encodeStruct<L extends AbiLayout>(
  layout: L,
  values: Partial<FieldsOf<L>>,
  view: DataView,
  at = 0,
): void {
  for (const name in layout.fields) {
    const value = (values as Readonly<Record<string, number | undefined>>)[name];
    const field = layout.fields[name];
    if (value !== undefined && field !== undefined) {
      writeField(view, at + field[0], field[1], value);
    }
  }
}

/** A structure's bytes, zeros where no value is given. */
export function structBytes<L extends AbiLayout>(
  layout: L,
  values: Partial<FieldsOf<L>>,
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  encodeStruct(layout, values, new DataView(bytes.buffer));
  return bytes;
}

export function decodeStruct<L extends AbiLayout>(layout: L, view: DataView, at = 0): FieldsOf<L> {
  const values: Record<string, number> = {};
  for (const name in layout.fields) {
    const field = layout.fields[name];
    if (field !== undefined) values[name] = readField(view, at + field[0], field[1]);
  }
  return values as FieldsOf<L>;
}

/** A DataView over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes an ASCII text into a fixed field, cut so that a NUL fits, and clears the rest. */
export function writeCString(bytes: Uint8Array, at: number, size: number, text: string): void {
  for (let index = 0; index < size; index++) {
    bytes[at + index] = index < size - 1 && index < text.length ? text.charCodeAt(index) : 0;
  }
}

/** Reads a text up to its NUL or the end of the field. */
export function readCString(bytes: Uint8Array, at: number, size: number): string {
  let text = "";
  for (let index = at; index < at + size; index++) {
    const byte = bytes[index];
    if (byte === undefined || byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
