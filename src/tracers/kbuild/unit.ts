/**
 * One compilation: the module (of one source or several) or tree source being built, what has been found out about it so far,
 * and what its object will contain. Everything that lowers code writes here.
 */

import type TypeScript from "typescript";
import type { CType, Field, StructLayout } from "#kernel";
import { cText } from "./ctype.ts";
import { diagnosticAt, type HeaderSet } from "./header-set.ts";
import { LayoutTable, type StructSource } from "./layout-of.ts";
import type { Diagnostic, MessageKey } from "./messages.ts";
import { type FindSource, includeClosure, type SourceInfo, type Ts } from "./source-info.ts";
import { readType, type TypeWorld } from "./type-syntax.ts";
import type { Value } from "./value.ts";

/** An error of C's rules: where it is said, and the stretch in which TypeScript may say it better. */
export interface CError {
  readonly diagnostic: Diagnostic;
  readonly start: number;
  readonly end: number;
  readonly fileName: string;
}

/** One variable in `.data`. */
export interface DataObject {
  readonly name: string;
  readonly size: number;
  /** `+offset size value`, `+offset &symbol` or `+offset $str(n)`, in order. */
  readonly lines: readonly string[];
}

/** A function of the object file. */
export interface LoweredFunction {
  readonly name: string;
  readonly prototype: string;
  readonly text: string;
}

export interface MarkerResults {
  readonly modinfo: (readonly [string, string])[];
  readonly params: {
    readonly name: string;
    readonly type: string;
    readonly variable: string;
    readonly permissions: number;
  }[];
  /** What MODULE_PARM_DESC says, by parameter. */
  readonly descriptions: Map<string, string>;
  readonly exports: { readonly name: string; readonly gplOnly: boolean }[];
  readonly init: (readonly [string, string])[];
}

/** How a variable of the module is kept: in a JavaScript `let`, or in memory because it has an address. */
export interface StaticVariable {
  readonly name: string;
  readonly type: CType;
  readonly inMemory: boolean;
  /** A `const` scalar is a macro: its uses are its value. */
  readonly isMacro: boolean;
  readonly node: TypeScript.VariableDeclaration;
}

export type Mains = readonly [SourceInfo, ...(readonly SourceInfo[])];

export interface UnitOptions {
  readonly ts: Ts;
  readonly set: HeaderSet;
  readonly checker: TypeScript.TypeChecker;
  readonly mains: Mains;
  readonly find: FindSource;
  readonly sources: ReadonlyMap<string, SourceInfo>;
  readonly name: string;
  readonly builtin: boolean;
}

export class Unit {
  readonly ts: Ts;
  readonly set: HeaderSet;
  readonly checker: TypeScript.TypeChecker;
  /** What is being compiled; they are linked into one object. */
  readonly mains: Mains;
  readonly name: string;
  readonly builtin: boolean;
  readonly world: TypeWorld;
  readonly layouts: LayoutTable;

  readonly errors: CError[] = [];
  /** Names without a meaning: the checker has complained of them, or somebody must. */
  readonly unresolved: TypeScript.Node[] = [];
  readonly strings: Map<string, number> = new Map();
  readonly statics: Map<TypeScript.Node, StaticVariable> = new Map();
  readonly locals: Map<TypeScript.Node, { readonly name: string; readonly type: CType }> =
    new Map();
  /** Parameters of inlines that are being evaluated at compile time. */
  readonly bound: Map<TypeScript.Node, Value> = new Map();
  /** Inlines that were evaluated at compile time. */
  readonly folded: Set<string> = new Set();
  readonly functions: LoweredFunction[] = [];
  readonly data: DataObject[] = [];
  readonly imports: Map<string, TypeScript.Node> = new Map();
  readonly inlines: Map<string, TypeScript.FunctionDeclaration> = new Map();
  readonly fields: Map<string, Map<string, Field>> = new Map();
  readonly constants: Map<string, number> = new Map();
  readonly callbacks: Map<string, string> = new Map();
  readonly markers: MarkerResults = {
    modinfo: [],
    params: [],
    descriptions: new Map(),
    exports: [],
    init: [],
  };

  readonly #sources: ReadonlyMap<string, SourceInfo>;
  readonly #find: FindSource;
  readonly #closures = new Map<SourceInfo, ReadonlySet<SourceInfo>>();

