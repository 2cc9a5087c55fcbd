/**
 * CO-RE: fitting a program to the kernel that it is loaded on. A relocation says in names what an
 * instruction's number stands for; here the kernel's own types say what the number is.
 *
 * A field is found by name, wherever it lies; a struct by its name up to `___`, so that an author can
 * describe several shapes of one struct. What is not found makes the instruction a call of a helper
 * that does not exist: if the verifier gets there, the program is refused.
 *
 * Source: libbpf's relo_core.c (bpf_core_calc_relo_insn, bpf_core_patch_insn), 1.5. Left out: bit-fields,
 * local type ids, matching of whole types.
 */
import { type Btf, type Instruction, LDDW } from "#kernel";
import { CORE_RELO, type CoreRelocation } from "./btf-ext.ts";

/** A call of a helper with this number says "this relocation failed": 0xbad2310. */
export const POISON_HELPER = 195_896_080;

const CALL = 0x85;
const ALU_CLASSES: ReadonlySet<number> = new Set([0x04, 0x07]);
const SIZE_BITS: Readonly<Record<number, number>> = { 1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18 };

/** What a relocation comes to: the number, and for a field how many bytes it has. */
interface Resolved {
  readonly value: number;
  readonly size?: { readonly local: number; readonly target: number };
}

export interface RelocationOutcome {
  readonly insns: Instruction[];
  /** What could not be found, a line each. */
  readonly failures: readonly string[];
}

/** `task_struct___old` is a shape of task_struct. */
export const essentialName = (name: string): string => name.replace(/___.*$/, "");

export function relocate(
  insns: readonly Instruction[],
  relocations: readonly CoreRelocation[],
  local: Btf,
  kernel: Btf,
  stringAt: (offset: number) => string,
): RelocationOutcome {
  const patched = [...insns];
  const failures: string[] = [];
  for (const relocation of relocations) {
    const insn = patched[relocation.slot];
    if (insn === undefined) continue;
    const access = stringAt(relocation.access);
    const resolved = resolve(relocation, access, local, kernel);
    const done = resolved === undefined ? undefined : patch(insn, resolved);
    if (done === undefined)
      failures.push(
        `failed to resolve CO-RE relocation ${kindText(relocation.kind)} ${describe(local, relocation.type, access)}`,
      );
    patched[relocation.slot] = done ?? { code: CALL, dst: 0, src: 0, off: 0, imm: POISON_HELPER };
    const isWide = insn.code === LDDW;
    // The second half of a wide load goes with it; a jump over nothing takes its place.
    if (done === undefined && isWide)
      patched[relocation.slot + 1] = { code: 0x05, dst: 0, src: 0, off: 0, imm: 0 };
  }
  return { insns: patched, failures };
}

const KIND_WORDS: Readonly<Record<number, string>> = {
  [CORE_RELO.fieldByteOffset]: "<byte_off>",
  [CORE_RELO.fieldByteSize]: "<byte_sz>",
  [CORE_RELO.fieldExists]: "<field_exists>",
  [CORE_RELO.fieldSigned]: "<signed>",
  [CORE_RELO.typeExists]: "<type_exists>",
  [CORE_RELO.typeSize]: "<type_size>",
  [CORE_RELO.enumvalExists]: "<enumval_exists>",
  [CORE_RELO.enumvalValue]: "<enumval_value>",
};
const kindText = (kind: number): string => KIND_WORDS[kind] ?? `<kind ${kind}>`;

function describe(local: Btf, id: number, access: string): string {
  const type = local.stripped(id);
  const path = memberNames(local, id, access) ?? [];
  return `${type.kind} ${[type.name, ...path].join(".")}`;
}

/** Names of the members that an access string leads through; undefined if it is no such string. */
function memberNames(local: Btf, id: number, access: string): readonly string[] | undefined {
  const names: string[] = [];
  let at = id;
  for (const index of access.split(":").slice(1).map(Number)) {
    const member = local.composite(at)?.members[index];
    if (member === undefined) return undefined;
    names.push(member.name);
    at = member.type;
  }
  return names;
}

interface Field {
  readonly offset: number;
  readonly type: number;
}

/** Follows names from a struct. */
function findField(btf: Btf, id: number, names: readonly string[]): Field | undefined {
  let field: Field = { offset: 0, type: id };
  for (const name of names) {
    const member = btf.member(field.type, name);
    if (member === undefined) return undefined;
    field = { offset: field.offset + (member.bitOffset >> 3), type: member.type };
  }
  return field;
}

