import { expect, test } from "vitest";
import { type BuildRequest, type BuildResult, makeProgram } from "#userland";
import { ShellSession } from "../../support/shell-session.ts";

const asked: BuildRequest[] = [];

function session(result: BuildResult, files: Record<string, string>): ShellSession {
  asked.length = 0;
  const make = makeProgram((request) => {
    asked.push(request);
    return result;
  });
  const made = new ShellSession({ "/bin/make": make, ...files });
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
    { name: "a", file: "a.ts", source: "A", release: "0.0.0-quicksand" },
    { name: "b", file: "b.ts", source: "B", release: "0.0.0-quicksand" },
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
