/**
 * A witness of one change of the internal API: the smallest module that uses just what has changed,
 * as it was before. On the release before it builds and loads; on the one after, a build-breaking
 * change keeps it from building and a load-breaking one from loading what was built before. It calls
 * nothing, so that whatever happens has one cause.
 *
 * Left out: changes of code, which have a tracer for a witness; that is said by their patch.
 */
import type { CType, Field } from "#kernel";
import type { ApiChange, ApiSide } from "./api-diff.ts";
import { namesOf } from "./api-names.ts";
import { STRING } from "./ctype.ts";
import type { Ts } from "./source-info.ts";

const TYPES_HEADER = "linux/types";
const MODULE_HEADER = "linux/module";

/** Spells types, and notes what has to be imported for them. */
class Speller {
  readonly imports: Map<string, Set<string>> = new Map();
  readonly #side: ApiSide;

  constructor(side: ApiSide) {
    this.#side = side;
  }

  use(path: string, name: string): string {
    const names = this.imports.get(path) ?? new Set<string>();
    this.imports.set(path, names.add(name));
    return name;
  }

  /** The tag of a struct, from the header that has it. */
  struct(name: string): string {
    return this.use(this.#side.headers.structs.get(name)?.info.path ?? TYPES_HEADER, name);
  }

  type(type: CType): string {
    switch (type.kind) {
      case "int":
      case "bool":
        return this.use(TYPES_HEADER, type.kind === "bool" ? "bool" : type.name);
      case "void":
        return "void";
      case "struct":
        return this.struct(type.name);
      case "array":
        return `${this.use(TYPES_HEADER, "array")}<${this.type(type.of)}, ${type.length}>`;
      case "fn":
        return this.#function(type);
      case "ptr":
        return this.#pointer(type);
    }
  }

  pointerTo(type: CType): string {
    return this.#pointer({ kind: "ptr", to: type });
  }

  #pointer(type: Extract<CType, { kind: "ptr" }>): string {
    const isConst = type.isConst === true;
    if (type.to.kind === "fn") return this.#function(type.to);
    if (type.to.kind === "void") return this.use(TYPES_HEADER, isConst ? "const_voidp" : "voidp");
    if (isConst && type.to === STRING.to) return this.use(TYPES_HEADER, "cstring");
    return `${this.use(TYPES_HEADER, isConst ? "const_ptr" : "ptr")}<${this.type(type.to)}>`;
  }

  #function(type: Extract<CType, { kind: "fn" }>): string {
    const params = type.params.map((param, index) => `a${index}: ${this.type(param)}`);
    if (type.variadic) params.push(`...rest: ${this.use(TYPES_HEADER, "varargs")}`);
    return `(${params.join(", ")}) => ${this.type(type.ret)}`;
  }
}

class WitnessWriter {
  readonly #ts: Ts;
  readonly #side: ApiSide;
  readonly #spell: Speller;

  constructor(ts: Ts, side: ApiSide) {
    this.#ts = ts;
    this.#side = side;
    this.#spell = new Speller(side);
  }

