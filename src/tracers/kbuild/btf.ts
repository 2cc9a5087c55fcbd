/**
 * BTF of a release, from its headers: what pahole makes of the kernel's debugging information. Every
 * struct, every enum, every function that a header declares, and for each tracepoint the type
 * `btf_trace_NAME` of its probes.
 *
 * Source: Documentation/bpf/btf.rst; include/trace/bpf_probe.h of 6.16 (btf_trace_*). Left out: types
 * that only a source file knows; #defines, of which BTF knows nothing in Linux either.
 */
import type TypeScript from "typescript";
import { BtfBuilder, type CType } from "#kernel";
import { allLayouts, type HeaderSet } from "./header-set.ts";
import type { SourceInfo, Ts } from "./source-info.ts";
import { readFunctionType, type TypeWorld } from "./type-syntax.ts";

const BTF_INT_SIGNED = 1;
const BTF_INT_BOOL = 4;
const TRACE_HEADERS = "trace/events/";
const PROBE_SUFFIX = "_probe";

/** C's own name for an integer type of the headers, where that is another. */
const C_NAMES: Readonly<Record<string, string>> = {
  unsigned_int: "unsigned int",
  unsigned_long: "long unsigned int",
  long: "long int",
  short: "short int",
};

export function headerBtf(ts: Ts, set: HeaderSet): Uint8Array {
  return new HeaderTypes(ts, set).bytes();
}

class HeaderTypes {
  readonly #ts: Ts;
  readonly #set: HeaderSet;
  readonly #world: TypeWorld;
  readonly #builder = new BtfBuilder();
  readonly #structs = new Map<string, number>();

  constructor(ts: Ts, set: HeaderSet) {
    this.#ts = ts;
    this.#set = set;
    this.#world = { ts, find: set.find, config: set.config, report: () => undefined };
  }

  bytes(): Uint8Array {
    const layouts = allLayouts(this.#set);
    for (const { name, size } of Object.values(layouts))
      this.#structs.set(name, this.#builder.reserve(name, size));
    for (const { name, fields } of Object.values(layouts)) {
      const members = fields.map((field) => ({
        name: field.name,
        type: this.#type(field.type),
        bitOffset: 8 * field.offset,
      }));
      this.#builder.complete(this.#structs.get(name) ?? 0, members);
    }
    for (const [path, info] of this.#set.files) this.#declarations(path, info);
    return this.#builder.bytes();
  }

  #declarations(path: string, info: SourceInfo): void {
    const ts = this.#ts;
    for (const [name, node] of info.declarations) {
      if (ts.isEnumDeclaration(node)) this.#enum(name, node);
      else if (ts.isFunctionDeclaration(node)) this.#function(name, info, node);
      else if (path.startsWith(TRACE_HEADERS) && ts.isTypeAliasDeclaration(node))
        this.#tracepoint(name, info, node);
    }
  }

  #enum(name: string, node: TypeScript.EnumDeclaration): void {
    let next = 0;
    const values = node.members.map((member) => {
      const { initializer } = member;
      if (initializer !== undefined && this.#ts.isNumericLiteral(initializer))
        next = Number(initializer.text);
      return { name: member.name.getText(), value: next++ };
    });
    this.#builder.add({ kind: "enum", name, size: 4, values });
  }

  /** A function that has a place of its own; an inline of a header has none. */
  #function(name: string, info: SourceInfo, node: TypeScript.FunctionDeclaration): void {
    if (node.body !== undefined) return;
    const names = node.parameters.map((parameter) => parameter.name.getText());
    const type = this.#proto(readFunctionType(this.#world, info, node), names);
    this.#builder.add({ kind: "func", name, type });
  }

  /** `export type X_probe = (data, ...) => void` of a tracepoint X. */
  #tracepoint(name: string, info: SourceInfo, node: TypeScript.TypeAliasDeclaration): void {
    if (!name.endsWith(PROBE_SUFFIX) || !this.#ts.isFunctionTypeNode(node.type)) return;
    const names = node.type.parameters.map((parameter) => parameter.name.getText());
    const proto = this.#proto(readFunctionType(this.#world, info, node.type), names);
    const event = name.slice(0, -PROBE_SUFFIX.length);
    this.#builder.add({
      kind: "typedef",
      name: `btf_trace_${event}`,
      type: this.#builder.ptr(proto),
    });
  }

  #proto(type: Extract<CType, { kind: "fn" }>, names: readonly string[]): number {
    const parameters = type.params.map((param, i) => ({
      name: names[i] ?? "",
      type: this.#type(param),
    }));
    return this.#builder.add({
      kind: "func_proto",
      name: "",
      result: this.#type(type.ret),
      parameters,
    });
  }

  #type(type: CType): number {
    const builder = this.#builder;
    switch (type.kind) {
      case "void":
        return 0;
      case "bool":
        return builder.int("_Bool", 1, BTF_INT_BOOL);
      case "int":
        return builder.int(
          C_NAMES[type.name] ?? type.name,
          type.size,
          type.signed ? BTF_INT_SIGNED : 0,
        );
      case "ptr": {
        const to = this.#type(type.to);
        return builder.ptr(
          type.isConst === true ? builder.add({ kind: "const", name: "", type: to }) : to,
        );
      }
      case "array":
        return builder.array(this.#type(type.of), type.length);
      case "fn":
        return this.#proto(type, []);
      case "struct":
        return (
          this.#structs.get(type.name) ?? builder.add({ kind: "fwd", name: type.name, size: 0 })
        );
    }
  }
}
