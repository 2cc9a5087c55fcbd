/**
 * The object file as text: sections in a fixed order, nothing in it that depends on when or where it
 * was built, so that the same inputs give the same bytes.
 *
 * The loader's parser (`module/ko.ts`) is the other half of this format.
 */
import { encodeUtf8, sha256 } from "#kernel";
import type { Unit } from "./unit.ts";

export interface ImportedVersion {
  readonly name: string;
  readonly crc: number;
}

export interface KoInput {
  readonly unit: Unit;
  readonly vermagic: string;
  readonly versions: readonly ImportedVersion[];
  readonly exports: readonly {
    readonly name: string;
    readonly gplOnly: boolean;
    readonly crc: number;
    readonly namespace?: string;
  }[];
  /** Modules whose symbols it uses. */
  readonly depends: readonly string[];
  /** `let` declarations of module scalars. */
  readonly scalars: readonly string[];
}

const hex = (crc: number): string => `0x${crc.toString(16).padStart(8, "0")}`;

const byName = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));

function layoutLines(unit: Unit): readonly string[] {
  return byName(unit.fields).map(([struct, fields]) => {
    const size = unit.layouts.layoutOf(struct)?.size ?? 0;
    const used = [...fields.values()].sort((a, b) => a.offset - b.offset);
    return [struct, size, ...used.map((f) => `${f.name}@${f.offset}:${f.size}`)].join(" ");
  });
}

function modinfoLines(input: KoInput): readonly string[] {
  const { unit, depends } = input;
  const { modinfo, params, descriptions } = unit.markers;
  return [
    `name=${unit.name}`,
    ...modinfo.map(([key, value]) => `${key}=${value.replaceAll("\n", " ")}`),
    ...(modinfo.some(([key]) => key === "version") ? [`srcversion=${sourceVersion(unit)}`] : []),
    ...(depends.length === 0 ? [] : [`depends=${depends.join(",")}`]),
    `vermagic=${input.vermagic}`,
    ...params.map(({ name, type }) => {
      const about = descriptions.get(name);
      return `parm=${name}:${about === undefined ? type : `${about} (${type})`}`;
    }),
  ];
}

/** An object that was built without a version magic, as a release with that one would have built it. */
export const withVermagic = (ko: string, vermagic: string): string =>
  ko.replace(/^vermagic=$/m, () => `vermagic=${vermagic}`);

/** A digest of the sources, for who has several modules of one name and version: srcversion of modpost. */
function sourceVersion(unit: Unit): string {
  const text = unit.mains.map(({ file }) => file.text).join("");
  const digest = sha256(encodeUtf8(text)).subarray(0, 12);
  return [...digest]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
}

function section(name: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`[${name}]`, ...lines];
}

export function koText(input: KoInput): string {
  const { unit } = input;
  const { params, init } = unit.markers;
  const strings = [...unit.strings].map(([text, index]) => `${index} ${JSON.stringify(text)}`);
  const exports = input.exports.map(({ gplOnly, crc, name, namespace }) =>
    [gplOnly ? "gpl" : "all", hex(crc), name, ...(namespace ? [namespace] : [])].join(" "),
  );
  const text = [...input.scalars, ...unit.functions.map((each) => each.text)];
  return `${[
    "%quicksand-ko 1",
    ...section(".modinfo", modinfoLines(input)),
    ...section(
      "__versions",
      input.versions.map((v) => `${hex(v.crc)} ${v.name}`),
    ),
    ...section(".layout", layoutLines(unit)),
    ...section(
      ".symtab",
      unit.functions.map((each) => {
        const isInline = unit.inlines.has(each.name) && !unit.isOwn(each.name);
        const inline = isInline ? "inline " : "";
        return `${inline}${each.name} ${each.prototype}`;
      }),
    ),
    ...section(".export", exports),
    ...section(
      ".init",
      init.map(([key, name]) => `${key}=${name}`),
    ),
    ...section(
      ".param",
      params.map(({ name, type, variable, permissions }) =>
        [name, type, variable, ...(permissions === 0 ? [] : [`0${permissions.toString(8)}`])].join(
          " ",
        ),
      ),
    ),
    ...section(".rodata", strings),
    ...section(
      ".data",
      unit.data.flatMap((each) => [`${each.name} ${each.size}`, ...each.lines]),
    ),
    ...section(".text", text),
    "[.end]",
  ].join("\n")}\n`;
}
