/**
 * BTF bytes into types. Whatever is wrong with them is told in one sentence; nothing is believed that
 * was not checked.
 *
 * Source: kernel/bpf/btf.c (btf_parse_hdr, btf_check_all_metas), 6.16.
 */
import { decodeUtf8 } from "../../lib/text.ts";
import { Btf } from "./btf.ts";
import {
  BTF_HEADER_SIZE_BYTES,
  BTF_KINDS,
  BTF_MAGIC,
  BTF_TYPE_SIZE_BYTES,
  BTF_VERSION,
  type BtfKind,
  type BtfType,
} from "./format.ts";

class Malformed extends Error {}

/** The types in `bytes`, or what is wrong. */
export function readBtf(bytes: Uint8Array): Btf | string {
  try {
    return new Btf(new Reader(bytes).types());
  } catch (thrown) {
    if (thrown instanceof Malformed) return thrown.message;
    throw thrown;
  }
}

/** The string at `offset` of a string section. */
export function stringAt(strings: Uint8Array, offset: number): string {
  const end = strings.indexOf(0, offset);
  return decodeUtf8(strings.subarray(offset, end < 0 ? strings.length : end));
}

/** The string section of BTF that has been read before. */
export function stringsOf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(4, true) + view.getUint32(16, true);
  return bytes.subarray(start, start + view.getUint32(20, true));
}

class Reader {
  readonly #view: DataView;
  readonly #strings: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < BTF_HEADER_SIZE_BYTES) throw new Malformed("btf_header not found");
    if (this.#view.getUint16(0, true) !== BTF_MAGIC) throw new Malformed("Invalid magic");
    if (this.#view.getUint8(2) !== BTF_VERSION) throw new Malformed("Unsupported version");
    const header = this.#view.getUint32(4, true);
    this.#at = header + this.#view.getUint32(8, true);
    this.#end = this.#at + this.#view.getUint32(12, true);
    this.#strings = stringsOf(bytes);
    const stringEnd = header + this.#view.getUint32(16, true) + this.#view.getUint32(20, true);
    if (header < BTF_HEADER_SIZE_BYTES || this.#end > bytes.length || stringEnd > bytes.length)
      throw new Malformed("Unexpected section overlap or size");
    if (this.#strings[0] !== 0 || this.#strings.at(-1) !== 0)
      throw new Malformed("Invalid string section");
  }

  types(): readonly BtfType[] {
    const types: BtfType[] = [];
    while (this.#at < this.#end) types.push(this.#type());
    const highest = types.length;
    for (const type of types)
      for (const id of referencesOf(type))
        if (id > highest) throw new Malformed(`Invalid type_id ${id}`);
    return types;
  }

  #word(): number {
    if (this.#at + 4 > this.#end) throw new Malformed("Type section ends inside a type");
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  #name(): string {
    const offset = this.#word();
    if (offset >= this.#strings.length) throw new Malformed(`Invalid name_offset ${offset}`);
    return stringAt(this.#strings, offset);
  }

  #list<T>(length: number, read: () => T): T[] {
    if (length * 4 > this.#end - this.#at) throw new Malformed("Type section ends inside a type");
    return Array.from({ length }, read);
  }

  #type(): BtfType {
    if (this.#at + BTF_TYPE_SIZE_BYTES > this.#end)
      throw new Malformed("Type section ends inside a type");
    const name = this.#name();
    const info = this.#word();
    const size = this.#word();
    const kind: BtfKind | undefined = BTF_KINDS[(info >>> 24) & 31];
    const length = info & 0xffff;
    if (kind === undefined || kind === "void")
      throw new Malformed(`Invalid kind ${(info >>> 24) & 31}`);
    return this.#body(kind, name, size, length);
  }

  #body(kind: BtfKind, name: string, size: number, length: number): BtfType {
    const word = (): number => this.#word();
    switch (kind) {
      case "int":
        return { kind, name, size, encoding: (word() >>> 24) & 15 };
      case "array":
        return { kind, name, element: word(), index: word(), length: word() };
      case "struct":
      case "union": {
        const member = (): { name: string; type: number; bitOffset: number } => ({
          name: this.#name(),
          type: word(),
          bitOffset: word() & 0xffffff,
        });
        return { kind, name, size, members: this.#list(length, member) };
      }
      case "enum":
        return {
          kind,
          name,
          size,
          values: this.#list(length, () => ({ name: this.#name(), value: word() | 0 })),
        };
      case "func_proto":
        return {
          kind,
          name,
          result: size,
          parameters: this.#list(length, () => ({ name: this.#name(), type: word() })),
        };
      case "var":
        return { kind, name, type: size, linkage: word() };
      case "datasec":
        return {
          kind,
          name,
          size,
          variables: this.#list(length, () => ({ type: word(), offset: word(), size: word() })),
        };
      case "decl_tag":
        word();
        return { kind, name, size: 0 };
      case "enum64":
        this.#list(length * 3, word);
        return { kind, name, size };
      case "void":
      case "fwd":
      case "float":
        return { kind, name, size };
      default:
        return { kind, name, type: size };
    }
  }
}

function referencesOf(type: BtfType): readonly number[] {
  switch (type.kind) {
    case "array":
      return [type.element, type.index];
    case "struct":
    case "union":
      return type.members.map((member) => member.type);
    case "func_proto":
      return [type.result, ...type.parameters.map((parameter) => parameter.type)];
    case "datasec":
      return type.variables.map((variable) => variable.type);
    default:
      return "type" in type ? [type.type] : [];
  }
}
