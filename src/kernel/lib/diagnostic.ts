/**
 * An author's mistake: something wrong in what a person wrote (or edited), with its place. Lines and
 * columns count from 1. Codes: QS14xx module files, QS15xx module text.
 */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly hint?: string;
}
