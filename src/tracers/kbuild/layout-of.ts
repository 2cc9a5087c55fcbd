/**
 * Struct layouts by the rules of the riscv64 psABI: each member at the next multiple of its
 * alignment, the whole padded to the largest. Layouts are made on demand and kept.
 */

import type TypeScript from "typescript";
import type { CType, Field, StructLayout } from "#kernel";
import { isError, sizeOfScalar } from "./ctype.ts";
import type { SourceInfo } from "./source-info.ts";
import { readMember, type TypeWorld } from "./type-syntax.ts";

export interface StructSource {
  readonly info: SourceInfo;
  readonly node: TypeScript.InterfaceDeclaration;
}

interface Extent {
  readonly size: number;
  readonly align: number;
}

const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;

export class LayoutTable {
  readonly #world: TypeWorld;
  readonly #structs: (name: string) => StructSource | undefined;
  readonly #made = new Map<string, StructLayout>();
  readonly #making = new Set<string>();

  constructor(world: TypeWorld, structs: (name: string) => StructSource | undefined) {
    this.#world = world;
    this.#structs = structs;
  }

  layoutOf(name: string): StructLayout | undefined {
    const made = this.#made.get(name);
    if (made !== undefined) return made;
    const source = this.#structs(name);
    if (source === undefined) return undefined;
    if (this.#making.has(name)) {
      this.#world.report(source.node.name, "recursiveStruct", name);
      return undefined;
    }
    this.#making.add(name);
    const layout = this.#make(name, source);
    this.#making.delete(name);
    this.#made.set(name, layout);
    return layout;
  }

  /** Size and alignment, or undefined for what has none: void, a function, an incomplete struct. */
  extentOf(type: CType): Extent | undefined {
    switch (type.kind) {
      case "int":
      case "bool":
      case "ptr": {
        const size = sizeOfScalar(type);
        return { size, align: size };
      }
      case "array": {
        const each = this.extentOf(type.of);
        return each && { size: each.size * type.length, align: each.align };
      }
      case "struct": {
        const layout = this.layoutOf(type.name);
        return layout && layout.fields.length > 0 ? layout : undefined;
      }
      default:
        return undefined;
    }
  }

  /** A struct extends nothing but its own brand. */
  #checkTag(name: string, node: TypeScript.InterfaceDeclaration): void {
    const { ts, report } = this.#world;
    const [base, ...others] = (node.heritageClauses ?? []).flatMap((clause) => clause.types);
    const [tag] = base?.typeArguments ?? [];
    const isNamed =
      tag !== undefined &&
      ts.isLiteralTypeNode(tag) &&
      ts.isStringLiteral(tag.literal) &&
      tag.literal.text === name;
    const isStruct = base?.expression.getText() === "struct" && isNamed && others.length === 0;
    if (!isStruct || node.typeParameters !== undefined) report(node.name, "badTag", name);
  }

  #make(name: string, source: StructSource): StructLayout {
    this.#checkTag(name, source.node);
    const fields: Field[] = [];
    let [end, align] = [0, 1];
    for (const element of source.node.members) {
      const member = readMember(this.#world, source.info, element);
      if (member === undefined) continue;
      const extent = this.extentOf(member.type);
      if (extent === undefined) {
        // Of a type that is none, that has been said.
        if (!isError(member.type)) this.#world.report(element, "badMember", member.name, name);
        continue;
      }
      const offset = roundUp(end, extent.align);
      fields.push({ name: member.name, offset, size: extent.size, type: member.type });
      end = offset + extent.size;
      align = Math.max(align, extent.align);
    }
    return { name, size: roundUp(end, align), align, fields };
  }
}
