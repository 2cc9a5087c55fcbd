/**
 * Writes a file whole or not at all: a temporary file beside it, then rename(2).
 */
import { renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { usageError } from "./exit-code.ts";

export function writeFileWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    const mode = existingMode(file);
    writeFileSync(temporary, text, mode === undefined ? {} : { mode });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    const reason = (error as NodeJS.ErrnoException).code ?? "error";
    throw usageError("QS1104", `cannot write ${file}: ${reason}`);
  }
}

function existingMode(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mode;
}
