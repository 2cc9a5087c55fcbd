/**
 * What can be wrong with the kernel tree's history, numbered. One mistake, one message: the first
 * thing that does not fit ends the work, because everything after it would be noise.
 */

/** A mistake in a patch or series file. Lines count from 1; 0 is the file as a whole. */
export interface TreeDiagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

/** QS2411 is the linker's: see build-image.ts. */
const CODES = {
  badSeries: "QS2401",
  noSuchPatch: "QS2402",
  badPatch: "QS2403",
  missingTrailer: "QS2404",
  missingFile: "QS2405",
  fileExists: "QS2406",
  hunkFails: "QS2407",
  hunkSlid: "QS2408",
  noSuchRelease: "QS2409",
  lockDiffers: "QS2410",
  badFolder: "QS2412",
  badBinding: "QS2413",
  doesNotBoot: "QS2414",
  badTrailer: "QS2415",
  noSuchConfig: "QS2416",
} as const;

export type TreeErrorKind = keyof typeof CODES;

/** An answer, or the one reason why there is none. */
export type TreeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TreeDiagnostic };

export const done = <T>(value: T): TreeResult<T> => ({ ok: true, value });

export function failed(
  kind: TreeErrorKind,
  file: string,
  line: number,
  message: string,
  hint?: string,
): { readonly ok: false; readonly error: TreeDiagnostic } {
  const error = { code: CODES[kind], message, file, line, column: line === 0 ? 0 : 1 };
  return { ok: false, error: hint === undefined ? error : { ...error, hint } };
}
