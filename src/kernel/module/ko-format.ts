/** Writes a module file in its canonical form: `parseKo` of it is the same module. */
import { KO_HEADER, type KoDatum, type KoFile } from "./ko.ts";

export function formatKo(ko: KoFile): string {
  const hex = (crc: number): string => `0x${crc.toString(16).padStart(8, "0")}`;
  const sections: [name: string, lines: string[]][] = [
    [".modinfo", ko.modinfo.map(([key, value]) => `${key}=${value}`)],
    ["__versions", ko.versions.map(({ crc, name }) => `${hex(crc)} ${name}`)],
    [
      ".layout",
      ko.layout.map(({ name, size, members }) =>
        [name, size, ...members.map((m) => `${m.name}@${m.offset}:${m.size}`)].join(" "),
      ),
    ],
    [
      ".symtab",
      ko.symtab.map(
        ({ name, typeText, isInline }) => `${isInline ? "inline " : ""}${name} ${typeText}`,
      ),
    ],
    [
      ".export",
      ko.exports.map(({ name, crc, gplOnly, namespace }) =>
        [gplOnly ? "gpl" : "all", hex(crc), name, ...(namespace ? [namespace] : [])].join(" "),
      ),
    ],
    [".init", ko.entries.map((entry) => `${entry.when}=${entry.function}`)],
    [
      ".param",
      ko.params.map(({ name, type, variable, permissions }) =>
        [name, type, variable, ...(permissions === 0 ? [] : [`0${permissions.toString(8)}`])].join(
          " ",
        ),
      ),
    ],
    [".rodata", ko.rodata.map((text, index) => `${index} ${JSON.stringify(text)}`)],
    [".data", ko.data.flatMap(({ name, size, items }) => [`${name} ${size}`, ...items.map(datum)])],
  ];
  const lines = sections.flatMap(([name, body]) =>
    body.length === 0 ? [] : [`[${name}]`, ...body],
  );
  return [KO_HEADER, ...lines, "[.text]", ko.text, "[.end]", ""].join("\n");
}

function datum(item: KoDatum): string {
  if ("symbol" in item) {
    return `+${item.offset} &${item.symbol}${item.addend === 0 ? "" : `+${item.addend}`}`;
  }
  if ("string" in item) return `+${item.offset} $str(${item.string})`;
  return `+${item.offset} ${item.size} ${item.value}`;
}
