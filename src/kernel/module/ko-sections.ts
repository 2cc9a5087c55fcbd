/**
 * The line grammar of each section of a module file: a reader takes one line into the draft, or
 * answers what is wrong with it.
 */
import { KMALLOC_MAX_BYTES } from "../lib/limits.ts";
import type { KoDatum, KoFile } from "./ko.ts";
import { isIntegerName, parseTypeText } from "./type-text.ts";

/** One sentence about what is wrong, or undefined. */
export type SectionReader = (line: string, draft: KoFile) => string | undefined;

const NAME = "[A-Za-z_][A-Za-z0-9_]{0,127}";
const CRC = "0x[0-9a-fA-F]{1,8}";
const LINE = {
  modinfo: /^([\w.]{1,64})=(.*)$/,
  version: new RegExp(`^(${CRC}) (${NAME})$`),
  struct: new RegExp(`^(${NAME}) (\\d{1,7})((?: [\\w.]+@\\d{1,7}:\\d{1,7})*)$`),
  member: /([\w.]+)@(\d+):(\d+)/g,
  function: new RegExp(`^(inline )?(${NAME}) (fn\\(.*)$`),
  export: new RegExp(`^(gpl|all) (${CRC}) (${NAME})(?: (${NAME}))?$`),
  entry: new RegExp(`^(init|exit|early|core|subsys|fs|device|late)=(${NAME})$`),
  param: new RegExp(`^(${NAME}) (${NAME}) (${NAME})(?: (0[0-7]{0,3}))?$`),
  rodata: /^(\d{1,6}) (".*")$/,
  object: new RegExp(`^(${NAME}) (\\d{1,7})$`),
  value: /^\+(\d{1,7}) ([1248]) (-?(?:0x[0-9a-fA-F]{1,16}|\d{1,20}))$/,
  address: new RegExp(`^\\+(\\d{1,7}) &(${NAME})(?:\\+(\\d{1,7}))?$`),
  string: /^\+(\d{1,7}) \$str\((\d{1,6})\)$/,
} as const;

const readModinfo: SectionReader = (line, draft) => {
  const [, key, value] = LINE.modinfo.exec(line) ?? [];
  if (key === undefined || value === undefined) return "a line of [.modinfo] is key=value";
  draft.modinfo.push([key, value]);
  return undefined;
};

const readVersion: SectionReader = (line, draft) => {
  const [, crc, name] = LINE.version.exec(line) ?? [];
  if (crc === undefined || name === undefined) return "a line of [__versions] is 0xCRC SYMBOL";
  if (draft.versions.some((version) => version.name === name)) return `'${name}' occurs twice`;
  draft.versions.push({ crc: Number(crc), name });
  return undefined;
};

const readStruct: SectionReader = (line, draft) => {
  const [, name, size, members] = LINE.struct.exec(line) ?? [];
  if (name === undefined) return "a line of [.layout] is STRUCT SIZE MEMBER@OFFSET:SIZE ...";
  draft.layout.push({
    name,
    size: Number(size),
    members: [...(members ?? "").matchAll(LINE.member)].map((found) => ({
      name: found[1] as string,
      offset: Number(found[2]),
      size: Number(found[3]),
    })),
  });
  return undefined;
};

const readFunction: SectionReader = (line, draft) => {
  const [, inline, name, typeText] = LINE.function.exec(line) ?? [];
  if (name === undefined || typeText === undefined)
    return "a line of [.symtab] is NAME fn(TYPES)TYPE, or inline NAME fn(TYPES)TYPE";
  const type = parseTypeText(typeText);
  if (type?.kind !== "fn") return `'${typeText}' is not a function type`;
  if (draft.symtab.some((symbol) => symbol.name === name)) return `'${name}' occurs twice`;
  draft.symtab.push({ name, type, typeText, isInline: inline !== undefined });
  return undefined;
};

const readExport: SectionReader = (line, draft) => {
  const [, licence, crc, name, namespace] = LINE.export.exec(line) ?? [];
  if (name === undefined) return "a line of [.export] is gpl|all 0xCRC SYMBOL [NAMESPACE]";
  if (draft.exports.some((symbol) => symbol.name === name)) return `'${name}' occurs twice`;
  const symbol = { name, crc: Number(crc), gplOnly: licence === "gpl" };
  draft.exports.push(namespace === undefined ? symbol : { ...symbol, namespace });
  return undefined;
};

