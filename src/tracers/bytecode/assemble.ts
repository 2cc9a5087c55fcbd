/**
 * The assembler: a text that a learner can read into an object that a loader takes. Instructions are
 * LLVM's assembly for BPF; around them stand the license, maps, structs of the kernel and programs:
 *
 *     license GPL
 *     struct task_struct { pid: int; comm: char[16] }
 *     map ended: hash, key 4, value 8, 64 entries
 *     program on_exit: tp_btf/sched_process_exit
 *       r6 = *(u64 *)(r1 + 0)
 *       r7 = *(u32 *)(r6 + task_struct.pid)
 *       if exists(task_struct.__state) ...
 *
 * A member stands for its offset, and the object says so in a CO-RE relocation; `exists(S.m)`,
 * `size(S.m)`, `type_exists(S)`, `enum_value(E.N)` are numbers that become known at loading. Only the
 * members that are used have to be named. Comments begin with `;`, labels end with `:`.
 */
import {
  AssemblyProblem,
  helperByName,
  type Instruction,
  parseInstruction,
  writeInstructions,
} from "#kernel";
import type { Diagnostic } from "../kbuild/messages.ts";
import { CORE_RELO, type CoreRelocation, type LineRecord, writeBtfExt } from "./btf-ext.ts";
import { LocalTypes } from "./local-types.ts";
import type { BpfObject, ObjectMap, ObjectProgram } from "./object.ts";

export type Assembled =
  | { readonly ok: true; readonly object: BpfObject }
  | { readonly ok: false; readonly complaints: readonly Diagnostic[] };

/** What is wrong with a line of a bytecode source. */
const CODE = "QS2501";

const MAP_TYPES: Readonly<Record<string, number>> = { hash: 1, array: 2 };

const MAP = /^map (\w+): (\w+), key (\d+), value (\d+), (\d+) entries$/;
const PROGRAM = /^program (\w+): (\S+)$/;
const RELOCATED = /^(exists|size|type_exists|type_size|enum_value|enum_exists)\((.+)\)$/;

const KINDS: Readonly<Record<string, number>> = {
  exists: CORE_RELO.fieldExists,
  size: CORE_RELO.fieldByteSize,
  type_exists: CORE_RELO.typeExists,
  type_size: CORE_RELO.typeSize,
  enum_value: CORE_RELO.enumvalValue,
  enum_exists: CORE_RELO.enumvalExists,
};

interface SourceLine {
  readonly number: number;
  readonly text: string;
}

/** A program while its lines are collected. */
interface Draft {
  readonly name: string;
  readonly section: string;
  readonly lines: SourceLine[];
}

export function assemble(file: string, source: string): Assembled {
  return new Assembler(file).run(source);
}

class Assembler {
  readonly #file: string;
  readonly #types = new LocalTypes();
  readonly #maps: ObjectMap[] = [];
  readonly #drafts: Draft[] = [];
  readonly #complaints: Diagnostic[] = [];
  #license = "";

  constructor(file: string) {
    this.#file = file;
  }

