/**
 * What the command's exit status says, and the two ways in which a command gives up.
 */
import type { Diagnostic } from "../diagnostic.ts";

export const EXIT = {
  ok: 0,
  /** A check failed: a scenario, a tracer's claim. */
  failed: 1,
  /** The command line or an author's file is wrong. */
  usage: 2,
  /** Our bug. EX_SOFTWARE of sysexits(3). */
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Caught by `main`: printed as diagnostics, exit status 2. */
export class AuthorError extends Error {
  override readonly name: string = "AuthorError";
  readonly diagnostics: readonly Diagnostic[];
  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics[0]?.message ?? "");
    this.diagnostics = diagnostics;
  }
}

/** A mistake on the command line, where there is no file to point into. */
export function usageError(code: string, message: string, hint?: string): AuthorError {
  const place = { code, message, file: "", line: 0, column: 0 };
  return new AuthorError(hint ? { ...place, hint } : place);
}
