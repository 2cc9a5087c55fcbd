/**
 * BTF, the type format: a header, type records, a string section. Types are numbered from 1 in the
 * order of their records; 0 is void.
 *
 * Source: Documentation/bpf/btf.rst, include/uapi/linux/btf.h of Linux 6.16. Left out: bit-fields,
 * declaration and type tags, 64-bit enums.
 */

export const BTF_MAGIC = 0xeb9f;
export const BTF_VERSION = 1;
export const BTF_HEADER_SIZE_BYTES = 24;
/** Every type record begins with name, info and size or type. */
export const BTF_TYPE_SIZE_BYTES = 12;

/** Kinds by number; the empty ones are not used here. */
export const BTF_KINDS = [
  "void",
  "int",
  "ptr",
  "array",
  "struct",
  "union",
  "enum",
  "fwd",
  "typedef",
  "volatile",
  "const",
  "restrict",
  "func",
  "func_proto",
  "var",
  "datasec",
  "float",
  "decl_tag",
  "type_tag",
  "enum64",
] as const;

export type BtfKind = (typeof BTF_KINDS)[number];

export const BTF_INT_SIGNED = 1;
export const BTF_INT_BOOL = 4;

export interface BtfMember {
  readonly name: string;
  readonly type: number;
  readonly bitOffset: number;
}

export interface BtfEnumerator {
  readonly name: string;
  readonly value: number;
}

export interface BtfParameter {
  readonly name: string;
  readonly type: number;
}

interface Named<K extends BtfKind> {
  readonly kind: K;
  readonly name: string;
}

/** Another name, a qualifier, a pointer: one type made of another. */
export interface BtfReference
  extends Named<"ptr" | "typedef" | "volatile" | "const" | "restrict" | "func" | "type_tag"> {
  readonly type: number;
}

export interface BtfInt extends Named<"int"> {
  readonly size: number;
  readonly encoding: number;
}

export interface BtfArray extends Named<"array"> {
  readonly element: number;
  readonly index: number;
  readonly length: number;
}

export interface BtfComposite extends Named<"struct" | "union"> {
  readonly size: number;
  readonly members: readonly BtfMember[];
}

export interface BtfEnum extends Named<"enum"> {
  readonly size: number;
  readonly values: readonly BtfEnumerator[];
}

export interface BtfProto extends Named<"func_proto"> {
  readonly result: number;
  readonly parameters: readonly BtfParameter[];
}

export interface BtfVar extends Named<"var"> {
  readonly type: number;
  readonly linkage: number;
}

export interface BtfSection extends Named<"datasec"> {
  readonly size: number;
  readonly variables: readonly {
    readonly type: number;
    readonly offset: number;
    readonly size: number;
  }[];
}

export interface BtfOther extends Named<"void" | "fwd" | "float" | "decl_tag" | "enum64"> {
  readonly size: number;
}

export type BtfType =
  | BtfReference
  | BtfInt
  | BtfArray
  | BtfComposite
  | BtfEnum
  | BtfProto
  | BtfVar
  | BtfSection
  | BtfOther;