  constructor(options: UnitOptions) {
    this.ts = options.ts;
    this.set = options.set;
    this.checker = options.checker;
    this.mains = options.mains;
    this.name = options.name;
    this.builtin = options.builtin;
    this.#sources = options.sources;
    this.#find = options.find;
    this.world = {
      ts: options.ts,
      find: options.find,
      config: options.set.config,
      report: (node, key, ...args) => this.report(node, key, args),
    };
    this.layouts = new LayoutTable(
      this.world,
      (name) => this.#ownStruct(name) ?? options.set.structs.get(name),
    );
  }

  /** Say that C refuses this. `around` is where TypeScript would put its own complaint. */
  report(
    node: TypeScript.Node,
    key: MessageKey,
    args: readonly (string | number)[] = [],
    around: TypeScript.Node = node,
    hint?: string,
  ): void {
    const file = node.getSourceFile();
    this.errors.push({
      diagnostic: diagnosticAt(file, node.getStart(), key, args, hint),
      start: around.getStart(),
      end: around.getEnd(),
      fileName: file.fileName,
    });
  }

  infoOf(node: TypeScript.Node): SourceInfo {
    return this.#sources.get(node.getSourceFile().fileName) ?? this.mains[0];
  }

  /** Does one of the files being compiled declare it? */
  isOwn(name: string): boolean {
    return this.mains.some((info) => info.declarations.has(name));
  }

  /** A struct of the files being compiled: where its members are, or else where it is announced. */
  #ownStruct(name: string): StructSource | undefined {
    const found = this.mains.flatMap((info) => {
      const node = info.declarations.get(name);
      return node !== undefined && this.ts.isInterfaceDeclaration(node) ? [{ info, node }] : [];
    });
    return found.find(({ node }) => node.members.length > 0) ?? found[0];
  }

  typeOf(node: TypeScript.TypeNode): CType {
    return readType(this.world, this.infoOf(node), node);
  }

  /** The layout of a struct that the file of `node` must have included, not only announced. */
  completeLayout(node: TypeScript.Node, name: string): StructLayout | undefined {
    const info = this.infoOf(node);
    const closure = this.#closureOf(info);
    const own = this.#ownStruct(name)?.info;
    const owner = own !== undefined && closure.has(own) ? own : this.set.structs.get(name)?.info;
    const layout = this.layouts.layoutOf(name);
    const visible = owner !== undefined && closure.has(owner);
    if (visible && layout !== undefined && layout.fields.length > 0) return layout;
    const isOpaque = owner === undefined || layout === undefined || layout.fields.length === 0;
    const why = isOpaque
      ? "no header shows its members"
      : `${info.path} has a forward declaration of it; it is defined in "${owner.path}"`;
    this.report(node, "incompleteType", [name, why]);
    return undefined;
  }

  #closureOf(info: SourceInfo): ReadonlySet<SourceInfo> {
    let closure = this.#closures.get(info);
    if (closure === undefined) {
      closure = includeClosure(this.#find, info);
      this.#closures.set(info, closure);
    }
    return closure;
  }

  /** Headers that the module sees, directly or not. */
  visibleHeaders(): readonly SourceInfo[] {
    const seen = new Set(this.mains.flatMap((info) => [...this.#closureOf(info)]));
    return [...seen].filter((info) => info.isHeader);
  }

  strideOf(type: CType): number {
    return this.layouts.extentOf(type)?.size ?? 1;
  }

  bakeField(struct: string, field: Field): void {
    const fields = this.fields.get(struct) ?? new Map<string, Field>();
    fields.set(field.name, field);
    this.fields.set(struct, fields);
  }

  /** The text that yields the address of a string literal. */
  stringAddress(text: string): string {
    const index = this.strings.get(text) ?? this.strings.size;
    this.strings.set(text, index);
    return `$str(${index})`;
  }

  importSymbol(name: string, node: TypeScript.Node): void {
    if (!this.imports.has(name)) this.imports.set(name, node);
  }

  carryInline(node: TypeScript.FunctionDeclaration): void {
    const name = node.name?.text;
    if (name !== undefined && !this.inlines.has(name)) this.inlines.set(name, node);
  }

  /** For a message: C's spelling, with the struct's tag. */
  spell(type: CType): string {
    return cText(type);
  }
}