const readEntry: SectionReader = (line, draft) => {
  const [, when, fn] = LINE.entry.exec(line) ?? [];
  if (when === undefined || fn === undefined)
    return "a line of [.init] is init=FUNCTION or exit=FUNCTION";
  const isSingle = when === "init" || when === "exit";
  if (isSingle && draft.entries.some((entry) => entry.when === when))
    return `'${when}' occurs twice`;
  draft.entries.push({ when, function: fn });
  return undefined;
};

const readParam: SectionReader = (line, draft) => {
  const [, name, type, variable, permissions = "0"] = LINE.param.exec(line) ?? [];
  if (name === undefined || type === undefined || variable === undefined) {
    return "a line of [.param] is NAME TYPE VARIABLE [0PERMISSIONS]";
  }
  if (type !== "charp" && !isIntegerName(PARAM_TYPES.get(type) ?? type)) {
    return `'${type}' is not a type of parameter`;
  }
  if (draft.params.some((param) => param.name === name)) return `'${name}' occurs twice`;
  draft.params.push({ name, type, variable, permissions: Number.parseInt(permissions, 8) });
  return undefined;
};

/** Short names of <linux/moduleparam.h>. */
export const PARAM_TYPES: ReadonlyMap<string, string> = new Map([
  ["byte", "u8"],
  ["ushort", "u16"],
  ["uint", "unsigned_int"],
  ["ulong", "unsigned_long"],
]);

const readString: SectionReader = (line, draft) => {
  const [, index, json] = LINE.rodata.exec(line) ?? [];
  if (index === undefined || json === undefined) return 'a line of [.rodata] is INDEX "TEXT"';
  if (Number(index) !== draft.rodata.length) return `string ${draft.rodata.length} must come here`;
  const text = parseJsonString(json);
  if (text === undefined) return "the text is not a JSON string";
  draft.rodata.push(text);
  return undefined;
};

function parseJsonString(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

const readData: SectionReader = (line, draft) => {
  if (!line.startsWith("+")) {
    const [, name, size] = LINE.object.exec(line) ?? [];
    if (name === undefined)
      return "a line of [.data] is NAME SIZE, or +OFFSET and SIZE VALUE, &SYMBOL or $str(N)";
    if (!(Number(size) > 0 && Number(size) <= KMALLOC_MAX_BYTES))
      return `${size} is no size of an object`;
    if (draft.data.some((object) => object.name === name)) return `'${name}' occurs twice`;
    draft.data.push({ name, size: Number(size), items: [] });
    return undefined;
  }
  const datum = datumOf(line);
  if (datum === undefined)
    return "a line inside an object is +OFFSET and SIZE VALUE, &SYMBOL or $str(N)";
  const object = draft.data.at(-1);
  if (object === undefined) return "NAME SIZE of the object must come first";
  const size = "size" in datum ? datum.size : 8;
  if (datum.offset + size > object.size) return `+${datum.offset} is outside ${object.name}`;
  object.items.push(datum);
  return undefined;
};

function datumOf(line: string): KoDatum | undefined {
  const [, at, symbol, addend] = LINE.address.exec(line) ?? [];
  if (symbol !== undefined) return { offset: Number(at), symbol, addend: Number(addend ?? 0) };
  const [, place, string] = LINE.string.exec(line) ?? [];
  if (string !== undefined) return { offset: Number(place), string: Number(string) };
  const [, offset, size, value] = LINE.value.exec(line) ?? [];
  if (value === undefined) return undefined;
  const magnitude = Number(value.replace("-", ""));
  const signed = value.startsWith("-") ? 0 - magnitude : magnitude;
  return { offset: Number(offset), size: Number(size), value: signed };
}

/** Every section but `.text`, which is not read by lines. */
export const SECTION_READERS: ReadonlyMap<string, SectionReader> = new Map([
  [".modinfo", readModinfo],
  ["__versions", readVersion],
  [".layout", readStruct],
  [".symtab", readFunction],
  [".export", readExport],
  [".init", readEntry],
  [".param", readParam],
  [".rodata", readString],
  [".data", readData],
]);
