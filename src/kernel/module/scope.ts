/** Local names of one function: every declaration has a slot of its own, blocks hide outer names. */

export interface LocalName {
  readonly slot: number;
  readonly isConst: boolean;
}

export class Scope {
  readonly #blocks: Map<string, LocalName>[] = [new Map()];
  #slotCount = 0;

  get slotCount(): number {
    return this.#slotCount;
  }

  enter(): void {
    this.#blocks.push(new Map());
  }

  leave(): void {
    this.#blocks.pop();
  }

  /** Undefined if the block has the name already (which a parser has reported for variables). */
  declare(name: string, isConst: boolean): LocalName | undefined {
    const block = this.#blocks.at(-1);
    if (block === undefined || block.has(name)) return undefined;
    const local = { slot: this.#slotCount++, isConst };
    block.set(name, local);
    return local;
  }

  lookup(name: string): LocalName | undefined {
    for (let i = this.#blocks.length - 1; i >= 0; i--) {
      const local = this.#blocks[i]?.get(name);
      if (local !== undefined) return local;
    }
    return undefined;
  }
}