  run(source: string): Assembled {
    const lines = this.#types.take(linesOf(source), (line, message) =>
      this.#complain(line, message),
    );
    for (const line of lines) this.#collect(line);
    if (this.#license === "") this.#complain(1, "no license: `license GPL`");
    if (this.#drafts.length === 0) this.#complain(1, "no program: `program NAME: tp_btf/EVENT`");
    const built = this.#drafts.map((draft) => this.#program(draft));
    if (this.#complaints.length > 0) return { ok: false, complaints: this.#complaints };
    const btfExt = writeBtfExt(built.map(({ ext }) => ext));
    return {
      ok: true,
      object: {
        license: this.#license,
        maps: this.#maps,
        programs: built.map(({ program }) => program),
        btf: this.#types.bytes(),
        btfExt,
      },
    };
  }

  #complain(line: number, message: string): void {
    this.#complaints.push({ code: CODE, message, file: this.#file, line, column: 1 });
  }

  #collect(line: SourceLine): void {
    const { text, number } = line;
    const map = MAP.exec(text);
    const program = PROGRAM.exec(text);
    if (text.startsWith("license ")) this.#license = text.slice("license ".length);
    else if (map !== null) this.#map(number, map);
    else if (program !== null)
      this.#drafts.push({ name: program[1] ?? "", section: program[2] ?? "", lines: [] });
    else if (this.#drafts.length > 0) this.#drafts.at(-1)?.lines.push(line);
    else this.#complain(number, `neither license, struct, map nor program: ${text}`);
  }

  #map(line: number, [, name = "", kind = "", key, value, entries]: RegExpExecArray): void {
    const type = MAP_TYPES[kind];
    if (type === undefined) {
      this.#complain(
        line,
        `no kind of map: ${kind}; there are ${Object.keys(MAP_TYPES).join(", ")}`,
      );
      return;
    }
    const sizes = { keySize: Number(key), valueSize: Number(value), maxEntries: Number(entries) };
    this.#maps.push({ name, type, ...sizes });
  }

  #program({ name, section, lines }: Draft): {
    readonly program: ObjectProgram;
    readonly ext: Parameters<typeof writeBtfExt>[0][number];
  } {
    const labels = labelsOf(lines);
    const insns: Instruction[] = [];
    const mapUses: { slot: number; map: string }[] = [];
    const relocations: CoreRelocation[] = [];
    const lineRecords: LineRecord[] = [];
    const fileName = this.#types.string(this.#file);
    for (const { text, number } of lines) {
      if (text.endsWith(":")) continue;
      const slot = insns.length;
      const use: NameUse = { slot, labels, mapUses, relocations };
      try {
        insns.push(...parseInstruction(text, (each, as) => this.#resolve(each, as, use)));
      } catch (thrown) {
        if (!(thrown instanceof AssemblyProblem)) throw thrown;
        this.#complain(number, thrown.message);
      }
      lineRecords.push({ slot, file: fileName, text: this.#types.string(text), line: number });
    }
    return {
      program: { name, section, code: writeInstructions(insns), mapUses },
      ext: { name: this.#types.string(section), lines: lineRecords, relocations },
    };
  }

  #resolve(
    name: string,
    as: Parameters<Parameters<typeof parseInstruction>[1]>[1],
    use: NameUse,
  ): number | undefined {
    switch (as) {
      case "helper":
        return helperByName(name)?.number;
      case "target": {
        const to = use.labels.get(name);
        return to === undefined ? undefined : to - use.slot - 1;
      }
      case "map":
        if (!this.#maps.some((map) => map.name === name)) return undefined;
        use.mapUses.push({ slot: use.slot, map: name });
        return 0;
      case "offset":
        return this.#relocated(name, CORE_RELO.fieldByteOffset, use);
      case "value": {
        const [, kind, what = ""] = RELOCATED.exec(name) ?? [];
        if (kind !== undefined) return this.#relocated(what, KINDS[kind] ?? 0, use);
        return name.includes(".")
          ? this.#relocated(name, CORE_RELO.fieldByteOffset, use)
          : undefined;
      }
    }
  }

  /** The number as the object's own types have it; the relocation says what it stands for. */
  #relocated(what: string, kind: number, use: NameUse): number | undefined {
    const found = this.#types.find(what, kind);
    if (found === undefined) return undefined;
    use.relocations.push({
      slot: use.slot,
      type: found.type,
      access: this.#types.string(found.access),
      kind,
    });
    return found.value;
  }
}

/** What a name in an instruction may mean, and where its uses are noted. */
interface NameUse {
  readonly slot: number;
  readonly labels: ReadonlyMap<string, number>;
  readonly mapUses: { slot: number; map: string }[];
  readonly relocations: CoreRelocation[];
}

function linesOf(source: string): SourceLine[] {
  return source
    .split("\n")
    .map((line, index) => ({ number: index + 1, text: line.replace(/;(?![^{]*}).*$/, "").trim() }))
    .filter(({ text }) => text !== "");
}

function labelsOf(lines: readonly SourceLine[]): ReadonlyMap<string, number> {
  const labels = new Map<string, number>();
  let slot = 0;
  for (const { text } of lines) {
    if (text.endsWith(":")) labels.set(text.slice(0, -1), slot);
    else slot += text.endsWith(" ll") ? 2 : 1;
  }
  return labels;
}
