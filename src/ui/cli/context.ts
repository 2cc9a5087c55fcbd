/**
 * What every command is handed: where things are, where to write, and how to end.
 */
import type { Bug } from "../host/client.ts";
import type { Places } from "./places.ts";
import type { Terminal } from "./terminal.ts";

export interface CliContext {
  readonly places: Places;
  readonly terminal: Terminal;
  /** Sets the exit status; the process ends when nothing is left to do. */
  exit(code: number): void;
  /** Tells the user that this is ours to mend. */
  reportBug(bug: Pick<Bug, "message" | "stack"> & { readonly seed?: number }): void;
}
