/**
 * Writes a file or a folder whole or not at all: under another name beside it, then rename(2).
 */
import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "./exit-code.ts";

export function writeFileWhole(file: string, text: string): void {
  writeWhole(file, (temporary) => {
    const mode = existingMode(file);
    writeFileSync(temporary, text, mode === undefined ? {} : { mode });
  });
}

/** A new folder with these files in it. */
export function writeFolderWhole(folder: string, files: Readonly<Record<string, string>>): void {
  writeWhole(folder, (temporary) => {
    mkdirSync(temporary);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(temporary, name), text);
  });
}

function writeWhole(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true, recursive: true });
    const reason = (error as NodeJS.ErrnoException).code ?? "error";
    throw usageError("QS1104", `cannot write ${path}: ${reason}`);
  }
}

function existingMode(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mode;
}
