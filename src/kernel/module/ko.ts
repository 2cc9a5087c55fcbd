/**
 * The module file, `NAME.ko`: sections of text that a person can open, read and edit, so that
 * everything in it is checked here. A file that ends without `[.end]` was cut off.
 *
 *     %quicksand-ko 1
 *     [.modinfo] name=counter  [__versions] 0x1234abcd printk  [.layout] task_struct 1248 pid@760:4
 *     [.symtab] f fn(int)int / inline g fn()int   [.export] gpl 0x1234abcd f      [.init] init=f
 *     [.param] pid int target  [.rodata] 0 "text"              [.data] ops 88 / +48 8 7 / +0 &f
 *     [.text] ...JavaScript in the dialect...                  [.end]
 *
 * Source: the sections are those of an ELF module of 2.6.32 with the same names and purpose.
 * Left out: debug information, relocation types (every relocation is an 8-byte address).
 */
import type { Diagnostic } from "../lib/diagnostic.ts";
import { MODULE_SIZE_MAX_BYTES } from "../lib/limits.ts";
import { SECTION_READERS, type SectionReader } from "./ko-sections.ts";
import type { FunctionType } from "./type-text.ts";

export const KO_HEADER = "%quicksand-ko 1";

export interface KoVersion {
  readonly crc: number;
  readonly name: string;
}

/** A struct as it was when the module was built. */
export interface KoStruct {
  readonly name: string;
  readonly size: number;
  readonly members: readonly {
    readonly name: string;
    readonly offset: number;
    readonly size: number;
  }[];
}

export interface KoFunction {
  readonly name: string;
  readonly type: FunctionType;
  /** `type` as it was written. */
  readonly typeText: string;
  /** A copy of a header's inline: code without an entry of its own. */
  readonly isInline: boolean;
}

export interface KoExport {
  readonly name: string;
  readonly crc: number;
  readonly gplOnly: boolean;
  readonly namespace?: string;
}

/** A function that the kernel calls by itself: `init`, `exit`, or at boot `early`, `core`, ... */
export interface KoEntry {
  readonly when: string;
  readonly function: string;
}

export interface KoParam {
  readonly name: string;
  readonly type: string;
  readonly variable: string;
  /** Permissions of its file in /sys/module/NAME/parameters; 0: there is none. */
  readonly permissions: number;
}

export type KoDatum =
  | { readonly offset: number; readonly size: number; readonly value: number }
  | { readonly offset: number; readonly symbol: string; readonly addend: number }
  | { readonly offset: number; readonly string: number };

export interface KoData {
  readonly name: string;
  readonly size: number;
  readonly items: KoDatum[];
}

/** What a module file says. */
export interface KoFile {
  readonly modinfo: (readonly [key: string, value: string])[];
  readonly versions: KoVersion[];
  readonly layout: KoStruct[];
  readonly symtab: KoFunction[];
  readonly exports: KoExport[];
  readonly entries: KoEntry[];
  readonly params: KoParam[];
  readonly rodata: string[];
  readonly data: KoData[];
  readonly text: string;
  /** Line of the file on which `text` begins. */
  readonly textLine: number;
}

export type KoResult =
  | { readonly kind: "ko"; readonly ko: KoFile }
  | { readonly kind: "bad"; readonly diagnostics: readonly Diagnostic[] };

function emptyKo(): KoFile {
  return {
    modinfo: [],
    versions: [],
    layout: [],
    symtab: [],
    exports: [],
    entries: [],
    params: [],
    rodata: [],
    data: [],
    text: "",
    textLine: 0,
  };
}

/** All values of `key=` of [.modinfo]. */
export function modinfoValues(ko: KoFile, key: string): readonly string[] {
  return ko.modinfo.filter(([name]) => name === key).map(([, value]) => value);
}

/** The value of the first `key=` of [.modinfo]. */
export function modinfoValue(ko: KoFile, key: string): string | undefined {
  return ko.modinfo.find(([name]) => name === key)?.[1];
}

/** Reads a module file. The first thing that is wrong with it is the answer. */
export function parseKo(source: string, file: string): KoResult {
  const reader = new KoReader(source.split("\n"), file);
  if (source.length > MODULE_SIZE_MAX_BYTES) {
    return reader.bad("QS1401", 1, `a module file is at most ${MODULE_SIZE_MAX_BYTES} bytes long`);
  }
  return reader.read();
}

class KoReader {
  readonly #lines: readonly string[];
  readonly #file: string;
  readonly #draft: KoFile = emptyKo();
  readonly #seen: Set<string> = new Set();
  #reader: SectionReader | undefined;

  constructor(lines: readonly string[], file: string) {
    this.#lines = lines;
    this.#file = file;
  }

  bad(code: string, line: number, message: string): KoResult {
    return { kind: "bad", diagnostics: [{ code, message, file: this.#file, line, column: 1 }] };
  }

  read(): KoResult {
    const lines = this.#lines;
    if (lines[0] !== KO_HEADER) {
      return this.bad("QS1402", 1, `not a module file: it does not begin with '${KO_HEADER}'`);
    }
    for (let i = 1; i < lines.length; i++) {
      const line = lines[i] as string;
      const section = /^\[([\w.]*)\]$/.exec(line)?.[1];
      if (section === ".text") return this.#readText(i, i + 1);
      // An object of data or exports alone has no text.
      if (section === ".end") return this.#readText(i, i);
      const problem = section === undefined ? this.#readLine(line, i) : this.#enter(section, i);
      if (problem !== undefined) return problem;
    }
    return this.bad("QS1406", lines.length, "the file is cut off: [.end] is missing");
  }

  #enter(section: string, index: number): KoResult | undefined {
    this.#reader = SECTION_READERS.get(section);
    if (this.#reader === undefined) {
      return this.bad("QS1403", index + 1, `[${section}] is not a section of a module`);
    }
    if (this.#seen.has(section)) {
      return this.bad("QS1404", index + 1, `section [${section}] occurs twice`);
    }
    this.#seen.add(section);
    return undefined;
  }

  #readLine(line: string, index: number): KoResult | undefined {
    if (line.trim() === "" || line.startsWith("#")) return undefined;
    if (this.#reader === undefined) {
      return this.bad("QS1405", index + 1, "a section header must come first");
    }
    const problem = this.#reader(line, this.#draft);
    return problem === undefined ? undefined : this.bad("QS1405", index + 1, problem);
  }

  #readText(from: number, firstLine: number): KoResult {
    const lines = this.#lines;
    const end = lines.indexOf("[.end]", from);
    if (end < 0) return this.bad("QS1406", lines.length, "the file is cut off: [.end] is missing");
    const rest = lines.findIndex((line, i) => i > end && line.trim() !== "");
    if (rest >= 0) return this.bad("QS1407", rest + 1, "nothing may follow [.end]");
    const text = lines.slice(firstLine, end).join("\n");
    return { kind: "ko", ko: { ...this.#draft, text, textLine: firstLine + 1 } };
  }
}
