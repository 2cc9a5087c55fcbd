/**
 * A vendor's stable list: `Module.kabi` in the tree names the symbols that prebuilt modules may count on,
 * each with the checksum that it has to keep. A kernel in which one of them changes does not build.
 *
 * Source: Module.kabi_ARCH and check-kabi of Red Hat's kernel packages, run at the end of a build.
 * Left out: what no checksum sees: locks, contexts, meanings. The list promises nothing of those.
 */
import type { ExportedSymbol } from "#kernel";
import type { TreeFiles } from "./apply-patch.ts";
import type { BuildComplaint } from "./build-image.ts";

export const KABI_FILE = "Module.kabi";

const LINE = /^0x([0-9a-f]{8})\t(\w+)\tvmlinux\tEXPORT_SYMBOL(_GPL)?$/;

export const kabiLine = ({ name, crc, gplOnly }: ExportedSymbol): string =>
  `0x${crc.toString(16).padStart(8, "0")}\t${name}\tvmlinux\tEXPORT_SYMBOL${gplOnly ? "_GPL" : ""}`;

/** Names on a tree's list; none without a list. */
export const kabiSymbols = (files: TreeFiles): readonly string[] =>
  (files[KABI_FILE] ?? "").split("\n").flatMap((line) => LINE.exec(line)?.[2] ?? []);

/** The list with the checksums of these exports; names stay in their order. */
export function renewKabi(text: string, exports: readonly ExportedSymbol[]): string {
  const lines = text.split("\n").map((line) => {
    const row = exports.find(({ name }) => name === LINE.exec(line)?.[2]);
    return row === undefined ? line : kabiLine(row);
  });
  return lines.join("\n");
}

/** check-kabi: promises that this kernel would break. */
export function checkKabi(
  files: TreeFiles,
  exports: readonly ExportedSymbol[],
): readonly BuildComplaint[] {
  const text = files[KABI_FILE];
  if (text === undefined) return [];
  return text.split("\n").flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    const complain = (message: string): readonly BuildComplaint[] => [
      { code: "QS2417", message: `kABI: ${message}`, file: KABI_FILE, line: index + 1, column: 1 },
    ];
    const name = LINE.exec(line)?.[2];
    if (name === undefined) return complain(`\`${line}' is not CRC, symbol, vmlinux and export`);
    const row = exports.find((each) => each.name === name);
    if (row === undefined) return complain(`${name} is on the stable list, and is not exported`);
    const now = kabiLine(row);
    return now === line ? [] : complain(`${name} is on the stable list, and has changed`);
  });
}
