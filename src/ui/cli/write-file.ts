/**
 * Writes a file or a folder whole or not at all: under another name beside it, then rename(2). What is
 * there and no regular file (a device, a pipe) is written to and stays; a link leads to its file.
 */
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "./exit-code.ts";

export function writeFileWhole(file: string, text: string): void {
  const old = statSync(file, { throwIfNoEntry: false });
  if (old === undefined) writeWhole(file, (temporary) => writeFileSync(temporary, text));
  else if (old.isFile())
    writeWhole(realpathSync(file), (temporary) =>
      writeFileSync(temporary, text, { mode: old.mode }),
    );
  else reporting(file, () => writeFileSync(file, text));
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
  reporting(path, () => {
    try {
      write(temporary);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true, recursive: true });
      throw error;
    }
  });
}

function reporting(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "error";
    throw usageError("QS1104", `cannot write ${path}: ${reason}`);
  }
}
