/**
 * Types that were read from BTF, and questions about them.
 */
import type { BtfComposite, BtfKind, BtfMember, BtfType } from "./format.ts";

const VOID: BtfType = { kind: "void", name: "", size: 0 };
/** No type nests deeper; BTF that does is not well formed. Linux: MAX_RESOLVE_DEPTH. */
const DEPTH_MAX = 32;
const POINTER_SIZE_BYTES = 8;

const QUALIFIERS: ReadonlySet<BtfKind> = new Set([
  "typedef",
  "volatile",
  "const",
  "restrict",
  "type_tag",
]);

export class Btf {
  /** By number; the first is void. */
  readonly types: readonly BtfType[];
  readonly #byName: Map<string, number> = new Map();

  constructor(types: readonly BtfType[]) {
    this.types = [VOID, ...types];
    this.types.forEach((type, id) => {
      const key = `${type.kind} ${type.name}`;
      if (type.name !== "" && !this.#byName.has(key)) this.#byName.set(key, id);
    });
  }

  type(id: number): BtfType {
    return this.types[id] ?? VOID;
  }

  /** Number of the first type of that kind and name, 0 if there is none. */
  find(kind: BtfKind, name: string): number {
    return this.#byName.get(`${kind} ${name}`) ?? 0;
  }

  /** The type itself, without typedefs and qualifiers. */
  strip(id: number): number {
    let at = id;
    for (let depth = 0; depth < DEPTH_MAX; depth++) {
      const type = this.type(at);
      if (!QUALIFIERS.has(type.kind) || !("type" in type)) return at;
      at = type.type;
    }
    return 0;
  }

  stripped(id: number): BtfType {
    return this.type(this.strip(id));
  }

  sizeOf(id: number, depth = 0): number {
    const type = this.stripped(id);
    switch (type.kind) {
      case "ptr":
        return POINTER_SIZE_BYTES;
      case "array":
        return depth > DEPTH_MAX ? 0 : type.length * this.sizeOf(type.element, depth + 1);
      case "int":
      case "struct":
      case "union":
      case "enum":
      case "enum64":
      case "float":
        return type.size;
      default:
        return 0;
    }
  }

  composite(id: number): BtfComposite | undefined {
    const type = this.stripped(id);
    return type.kind === "struct" || type.kind === "union" ? type : undefined;
  }

  member(id: number, name: string): BtfMember | undefined {
    return this.composite(id)?.members.find((member) => member.name === name);
  }
}
