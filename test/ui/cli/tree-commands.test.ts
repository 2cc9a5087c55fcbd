/** A kernel of one's own: the README's section as it stands there, and what can go wrong. */
import { readFileSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

const README = readFileSync("README.md", "utf8");
const SECTION = /## A kernel of your own\n([\s\S]*?)\n## /.exec(README)?.[1] ?? "";
const COMMANDS = [...SECTION.matchAll(/^npm start -- (.*?) +#/gm)].map(([, line]) =>
  (line ?? "").split(" "),
);
/** What stands between backquotes outside of code blocks. */
const SAID = [...SECTION.replace(/```[\s\S]*?```/g, "").matchAll(/`([^`]+)`/g)].map(
  ([, code]) => code ?? "",
);

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.clear());

test("check out, edit, build, and see who breaks: the README's way", () => {
  const [checkout, build, matrix, why, shell] = COMMANDS as string[][];
  const [header = "", before = "", field = ""] = SAID;
  expect(COMMANDS).toHaveLength(5);

  expect(desk.run(...(checkout ?? []))).toMatchObject({ status: 0, err: "" });
  desk.edit(header, before, `${field}\n${before}`);
  expect(desk.run(...(build ?? []))).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^2\.6\.32-quicksand\+: \d+ objects.*it boots\n$/),
  });

  const { status, out } = desk.run(...(matrix ?? []));
  expect(status).toBe(0);
  expect(out).toMatch(/^strace +installed +\. \.$/m);
  expect(out).toMatch(/^systrace +installed +\. \.$/m);
  expect(out).toMatch(/^openwatch +rebuilt +\. \.$/m);
  expect(out).toContain(
    "\nopenwatch, prebuilt: works -> load refused\n" +
      "    openwatch: disagrees about version of symbol get_current\n",
  );
  expect(out).toContain("\nvercheck, prebuilt: works -> reports wrong data\n");
  expect(out).toContain("\nvgpu, forced: works -> oops\n");

  expect(desk.run(...(why ?? [])).out).toContain("vgpu, forced, on 2.6.32-quicksand+: oops");
  const session = desk.type("uname -r; insmod -f /root/vgpu/vgpu.ko\n", ...(shell ?? []));
  expect(session.out).toContain("2.6.32-quicksand+\n");
}, 60_000);

test("a cache that cannot be written is told of", () => {
  const other = new Desk("/dev/null");
  other.run("tree", "checkout", "v2.6.32", "own");
  const { status, err } = other.run("tree", "build", "own");
  const why = other.run("why", "firstreport", "2.6.32-44.el6");
  other.clear();
  expect(err).toContain("QS1104: cannot write /dev/null/quicksand/images: ENOTDIR");
  expect([status, why.status]).toEqual([2, 2]);
});

test("diff --tree tells what an edit breaks, and writes a witness that runs on the tree", () => {
  desk.run("tree", "checkout", "v5.14", "edited");
  desk.edit("edited/include/linux/sched.ts", "  stack: voidp;", "  mood: int;\n  stack: voidp;");
  const { out } = desk.run("diff", "v5.14", "--tree", "edited");
  expect(out).toMatch(/^5\.14-quicksand to 5\.14-quicksand\+: 0 build-breaking, \d+ load-breaking/);
  expect(out).toMatch(/silent {2}field-added task_struct\.mood: -> int at 4\n/);
  expect(out).toMatch(/^ *1 {2}load {4}symbol-crc /m);
  const written = desk.run("diff", "v5.14", "--tree", "edited", "--witness", "1", "-o", "w-tree");
  expect(written.status).toBe(0);
  expect(desk.run("run", "--tracer", "w-tree", "--tree", "edited").out).toContain("load refused");
});

test.each(["/proc/quicksand", "a-file", "a-file/tree"])(
  "a tree that cannot be written to %s is told of",
  (dir) => {
    desk.write("a-file", "x\n");
    const { status, err } = desk.run("tree", "checkout", "v2.6.32", dir);
    expect(err).toMatch(/: QS2412: the tree cannot be written there: E[A-Z]+\n$/);
    expect(status).toBe(2);
  },
);

test("a tree has options, or is none", () => {
  desk.run("tree", "checkout", "v2.6.32", "bare");
  rmSync(desk.path("bare/config"));
  const { status, err } = desk.run("tree", "build", "bare");
  expect(err).toBe("bare/config: QS2412: is not there: a tree's options are in it\n");
  expect(status).toBe(2);
});

describe("a tree of one's own", () => {
  beforeAll(() => {
    desk.run("tree", "checkout", "v2.6.32", "own");
  });

  test("is the release while nothing is changed", () => {
    desk.run("tree", "checkout", "v2.6.32", "same");
    const { out } = desk.run("matrix", "--tracer", "vgpu", "--tree", "same");
    expect(out).toMatch(/^vgpu +prebuilt +\. \.\n +forced +\. \.$/m);
    expect(out).toContain("nobody notices the difference\n");
  });

  test("takes a patch, in git's form or diff's", () => {
    desk.write(
      "mine.patch",
      "--- a/include/linux/err.ts\n+++ b/include/linux/err.ts\n@@ -1,1 +1,2 @@\n+// mine\n /**\n",
    );
    const args = ["tree", "checkout", "v2.6.32", "patched", "--patch", "mine.patch"];
    expect(desk.run(...args)).toMatchObject({ status: 0, err: "" });
    expect(desk.read("patched/include/linux/err.ts")).toMatch(/^\/\/ mine\n/);
  });

  test.each([
    [
      "include/linux/sched.ts",
      "pid: pid_t",
      "pid: pidt",
      /sched\.ts:\d+:\d+: TS2552: Cannot find name 'pidt'\. Did you mean 'pid_t'/,
    ],
    [
      "include/linux/sched.ts",
      "  utime: unsigned_long;\n",
      "",
      /bind\/task_struct\.ts.*no field utime/,
    ],
    ["kernel/pid.ts", "export function", "export functoin", /own\/kernel\/pid\.ts:\d+:\d+: TS1/],
    ["bind/pid.ts", "export function", "export functoin", /own\/bind\/pid\.ts:\d+:\d+: TS1/],
    [
      "bind/pid.ts",
      /(export function bind.*\n)/,
      "export function bind() {\n  for (;;) {}\n",
      /own: QS2414: .*did not answer/,
    ],
    ["kernel/printk.ts", /\nEXPORT_SYMBOL\(printk\);/, "\nEXPORT_SYMBOL(printkk);", /printkk/],
  ])("%s: %s made %s is told in words", (file, before, after, message) => {
    const text = desk.read(`own/${file}`);
    desk.edit(`own/${file}`, before, after);
    const { status, err } = desk.run("tree", "build", "own");
    desk.write(`own/${file}`, text);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at |our bug/m);
    expect(status).toBe(2);
  });

  test.each([
    [["tree", "checkout", "v2.6.32", "own"], "own: QS2412: the folder is there, and is not empty"],
    [["tree", "checkout", "v9", "x"], "QS2409: there is no release called `v9`"],
    [["tree", "checkout", "v2.6.32", "x", "--patch", "no"], "no: QS2402: cannot be read"],
    [
      ["tree", "checkout", "v2.6.32", "x", "--patch", "bad.patch"],
      "bad.patch:3:1: QS2407: the hunk for kernel/pid.ts does not apply: line 1 should be `no`",
    ],
    [["tree", "build", "nowhere"], "nowhere: QS2412: is not a tree that was checked out"],
    [["matrix", "--tree", "nowhere"], "nowhere: QS2412"],
    [["shell", "--tree", "own", "--release", "v2.6.32"], "QS1130: --release and --tree"],
    [["run", "--tree", "own"], "QS1130: --tree is for --tracer"],
  ])("%j is refused in words", (args, message) => {
    desk.write("bad.patch", "--- a/kernel/pid.ts\n+++ b/kernel/pid.ts\n@@ -1 +1 @@\n-no\n+yes\n");
    const { status, err } = desk.run(...args);
    expect(err).toContain(message);
    expect(err).not.toMatch(/^\s+at |our bug/m);
    expect(status).toBe(2);
  });
});
