/**
 * The functions of an ELF file, from its symbol table: what a tracer calls addresses by.
 *
 * Source: elf(5). A tracer reads the file as anybody may. Left out: files that were stripped have no
 * functions to name; addresses of position-independent files are not moved.
 */
import { decodeUtf8 } from "#kernel";
import type { Proc, UserCall } from "#userland";

export interface FunctionSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes, up to the next function where the table does not say. */
  readonly size: number;
}

const SECTION_SIZE_BYTES = 64;
const SYMBOL_SIZE_BYTES = 24;
const SHT_SYMTAB = 2;
const STT_FUNC = 2;
const STT_NOTYPE = 0;
const SHF_EXECINSTR = 4;

interface Section {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** In order of address; none where the file is no ELF file or has no table. */
export function parseFunctions(bytes: Uint8Array): readonly FunctionSymbol[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 64 || view.getUint32(0, false) !== 0x7f454c46) return [];
  const at = Number(view.getBigUint64(40, true));
  const count = view.getUint16(60, true);
  if (at === 0 || at + count * SECTION_SIZE_BYTES > bytes.length) return [];
  const sections = Array.from({ length: count }, (_, i) => readSection(view, at, i));
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = table === undefined ? undefined : sections[table.link];
  if (table === undefined || strings === undefined) return [];
  const found: FunctionSymbol[] = [];
  for (let i = 0; i < table.size / SYMBOL_SIZE_BYTES; i++) {
    const symbol = table.offset + i * SYMBOL_SIZE_BYTES;
    const kind = view.getUint8(symbol + 4) & 15;
    const section = sections[view.getUint16(symbol + 6, true)];
    const isCode = section !== undefined && (section.flags & SHF_EXECINSTR) !== 0;
    const name = stringAt(bytes, strings.offset + view.getUint32(symbol, true));
    // Assembly does not say that its labels are functions; a compiler's own begin with $ or a dot.
    if ((kind !== STT_FUNC && kind !== STT_NOTYPE) || !isCode || /^[$.]|^$/.test(name)) continue;
    const address = Number(view.getBigUint64(symbol + 8, true));
    found.push({ name, address, size: Number(view.getBigUint64(symbol + 16, true)) });
  }
  found.sort((a, b) => a.address - b.address);
  return found.map((symbol, i) => ({
    ...symbol,
    size: symbol.size || (found[i + 1]?.address ?? symbol.address + 4) - symbol.address,
  }));
}

function readSection(view: DataView, table: number, index: number): Section {
  const at = table + index * SECTION_SIZE_BYTES;
  return {
    type: view.getUint32(at + 4, true),
    flags: Number(view.getBigUint64(at + 8, true)),
    offset: Number(view.getBigUint64(at + 24, true)),
    size: Number(view.getBigUint64(at + 32, true)),
    link: view.getUint32(at + 40, true),
  };
}

function stringAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return decodeUtf8(bytes.subarray(at, end < 0 ? bytes.length : end));
}

/** The functions of a file of the machine; none where it cannot be read. */
export function* readFunctions(p: Proc, path: string): UserCall<readonly FunctionSymbol[]> {
  const fd = yield* p.sys.open(path, 0);
  if (fd < 0) return [];
  const bytes = yield* p.readAll(fd);
  yield* p.sys.close(fd);
  return typeof bytes === "number" ? [] : parseFunctions(bytes);
}

/** The function that an address is in. */
export const functionAt = (
  functions: readonly FunctionSymbol[],
  address: number,
): FunctionSymbol | undefined =>
  functions.find((each) => address >= each.address && address < each.address + each.size);

/** `square`, `square+6`, or the address in hex. */
export function placeText(functions: readonly FunctionSymbol[], address: number): string {
  const found = functionAt(functions, address);
  if (found === undefined) return `0x${address.toString(16)}`;
  const offset = address - found.address;
  return offset === 0 ? found.name : `${found.name}+${offset}`;
}
