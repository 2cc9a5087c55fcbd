/**
 * An author's mistake, told so that it can be mended: where it is, what is wrong, what to try. Codes
 * are stable so that they can be searched for: QS10xx scenarios, QS11xx the command line, QS13xx
 * tracer folders, QS14xx and QS15xx `.ko` files (their form, their text), QS20xx to QS23xx module
 * builds, QS24xx the kernel tree and its patches, QS25xx bytecode sources. `TSnnnn` is the TypeScript compiler's own.
 */

export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  /** From 1; 0 when the mistake has no place in the file. */
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}

/** One or two lines: `FILE:LINE:COL: QS1001: message` and the hint. */
export function formatDiagnostic(d: Diagnostic): string {
  const place = d.line > 0 ? `${d.file}:${d.line}:${d.column}` : d.file;
  const head = `${place === "" ? "quicksand" : place}: ${d.code}: ${d.message}`;
  return d.hint === undefined || d.hint === "" ? head : `${head}\n  hint: ${d.hint}`;
}
