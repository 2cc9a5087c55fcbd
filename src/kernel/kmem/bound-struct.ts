/**
 * A struct of the running kernel whose fields are views of a core object: which bytes of the
 * layout are backed by which getter and setter. The rest of the bytes is ordinary memory.
 *
 * Left out: arrays of structs; their bytes are plain memory.
 */
import type { CType, Layouts, StructLayout } from "./layout.ts";

/** What a getter may answer. An object stands for its address, null for NULL. */
export type FieldValue = number | boolean | string | object | null | undefined;

/** Reads a field. `index` is the element of an array field, else 0. */
export type FieldGetter<C> = (core: C, index: number) => FieldValue;

/** Writes a field: a number, or a string for a char array. False: the value means nothing. */
export type FieldSetter<C> = (core: C, value: never, index: number) => boolean;

export interface FieldBinding<C> {
  readonly get: FieldGetter<C>;
  readonly set?: FieldSetter<C>;
}

/** Field name (`a.b` inside an embedded struct) to its binding. */
export type Bindings<C> = Readonly<Record<string, FieldBinding<C> | FieldGetter<C>>>;

/** One bound scalar or char array of a layout. */
export interface Slot {
  /** `struct.field`, for messages. */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly index: number;
  readonly isText: boolean;
  /** Struct that a pointer field points to. */
  readonly target: string | undefined;
  readonly isPointer: boolean;
  readonly get: (core: object, index: number) => FieldValue;
  readonly set: ((core: object, value: number | string, index: number) => boolean) | undefined;
}

export interface BoundStruct {
  readonly name: string;
  readonly size: number;
  /** The slot that begins at a byte. */
  readonly starts: readonly (Slot | undefined)[];
  /** The slot that covers a byte. */
  readonly covers: readonly (Slot | undefined)[];
  /** How many bytes from here on (up to 255) are ordinary memory. */
  readonly plainRun: Uint8Array;
}

interface Leaf {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  readonly index: number;
  readonly type: CType;
}

/** Connects `bindings` to the bytes of `layout`; also answers the names that the layout lacks. */
export function buildBoundStruct(
  layout: StructLayout,
  layouts: Layouts,
  bindings: Bindings<object>,
): { struct: BoundStruct; unknown: string[] } {
  const wanted = new Map(Object.entries(bindings));
  const found = new Set<string>();
  const starts = new Array<Slot | undefined>(layout.size).fill(undefined);
  const covers = new Array<Slot | undefined>(layout.size).fill(undefined);
  for (const leaf of leavesOf(layout, layouts, "", 0)) {
    const binding = wanted.get(leaf.path);
    if (binding === undefined) continue;
    found.add(leaf.path);
    const slot = slotOf(layout.name, leaf, binding);
    starts[slot.offset] = slot;
    covers.fill(slot, slot.offset, slot.offset + slot.size);
  }
  const plainRun = new Uint8Array(layout.size);
  for (let at = layout.size - 1, run = 0; at >= 0; at--) {
    run = covers[at] === undefined ? Math.min(run + 1, 255) : 0;
    plainRun[at] = run;
  }
  const struct = { name: layout.name, size: layout.size, starts, covers, plainRun };
  return { struct, unknown: [...wanted.keys()].filter((name) => !found.has(name)) };
}

function slotOf(
  struct: string,
  leaf: Leaf,
  binding: FieldBinding<object> | FieldGetter<object>,
): Slot {
  const get = typeof binding === "function" ? binding : binding.get;
  const set = typeof binding === "function" ? undefined : binding.set;
  const { type } = leaf;
  return {
    name: `${struct}.${leaf.path}`,
    offset: leaf.offset,
    size: leaf.size,
    index: leaf.index,
    isText: type.kind === "array",
    isPointer: type.kind === "ptr" || type.kind === "fn",
    target: type.kind === "ptr" && type.to.kind === "struct" ? type.to.name : undefined,
    get,
    set: set as Slot["set"],
  };
}

function* leavesOf(
  layout: StructLayout,
  layouts: Layouts,
  prefix: string,
  base: number,
): Generator<Leaf> {
  for (const field of layout.fields) {
    const path = prefix + field.name;
    const offset = base + field.offset;
    const { type, size } = field;
    if (type.kind === "struct") {
      const inner = layouts[type.name];
      if (inner !== undefined) yield* leavesOf(inner, layouts, `${path}.`, offset);
    } else if (type.kind !== "array" || isChar(type.of)) {
      yield { path, offset, size, index: 0, type };
    } else if (type.of.kind !== "struct" && type.of.kind !== "array" && type.length > 0) {
      const each = size / type.length;
      for (let index = 0; index < type.length; index++) {
        yield { path, offset: offset + index * each, size: each, index, type: type.of };
      }
    }
  }
}

function isChar(type: CType): boolean {
  return type.kind === "int" && type.name === "char";
}
