/**
 * What the kernel asks of a module file before it links it, in Linux's order and words: vermagic,
 * in-tree or not, licence, and each imported symbol with its CRC.
 *
 * Source: kernel/module.c of 6.1 (check_modinfo, same_magic, simplify_symbols, resolve_symbol,
 * verify_namespace_is_imported) and,
 * for a module without a version of a symbol, of 2.6.32, which refuses it.
 */
import { EBUSY, EINVAL, ENOENT, ENOEXEC } from "../abi/errno.ts";
import { isGplCompatible } from "../lib/license.ts";
import { TAINT_FORCED_MODULE, TAINT_OOT_MODULE, TAINT_PROPRIETARY_MODULE } from "../lib/taint.ts";
import { type KoFile, modinfoValue, modinfoValues } from "./ko.ts";
import type { KernelSymbol, SymbolTable } from "./symbol.ts";

/** What checking found, collected for the log. */
export interface LoadReport {
  readonly name: string;
  readonly ignoreVermagic: boolean;
  readonly ignoreVersions: boolean;
  /** CONFIG_MODVERSIONS: without it a symbol is its name, and the release counts as a whole. */
  readonly hasModversions: boolean;
  /** The kernel's flags so far; what a taint says is said once. */
  readonly kernelTaint: number;
  /** This module's flags. */
  taint: number;
  readonly warnings: string[];
  errno: number;
  readonly errors: string[];
}

/** Sets a flag of the module; what it says is said once a boot. */
export function taint(report: LoadReport, flag: number, warning: string): void {
  if (((report.kernelTaint | report.taint) & flag) === 0) report.warnings.push(warning);
  report.taint |= flag;
}

function forced(report: LoadReport, what: string): void {
  taint(report, TAINT_FORCED_MODULE, `${report.name}: ${what}: kernel tainted.`);
}

/** With CRCs the release does not count, only the flags behind it: same_magic(). */
function sameMagic(theirs: string, ours: string, hasVersions: boolean): boolean {
  const flags = (magic: string): string => magic.slice(Math.max(0, magic.indexOf(" ")));
  return hasVersions ? flags(theirs) === flags(ours) : theirs === ours;
}

/** check_modinfo(): may this file be loaded here at all? */
export function checkModinfo(report: LoadReport, ko: KoFile, vermagic: string): boolean {
  const theirs = modinfoValue(ko, "vermagic");
  const hasVersions = report.hasModversions && ko.versions.length > 0 && !report.ignoreVersions;
  if (report.ignoreVermagic) forced(report, "bad vermagic");
  else if (theirs === undefined || !sameMagic(theirs, vermagic, hasVersions)) {
    report.errors.push(`${report.name}: version magic '${theirs ?? ""}' should be '${vermagic}'`);
    report.errno = ENOEXEC;
    return false;
  }
  if (modinfoValue(ko, "intree") === undefined) {
    const warning = `${report.name}: loading out-of-tree module taints kernel.`;
    taint(report, TAINT_OOT_MODULE, warning);
  }
  const licence = modinfoValue(ko, "license") ?? "unspecified";
  if (!isGplCompatible(licence)) {
    const warning = `${report.name}: module license '${licence}' taints kernel.`;
    taint(report, TAINT_PROPRIETARY_MODULE, warning);
  }
  return true;
}

/** A module can export only what it defines; the kernel's own files may export the port's functions. */
export function checkExports(
  report: LoadReport,
  ko: KoFile,
  defined: ReadonlySet<string>,
): boolean {
  const stray = ko.exports.find(({ name }) => !defined.has(name));
  if (stray === undefined) return true;
  report.errors.push(
    `${report.name}: [.export] names '${stray.name}', which the module does not define`,
  );
  report.errno = ENOEXEC;
  return false;
}

/** simplify_symbols(): every import that cannot be had is named. */
export function checkSymbols(
  report: LoadReport,
  ko: KoFile,
  names: readonly string[],
  symbols: SymbolTable,
  isLive: (module: string) => boolean,
): Map<string, KernelSymbol> {
  const resolved = new Map<string, KernelSymbol>();
  for (const name of names) {
    const symbol = symbols.find(name);
    const errno = symbol === undefined ? ENOENT : checkSymbol(report, ko, symbol, isLive);
    if (errno === 0 && symbol !== undefined) {
      resolved.set(name, symbol);
      continue;
    }
    report.errors.push(`${report.name}: Unknown symbol ${name} (err -${errno})`);
    report.errno = errno;
  }
  return resolved;
}

function checkSymbol(
  report: LoadReport,
  ko: KoFile,
  symbol: KernelSymbol,
  isLive: (module: string) => boolean,
): number {
  // A symbol that is there for GPL modules only is not there for others.
  if (symbol.gplOnly && (report.taint & TAINT_PROPRIETARY_MODULE) !== 0) return ENOENT;
  if (!checkVersion(report, ko, symbol)) return EINVAL;
  if (!checkNamespace(report, ko, symbol)) return EINVAL;
  return symbol.owner === "" || isLive(symbol.owner) ? 0 : EBUSY;
}

/** verify_namespace_is_imported() */
function checkNamespace(
  report: LoadReport,
  ko: KoFile,
  { name, namespace }: KernelSymbol,
): boolean {
  if (namespace === undefined || modinfoValues(ko, "import_ns").includes(namespace)) return true;
  const what = `module uses symbol (${name}) from namespace ${namespace}, but does not import it.`;
  report.errors.push(`${report.name}: ${what}`);
  return false;
}

function checkVersion(report: LoadReport, ko: KoFile, symbol: KernelSymbol): boolean {
  if (!report.hasModversions) return true;
  if (report.ignoreVersions) {
    forced(report, symbol.name);
    return true;
  }
  const version = ko.versions.find(({ name }) => name === symbol.name);
  if (version?.crc === symbol.crc) return true;
  const what =
    version === undefined ? "no symbol version for" : "disagrees about version of symbol";
  report.errors.push(`${report.name}: ${what} ${symbol.name}`);
  return false;
}
