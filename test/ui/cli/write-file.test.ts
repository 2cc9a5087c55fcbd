/** Where commands put what they make. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeFileWhole } from "../../../src/ui/cli/write-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quicksand-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file is replaced, keeps its mode, and leaves nothing beside it", () => {
  const file = join(folder, "out");
  writeFileSync(file, "old", { mode: 0o600 });
  writeFileWhole(file, "new");
  expect(readFileSync(file, "utf8")).toBe("new");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["out"]);
});

test("what a link leads to is written, and the link stays", () => {
  const [file, link] = [join(folder, "file"), join(folder, "link")];
  writeFileSync(file, "old");
  symlinkSync(file, link);
  writeFileWhole(link, "new");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, "utf8")).toBe("new");
});

test("a pipe is written to and stays a pipe, as a device would", () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  // Open for both, so that neither end waits for the other.
  const fd = openSync(pipe, constants.O_RDWR);
  writeFileWhole(pipe, "through it");
  const bytes = Buffer.alloc(64);
  expect(bytes.toString("utf8", 0, readSync(fd, bytes))).toBe("through it");
  closeSync(fd);
  expect(statSync(pipe).isFIFO()).toBe(true);
});

test("a folder that is not there is an error that names the path", () => {
  const file = join(folder, "no", "file");
  expect(() => writeFileWhole(file, "")).toThrow(`cannot write ${file}: ENOENT`);
});