/** The kernel's types that a local type may stand for. */
function candidates(local: Btf, id: number, kernel: Btf): readonly number[] {
  const type = local.stripped(id);
  const name = essentialName(type.name);
  return kernel.types.flatMap((other, index) =>
    other.kind === type.kind && essentialName(other.name) === name ? [index] : [],
  );
}

/** bpf_core_fields_are_compat(): the same kind of thing, whatever its size. */
const isCompatible = (local: Btf, a: number, kernel: Btf, b: number): boolean =>
  local.stripped(a).kind === kernel.stripped(b).kind || (isWhole(local, a) && isWhole(kernel, b));
const isWhole = (btf: Btf, id: number): boolean => ["int", "enum"].includes(btf.stripped(id).kind);

function resolve(
  { type, kind }: CoreRelocation,
  access: string,
  local: Btf,
  kernel: Btf,
): Resolved | undefined {
  const targets = candidates(local, type, kernel);
  switch (kind) {
    case CORE_RELO.typeExists:
      return { value: targets.length > 0 ? 1 : 0 };
    case CORE_RELO.typeSize:
      return targets[0] === undefined ? undefined : { value: kernel.sizeOf(targets[0]) };
    case CORE_RELO.enumvalExists:
    case CORE_RELO.enumvalValue:
      return resolveEnum(kind, type, Number(access), local, kernel);
    default:
      return resolveField(kind, type, access, targets, local, kernel);
  }
}

function resolveEnum(
  kind: number,
  id: number,
  index: number,
  local: Btf,
  kernel: Btf,
): Resolved | undefined {
  const type = local.stripped(id);
  const name = type.kind === "enum" ? type.values[index]?.name : undefined;
  if (name === undefined) return undefined;
  for (const target of candidates(local, id, kernel)) {
    const other = kernel.type(target);
    const found =
      other.kind === "enum"
        ? other.values.find((value) => essentialName(value.name) === essentialName(name))
        : undefined;
    if (found !== undefined) return { value: kind === CORE_RELO.enumvalExists ? 1 : found.value };
  }
  return kind === CORE_RELO.enumvalExists ? { value: 0 } : undefined;
}

function resolveField(
  kind: number,
  id: number,
  access: string,
  targets: readonly number[],
  local: Btf,
  kernel: Btf,
): Resolved | undefined {
  const names = memberNames(local, id, access);
  const ours = names && findField(local, id, names);
  if (names === undefined || ours === undefined) return undefined;
  for (const target of targets) {
    const theirs = findField(kernel, target, names);
    if (theirs === undefined || !isCompatible(local, ours.type, kernel, theirs.type)) continue;
    const size = { local: local.sizeOf(ours.type), target: kernel.sizeOf(theirs.type) };
    if (kind === CORE_RELO.fieldExists) return { value: 1 };
    if (kind === CORE_RELO.fieldByteSize) return { value: size.target };
    if (kind === CORE_RELO.fieldSigned) return { value: isSigned(kernel, theirs.type) ? 1 : 0 };
    return { value: theirs.offset, size };
  }
  return kind === CORE_RELO.fieldExists ? { value: 0 } : undefined;
}

function isSigned(btf: Btf, id: number): boolean {
  const type = btf.stripped(id);
  return type.kind === "int" && (type.encoding & 1) === 1;
}

/** The instruction with its number; undefined where it cannot hold it. */
function patch(insn: Instruction, { value, size }: Resolved): Instruction | undefined {
  const kind = insn.code & 0x07;
  if (ALU_CLASSES.has(kind) || insn.code === LDDW) return { ...insn, imm: value | 0 };
  if (kind > 0x03 || value > 0x7fff) return undefined;
  const moved = { ...insn, off: value };
  if (size === undefined || size.local === size.target || size.local !== widthOf(insn))
    return moved;
  // A field of another width is read in its own.
  const bits = SIZE_BITS[size.target];
  return bits === undefined ? undefined : { ...moved, code: (insn.code & ~0x18) | bits };
}

const widthOf = ({ code }: Instruction): number =>
  Number(Object.keys(SIZE_BITS).find((size) => SIZE_BITS[Number(size)] === (code & 0x18)));
