/**
 * Module.symvers of a folder of modules: what they export to each other.
 *
 *     0x1234abcd  helper  library  EXPORT_SYMBOL_GPL  NAMESPACE       (with tabs between)
 *
 * Source: scripts/mod/modpost.c (write_dump, read_dump), Documentation/kbuild/modules.rst of 6.1.
 */

/** A symbol that another module exports. */
export interface ModuleSymbol {
  readonly name: string;
  readonly crc: number;
  readonly gplOnly: boolean;
  readonly namespace?: string;
  readonly module: string;
}

export function readSymvers(text: string): readonly ModuleSymbol[] {
  return text.split("\n").flatMap((line) => {
    const [crc = "", name, module, how = "", namespace] = line.split("\t");
    if (name === undefined || module === undefined || !/^0x[0-9a-f]{1,8}$/.test(crc)) return [];
    const symbol = { name, crc: Number(crc), gplOnly: how === "EXPORT_SYMBOL_GPL", module };
    return namespace === undefined || namespace === "" ? [symbol] : [{ ...symbol, namespace }];
  });
}

/** What a built module exports, read off its section [.export]. */
export function exportedBy(module: string, ko: string): readonly ModuleSymbol[] {
  const lines = ko.split("\n");
  const start = lines.indexOf("[.export]");
  const symbols: ModuleSymbol[] = [];
  for (const line of start < 0 ? [] : lines.slice(start + 1)) {
    if (line.startsWith("[")) break;
    const [licence, crc, name, namespace] = line.split(" ");
    if (name === undefined) continue;
    const symbol = { name, crc: Number(crc), gplOnly: licence === "gpl", module };
    symbols.push(namespace === undefined ? symbol : { ...symbol, namespace });
  }
  return symbols;
}

export const symversText = (symbols: readonly ModuleSymbol[]): string =>
  symbols
    .map(({ crc, name, module, gplOnly, namespace = "" }) => {
      const hex = `0x${crc.toString(16).padStart(8, "0")}`;
      const how = gplOnly ? "EXPORT_SYMBOL_GPL" : "EXPORT_SYMBOL";
      return `${[hex, name, module, how, namespace].join("\t")}\n`;
    })
    .join("");
