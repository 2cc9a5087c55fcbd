import { expect, test } from "vitest";
import { type BuildRequest, type BuildResult, makeProgram } from "#userland";
import { ShellSession } from "../../support/shell-session.ts";

const asked: BuildRequest[] = [];
const HEADERS = { dir: true } as const;
const OTHER = { "/lib/modules/2.6.33-quicksand/build": HEADERS };

function session(result: BuildResult, files: Record<string, string>): ShellSession {
  asked.length = 0;
  const make = makeProgram((request) => {
    asked.push(request);
    return result;
  });
  const build = { "/lib/modules/0.0.0-quicksand/build": HEADERS, ...OTHER };
  const made = new ShellSession({ "/bin/make": make, ...build, ...files });
  made.run("cd /src");
  return made;
}

const GOOD: BuildResult = { ok: true, ko: "%quicksand-ko 1\n" };

test("without a Makefile every source is built against the running release", () => {
  const shell = session(GOOD, { "/src/a.ts": "A", "/src/b.ts": "B" });
  expect(shell.run("make; ls")).toBe(
    "  CC [M]  a.o\n  LD [M]  a.ko\n  CC [M]  b.o\n  LD [M]  b.ko\na.ko  a.ts  b.ko  b.ts\n",
  );
  expect(asked).toEqual([
    {
      name: "a",
      sources: [{ file: "a.ts", source: "A" }],
      release: "0.0.0-quicksand",
      symvers: [],
    },
    {
      name: "b",
      sources: [{ file: "b.ts", source: "B" }],
      release: "0.0.0-quicksand",
      symvers: [],
    },
  ]);
});

test("a Makefile's obj-m says what to build, KVER for which release, clean undoes it", () => {
  const shell = session(GOOD, {
    "/src/a.ts": "",
    "/src/b.ts": "",
    "/src/Makefile": "obj-m += b.o\n",
  });
  shell.run("make KVER=2.6.33-quicksand");
  expect(asked.map(({ name, release }) => [name, release])).toEqual([["b", "2.6.33-quicksand"]]);
  expect(shell.run("make clean; ls")).toBe("Makefile  a.ts  b.ts\n");
});

test("a module is linked from the sources that its Makefile names, in that order", () => {
  const shell = session(GOOD, {
    "/src/main.ts": "M",
    "/src/table.ts": "T",
    "/src/Makefile": "obj-m := watch.o\nwatch-y := main.o \\\n  table.o # the rest\n",
  });
  expect(shell.run("make; ls *.ko")).toBe(
    "  CC [M]  main.o\n  CC [M]  table.o\n  LD [M]  watch.o\n  LD [M]  watch.ko\nwatch.ko\n",
  );
  expect(asked[0]).toMatchObject({
    name: "watch",
    sources: [
      { file: "main.ts", source: "M" },
      { file: "table.ts", source: "T" },
    ],
  });
});

test.each([
  ["watch-objs := watch.o b.o", "Circular watch.o <- watch.o dependency.  Stop."],
  ["watch-y := a.o nosuch.o", "No rule to make target 'nosuch.o', needed by 'watch.o'.  Stop."],
  ["watch-y :=", "watch.o has no objects.  Stop."],
])("a rule that cannot be followed is refused: %s", (rule, message) => {
  const shell = session(GOOD, { "/src/a.ts": "", "/src/Makefile": `obj-m := watch.o\n${rule}\n` });
  expect(shell.run("make; echo $?")).toBe(`make: *** ${message}\n2\n`);
});

test("compiler messages look like gcc's and leave no .ko behind", () => {
  const problem = { file: "a.ts", line: 3, column: 5, message: "no member 'x'", hint: "try 'y'" };
  const shell = session({ ok: false, diagnostics: [problem] }, { "/src/a.ts": "" });
  expect(shell.run("make; echo $?; ls")).toBe(
    "  CC [M]  a.o\na.ts:3:5: error: no member 'x'\na.ts:3:5: note: try 'y'\nmake: *** [a.o] Error 1\n2\na.ts\n",
  );
});

test("an empty folder has no targets", () => {
  const shell = session(GOOD, { "/src/README": "" });
  expect(shell.run("make")).toBe("make: *** No targets specified and no makefile found.  Stop.\n");
});

test("feature tests are told one by one, with what they cost", () => {
  const features = [
    { name: "HAVE_A", holds: true, reason: "" },
    { name: "HAVE_B", holds: false, reason: "'b' is not exported" },
  ];
  const shell = session({ ...GOOD, features }, { "/src/a.ts": "A" });
  expect(shell.run("make")).toBe(
    "checking HAVE_A... yes\nchecking HAVE_B... no ('b' is not exported)\n" +
      "a: 2 feature tests, 1 hold, 3 compilations\n  CC [M]  a.o\n  LD [M]  a.ko\n",
  );
});

test("without the headers of a release nothing is built for it, and make says so", () => {
  const shell = session(GOOD, { "/src/a.ts": "A" });
  expect(shell.run("make KVER=9.9.9; echo $?; ls")).toBe(
    "make[1]: *** /lib/modules/9.9.9/build: No such file or directory.  Stop.\n" +
      "make: kbuild and the headers of 9.9.9 are not installed\n2\na.ts\n",
  );
});

test("a module is built with what the modules before it export, and those of other folders", () => {
  const exporting =
    "%quicksand-ko 1\n[.export]\ngpl 0x00000007 helper\nall 0x00000008 plain NS\n[.end]\n";
  const other = "0x00000009\tfar\tdistant\tEXPORT_SYMBOL\t\n";
  const shell = session(
    { ok: true, ko: exporting },
    {
      "/src/Makefile": "obj-m += a-lib.o b.o\n",
      "/src/a-lib.ts": "",
      "/src/b.ts": "",
      "/o": other,
    },
  );
  shell.run("make KBUILD_EXTRA_SYMBOLS=/o");
  const far = { name: "far", crc: 9, gplOnly: false, module: "distant" };
  expect(asked.map(({ symvers }) => symvers)).toEqual([
    [far],
    [
      far,
      { name: "helper", crc: 7, gplOnly: true, module: "a_lib" },
      { name: "plain", crc: 8, gplOnly: false, module: "a_lib", namespace: "NS" },
    ],
  ]);
  expect(shell.run("head -n 1 Module.symvers")).toBe(
    "0x00000007\thelper\ta_lib\tEXPORT_SYMBOL_GPL\t\n",
  );
});
