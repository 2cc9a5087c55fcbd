/**
 * Types into BTF bytes: a builder that numbers types as they are added. What `read.ts` reads.
 */
import { encodeUtf8 } from "../../lib/text.ts";
import {
  BTF_HEADER_SIZE_BYTES,
  BTF_KINDS,
  BTF_MAGIC,
  BTF_VERSION,
  type BtfMember,
  type BtfType,
} from "./format.ts";

/** Strings that are written once each; the empty one is at 0. */
export class StringSection {
  readonly #bytes: number[] = [0];
  readonly #offsets: Map<string, number> = new Map([["", 0]]);

  add(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.#bytes.length;
    this.#offsets.set(text, offset);
    this.#bytes.push(...encodeUtf8(text), 0);
    return offset;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

export class BtfBuilder {
  readonly strings: StringSection = new StringSection();
  readonly #types: BtfType[] = [];
  readonly #known: Map<string, number> = new Map();

  /** Adds a type and answers its number; the same type again has the same number. */
  add(type: BtfType): number {
    const key = JSON.stringify(type);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const id = this.#types.push(type);
    this.#known.set(key, id);
    return id;
  }

  /** Takes a number for a struct whose members, which may lead back to it, come with `complete`. */
  reserve(name: string, size: number): number {
    return this.#types.push({ kind: "struct", name, size, members: [] });
  }

  complete(id: number, members: readonly BtfMember[], size?: number): void {
    const type = this.#types[id - 1];
    if (type?.kind !== "struct") return;
    this.#types[id - 1] = { ...type, members, size: size ?? type.size };
  }

  int(name: string, size: number, encoding = 0): number {
    return this.add({ kind: "int", name, size, encoding });
  }

  ptr(type: number): number {
    return this.add({ kind: "ptr", name: "", type });
  }

  array(element: number, length: number): number {
    const index = this.int("unsigned int", 4);
    return this.add({ kind: "array", name: "", element, index, length });
  }

  bytes(): Uint8Array {
    const words: number[] = [];
    for (const type of this.#types) this.#write(type, words);
    const strings = this.strings.bytes();
    const typeSize = 4 * words.length;
    const out = new Uint8Array(BTF_HEADER_SIZE_BYTES + typeSize + strings.length);
    const view = new DataView(out.buffer);
    view.setUint16(0, BTF_MAGIC, true);
    view.setUint8(2, BTF_VERSION);
    const header = [BTF_HEADER_SIZE_BYTES, 0, typeSize, typeSize, strings.length];
    header.forEach((value, i) => {
      view.setUint32(4 + 4 * i, value, true);
    });
    words.forEach((value, i) => {
      view.setUint32(BTF_HEADER_SIZE_BYTES + 4 * i, value, true);
    });
    out.set(strings, BTF_HEADER_SIZE_BYTES + typeSize);
    return out;
  }

  #write(type: BtfType, words: number[]): void {
    const name = (text: string): number => this.strings.add(text);
    const head = (length: number, size: number): void => {
      words.push(name(type.name), (BTF_KINDS.indexOf(type.kind) << 24) | length, size);
    };
    switch (type.kind) {
      case "int":
        head(0, type.size);
        words.push((type.encoding << 24) | (8 * type.size));
        break;
      case "array":
        head(0, 0);
        words.push(type.element, type.index, type.length);
        break;
      case "struct":
      case "union":
        head(type.members.length, type.size);
        for (const member of type.members)
          words.push(name(member.name), member.type, member.bitOffset);
        break;
      case "enum":
        head(type.values.length, type.size);
        for (const { name: each, value } of type.values) words.push(name(each), value);
        break;
      case "func_proto":
        head(type.parameters.length, type.result);
        for (const parameter of type.parameters) words.push(name(parameter.name), parameter.type);
        break;
      case "var":
        head(0, type.type);
        words.push(type.linkage);
        break;
      case "datasec":
        head(type.variables.length, type.size);
        for (const each of type.variables) words.push(each.type, each.offset, each.size);
        break;
      default:
        head(0, "type" in type ? type.type : type.size);
    }
  }
}
