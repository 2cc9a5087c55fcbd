/**
 * C types as one word of text, as `.symtab` and prototypes of port rows spell them:
 * `fn(unsigned_int,ptr<pt_regs>)int`.
 *
 * Left out: declarators; `ptr<fn(int)int>` is how a function pointer is written.
 */
import type { CType } from "../kmem/layout.ts";

export type FunctionType = Extract<CType, { kind: "fn" }>;

type IntegerRow = readonly [size: 1 | 2 | 4 | 8, signed: boolean];

/** Integer types by name, riscv64: LP64, plain char unsigned. */
const INTEGERS: ReadonlyMap<string, IntegerRow> = new Map<string, IntegerRow>([
  ["char", [1, false]],
  ["s8", [1, true]],
  ["u8", [1, false]],
  ["short", [2, true]],
  ["s16", [2, true]],
  ["u16", [2, false]],
  ["unsigned_short", [2, false]],
  ["umode_t", [2, false]],
  ["int", [4, true]],
  ["s32", [4, true]],
  ["pid_t", [4, true]],
  ["unsigned_int", [4, false]],
  ["u32", [4, false]],
  ["uid_t", [4, false]],
  ["gid_t", [4, false]],
  ["gfp_t", [4, false]],
  ["long", [8, true]],
  ["s64", [8, true]],
  ["ssize_t", [8, true]],
  ["time_t", [8, true]],
  ["loff_t", [8, true]],
  ["unsigned_long", [8, false]],
  ["u64", [8, false]],
  ["size_t", [8, false]],
]);

const CHAR: CType = { kind: "int", name: "char", size: 1, signed: false };
const VOID: CType = { kind: "void" };

class TypeReader {
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#words = text.match(/\.\.\.|\w+|[^\s\w]/g) ?? [];
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  take(): string {
    return this.#words[this.#at++] ?? "";
  }

  accept(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at++;
    return true;
  }

  /** Undefined when the text is no type; `depth` bounds the nesting. */
  type(depth: number): CType | undefined {
    const word = this.take();
    if (depth > 16 || !/^\w+$/.test(word)) return undefined;
    if (word === "ptr") return this.#pointer(depth);
    if (word === "array") return this.#array(depth);
    if (word === "fn") return this.#function(depth);
    if (word === "void") return VOID;
    if (word === "bool") return { kind: "bool" };
    if (word === "voidp" || word === "const_voidp") return { kind: "ptr", to: VOID };
    if (word === "cstring") return { kind: "ptr", to: CHAR, isConst: true };
    const row = INTEGERS.get(word);
    if (row === undefined) return { kind: "struct", name: word };
    return { kind: "int", name: word, size: row[0], signed: row[1] };
  }

  params(depth: number): Pick<FunctionType, "params" | "variadic"> | undefined {
    if (!this.accept("(")) return undefined;
    const params: CType[] = [];
    let variadic = false;
    while (!this.accept(")")) {
      if (params.length > 0 && !this.accept(",")) return undefined;
      if (this.accept("...")) {
        variadic = true;
        if (!this.accept(")")) return undefined;
        break;
      }
      const param = this.type(depth + 1);
      if (param === undefined) return undefined;
      params.push(param);
    }
    const only = params.length === 1 ? params[0] : undefined;
    return { params: only?.kind === "void" ? [] : params, variadic };
  }

  #pointer(depth: number): CType | undefined {
    if (!this.accept("<")) return undefined;
    const isConst = this.accept("const");
    const to = this.type(depth + 1);
    if (to === undefined || !this.accept(">")) return undefined;
    return isConst ? { kind: "ptr", to, isConst } : { kind: "ptr", to };
  }

  #array(depth: number): CType | undefined {
    if (!this.accept("<")) return undefined;
    const of = this.type(depth + 1);
    if (of === undefined || !this.accept(",")) return undefined;
    const length = Number(this.take());
    if (!Number.isInteger(length) || !this.accept(">")) return undefined;
    return { kind: "array", of, length };
  }

  #function(depth: number): CType | undefined {
    const list = this.params(depth);
    const ret = this.type(depth + 1);
    return list === undefined || ret === undefined ? undefined : { kind: "fn", ret, ...list };
  }
}

/** `fn(int,ptr<x>)int` and the like. Undefined when it is no type. */
export function parseTypeText(text: string): CType | undefined {
  const reader = new TypeReader(text);
  const type = reader.type(0);
  return reader.done ? type : undefined;
}

/** The name of the integer type, if the kernel knows it. */
export function isIntegerName(name: string): boolean {
  return name === "bool" || INTEGERS.has(name);
}
