import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { TreeEditor } from "../../../scripts/tree-editor.ts";
import { Scratch } from "../../../scripts/tree-scratch.ts";

const TEN = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\n";
const folders: string[] = [];

interface Desk {
  readonly editor: TreeEditor;
  readonly said: readonly string[];
  /** Where a patch is edited, when it is open. */
  readonly dir: (patch: string) => string;
  readonly patch: (name: string) => string;
}

/** A kernel tree of one file, and a series in which nobody has written a patch yet. */
function desk(...patches: string[]): Desk {
  const root = mkdtempSync(join(tmpdir(), "quicksand-editor-"));
  folders.push(root);
  for (const folder of ["base/kernel", "patches", "series"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "base/kernel/a.ts"), TEN);
  const lines = ["tag v1", ...patches, "tag v2", ""];
  writeFileSync(join(root, "series/mainline"), lines.join("\n"));
  const said: string[] = [];
  const dir = (patch: string): string => new Scratch(root, patch).dir;
  folders.push(...patches.slice(0, 1).map((name) => dirname(dir(name))));
  const patch = (name: string): string => readFileSync(join(root, "patches", name), "utf8");
  return { editor: new TreeEditor(root, (line) => said.push(line)), said, dir, patch };
}

const A = "0001-a.patch";
const B = "0002-b.patch";

const write = (dir: string, path: string, text: string): void =>
  writeFileSync(join(dir, path), text);

/** Writes a patch that replaces a line of the one file. */
function replace({ editor, dir }: Desk, patch: string, line: string): void {
  editor.edit(patch.slice(0, 4));
  const path = join(dir(patch), "kernel/a.ts");
  writeFileSync(path, readFileSync(path, "utf8").replace(`${line}\n`, `${line.toUpperCase()}\n`));
  editor.refresh(undefined);
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("the editor of patches", () => {
  test("writes a patch while a later one of the series is not there yet", () => {
    const it = desk(A, B);
    replace(it, A, "three");
    expect(it.patch(A)).toContain("-three\n+THREE");
    expect(existsSync(dirname(it.dir(A)))).toBe(false);
    expect(it.said.slice(1)).toEqual([`wrote ${A}`, `${B} is not written yet`]);
    it.editor.edit("0002");
    write(it.dir(B), "kernel/b.ts", "new\n");
    it.editor.refresh("0002");
    expect(it.patch(B)).toContain("+++ b/kernel/b.ts");
  });

  test("writes a patch behind one that is not there yet", () => {
    const it = desk(A, B);
    replace(it, B, "three");
    expect(it.patch(B)).toContain("-three\n+THREE");
  });

  test("writes the patches behind it anew when they slide", () => {
    const it = desk(A, B);
    replace(it, B, "nine");
    it.editor.edit("0001");
    write(it.dir(A), "kernel/a.ts", `zero\n${TEN}`);
    it.editor.refresh(undefined);
    expect(it.said.slice(-2)).toEqual([`wrote ${A}`, `rebased ${B}`]);
    expect(it.patch(B)).toContain("@@ -7,5 +7,5 @@");
  });

  test("leaves what does not fit any more open, with the place", () => {
    const it = desk(A, B);
    replace(it, B, "three");
    it.editor.edit("0001");
    write(it.dir(A), "kernel/a.ts", TEN.replace("three", "drei"));
    expect(() => it.editor.refresh(undefined)).toThrow(
      /0002-b.patch:\d+:1: QS2407.*\nmend the .rej/s,
    );
    expect(existsSync(join(it.dir(B), "kernel/a.ts.rej"))).toBe(true);
  });

  test("keeps the scratch repositories of two checkouts and of two patches apart", () => {
    const one = desk(A, B);
    const other = desk(A);
    for (const { editor } of [one, other]) editor.edit("0001");
    one.editor.edit("0002");
    write(one.dir(A), "kernel/a.ts", TEN.replace("one", "ONE"));
    write(other.dir(A), "kernel/a.ts", TEN.replace("two", "TWO"));
    expect(() => one.editor.refresh(undefined)).toThrow(`${A}, ${B} are open: say which`);
    expect(() => one.editor.edit("0001")).toThrow(`${A} is open in ${one.dir(A)}`);
    one.editor.refresh("0001");
    other.editor.refresh(undefined);
    expect(one.patch(A)).toContain("+ONE");
    expect(other.patch(A)).toContain("+TWO");
  });

  test("says so when nothing is open, or no series names the patch", () => {
    const { editor } = desk(A);
    expect(() => editor.refresh(undefined)).toThrow("no patch is open");
    expect(() => editor.refresh("0001")).toThrow("no patch 0001 is open");
    expect(() => editor.edit("0009")).toThrow("no series names a patch 0009");
  });
});