  /** The line that uses it, or undefined for what a module cannot name. */
  use({ kind, name }: ApiChange): string | undefined {
    if (kind === "warning-is-error") return this.#fallthrough();
    // Any module at all.
    if (kind === "vermagic-changed") return "function use(): void {}";
    if (kind.startsWith("field-")) return this.#field(name, kind === "field-type");
    if (kind.startsWith("struct-")) return this.#struct(name, kind === "struct-made-opaque");
    if (kind === "header-moved" && this.#side.headers.structs.has(name))
      return this.#struct(name, false);
    return this.#named(name);
  }

  module(change: ApiChange, use: string): string {
    const spell = this.#spell;
    for (const name of ["MODULE_LICENSE", "module_exit", "module_init"])
      spell.use(MODULE_HEADER, name);
    spell.use(TYPES_HEADER, "int");
    const imports = [...spell.imports]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, names]) => `import { ${[...names].sort().join(", ")} } from "${path}";`);
    const license = change.kind.endsWith("gpl-only") ? "Proprietary" : "GPL";
    return [
      `/** Witness of a change, ${change.severity}-breaking: ${change.kind} ${change.name}. */`,
      ...imports,
      "",
      use,
      "",
      "function witness_init(): int {",
      "  return 0;",
      "}",
      "",
      "function witness_exit(): void {}",
      "",
      "module_init(witness_init);",
      "module_exit(witness_exit);",
      `MODULE_LICENSE("${license}");`,
      "",
    ].join("\n");
  }

  /** A case that runs into the next one, and does not say so. */
  #fallthrough(): string {
    const int = this.#spell.use(TYPES_HEADER, "int");
    return [
      `function use(value: ${int}): ${int} {`,
      `  let result: ${int} = 0;`,
      "  switch (value) {",
      "    case 1:",
      "      result = 1;",
      "    case 2:",
      "      result = result + 2;",
      "  }",
      "  return result;",
      "}",
    ].join("\n");
  }

  #field(name: string, exactType: boolean): string | undefined {
    const [struct = "", member = ""] = name.split(".");
    const layout = this.#side.headers.layouts.layoutOf(struct);
    const field = layout?.fields.find((each) => each.name === member);
    if (field === undefined) return undefined;
    const tag = this.#spell.struct(struct);
    if (exactType) return this.#exactField(tag, field);
    const type = this.#spell.use(TYPES_HEADER, "unsigned_long");
    this.#spell.use(TYPES_HEADER, "offsetof");
    return `let used: ${type} = offsetof<${tag}>("${member}");`;
  }

  /** A pointer to the member agrees with its type to the letter. */
  #exactField(tag: string, { name, type }: Field): string {
    const owner = `${this.#spell.use(TYPES_HEADER, "ptr")}<${tag}>`;
    if (type.kind === "ptr" && type.to.kind === "fn")
      return `function use(it: ${owner}, value: ${this.#spell.type(type)}): void {\n  it.${name} = value;\n}`;
    const result = type.kind === "array" ? type.of : type;
    const value =
      type.kind === "array" ? `it.${name}` : `${this.#spell.use(TYPES_HEADER, "addr")}(it.${name})`;
    return `function use(it: ${owner}): ${this.#spell.pointerTo(result)} {\n  return ${value};\n}`;
  }

  #struct(name: string, whole: boolean): string {
    const tag = this.#spell.struct(name);
    if (!whole) {
      this.#spell.use(TYPES_HEADER, "NULL");
      return `let used: ${this.#spell.use(TYPES_HEADER, "ptr")}<${tag}> = NULL;`;
    }
    this.#spell.use(TYPES_HEADER, "sizeof");
    return `let used: ${this.#spell.use(TYPES_HEADER, "unsigned_long")} = sizeof<${tag}>();`;
  }

  /** A pointer to one type as a pointer to the other. */
  #exactType(name: string, type: CType): string {
    if (type.kind === "ptr")
      return `function use(it: ${name}): ${this.#spell.type(type)} {\n  return it;\n}`;
    const alias = `${this.#spell.use(TYPES_HEADER, "ptr")}<${name}>`;
    return `function use(it: ${alias}): ${this.#spell.pointerTo(type)} {\n  return it;\n}`;
  }

  #named(name: string): string | undefined {
    const { headers, exports } = this.#side;
    const named = namesOf(this.#ts, headers, exports).get(name);
    if (named === undefined) return undefined;
    const spell = this.#spell;
    const { path } = named.info;
    const [top = name] = name.split(".");
    spell.use(path, top);
    switch (named.what) {
      case "function":
      case "inline":
        return named.type && `let used: ${spell.type(named.type)} = ${name};`;
      case "variable":
        return (
          named.type &&
          `let used: ${spell.pointerTo(named.type)} = ${spell.use(TYPES_HEADER, "addr")}(${name});`
        );
      case "type":
        return named.type && this.#exactType(name, named.type);
      case "constant": {
        const type = /^["'`]/.test(named.text) ? "cstring" : "long";
        return `function use(): ${spell.use(TYPES_HEADER, type)} {\n  return ${name};\n}`;
      }
    }
  }
}

/** The module's source, or undefined if no module can name what has changed. */
export function witnessSource(ts: Ts, before: ApiSide, change: ApiChange): string | undefined {
  const writer = new WitnessWriter(ts, before);
  const use = writer.use(change);
  return use === undefined ? undefined : writer.module(change, use);
}
