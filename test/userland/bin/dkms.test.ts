import { expect, test } from "vitest";
import { type BuildRequest, type BuildResult, dkmsProgram } from "#userland";
import { readDkmsConf } from "../../../src/userland/bin/dkms-conf.ts";
import { ShellSession } from "../../support/shell-session.ts";

const CONF = 'PACKAGE_NAME="watch"\nPACKAGE_VERSION="1.0"\nAUTOINSTALL="yes"\n';
const PROBLEM = { file: "watch.ts", line: 3, column: 5, message: "no member 'x'" };

function session(result: (request: BuildRequest) => BuildResult, conf = CONF): ShellSession {
  const sign = () => ({ ok: true, text: "signature\n" }) as const;
  return new ShellSession({
    "/sbin/dkms": dkmsProgram({ build: result, sign }),
    "/usr/src/watch-1.0/dkms.conf": conf,
    "/usr/src/watch-1.0/watch.ts": "W",
    "/lib/modules/0.0.0-quicksand/build": { dir: true },
    "/lib/modules/9.9.9/build": { dir: true },
  });
}

const KO: BuildResult = { ok: true, ko: "%quicksand-ko 1\n[.end]\n" };

test("a package is added, built and installed for a kernel, and status says how far it is", () => {
  const shell = session(() => KO);
  expect(shell.run("dkms add watch/1.0; dkms status")).toBe(
    "Creating symlink /var/lib/dkms/watch/1.0/source -> /usr/src/watch-1.0\nwatch/1.0: added\n",
  );
  expect(shell.run("dkms build -m watch -v 1.0; dkms status")).toBe(
    "Building module watch/1.0 for 0.0.0-quicksand\nwatch/1.0, 0.0.0-quicksand, riscv64: built\n",
  );
  expect(
    shell.run("dkms install watch/1.0; dkms status; cat /lib/modules/0.0.0-quicksand/modules.dep"),
  ).toBe(
    "Installing /lib/modules/0.0.0-quicksand/updates/dkms/watch.ko\n" +
      "watch/1.0, 0.0.0-quicksand, riscv64: installed\nupdates/dkms/watch.ko:\n",
  );
  expect(shell.run("dkms add watch/1.0; echo $?")).toBe(
    "Error! DKMS tree already contains: watch/1.0\n3\n",
  );
});

test("autoinstall builds for another kernel what is not there yet, and only that", () => {
  const asked: string[] = [];
  const shell = session(({ release }) => {
    asked.push(release);
    return KO;
  });
  shell.run("dkms add watch/1.0; dkms autoinstall; dkms autoinstall; dkms autoinstall -k 9.9.9");
  expect(asked).toEqual(["0.0.0-quicksand", "9.9.9"]);
});

test("a build that fails says what to read, and the compiler's words are there", () => {
  const shell = session(() => ({ ok: false, diagnostics: [PROBLEM] }));
  expect(shell.run("dkms add watch/1.0 > /dev/null; dkms install watch/1.0; echo $?")).toBe(
    "Building module watch/1.0 for 0.0.0-quicksand\n" +
      "Error! Bad return status for module build on kernel: 0.0.0-quicksand (riscv64): bad exit status: 2\n" +
      "Consult /var/lib/dkms/watch/1.0/0.0.0-quicksand/riscv64/log/make.log for more information.\n10\n",
  );
  expect(shell.run("tail -n 2 /var/lib/dkms/watch/1.0/*/riscv64/log/make.log")).toBe(
    "watch.ts:3:5: error: no member 'x'\nmake: *** [watch.o] Error 1\n",
  );
  expect(shell.run("dkms autoinstall > /dev/null 2>&1; echo $?; dkms status")).toBe(
    "11\nwatch/1.0, 0.0.0-quicksand, riscv64: added\n",
  );
});

test("without headers, source or a sensible dkms.conf it says which", () => {
  const shell = session(() => KO);
  expect(shell.run("dkms build watch/1.0 -k 7.7.7; echo $?")).toMatch(
    /^Error! Your kernel headers for kernel 7\.7\.7 cannot be found at \/lib\/modules\/7\.7\.7\/build\.\n.*\n21\n$/,
  );
  expect(shell.run("dkms add other/2; echo $?")).toMatch(
    /^Error! Could not find module source directory\.\nDirectory: \/usr\/src\/other-2 .*\n2\n$/,
  );
  expect(session(() => KO, `${CONF}COLOUR=red\n`).run("dkms add watch/1.0; echo $?")).toBe(
    "Error! dkms.conf:4: unknown directive 'COLOUR'\n8\n",
  );
});

test("dkms.conf names the package, and its module if that is called otherwise", () => {
  expect(readDkmsConf(`# mine\n${CONF}BUILT_MODULE_NAME[0]=eye\n`)).toEqual({
    name: "watch",
    version: "1.0",
    module: "eye",
    autoinstall: true,
  });
  expect(readDkmsConf("PACKAGE_NAME=x\n")).toBe("dkms.conf: no PACKAGE_VERSION");
});

test("where the machine's owner has a key, what was built is signed with it", () => {
  const shell = session(() => KO);
  shell.run(
    "echo key > /var/lib/dkms/mok.key; mkdir -p /var/lib/dkms; echo key > /var/lib/dkms/mok.key; echo pub > /var/lib/dkms/mok.pub",
  );
  expect(
    shell.run("dkms add watch/1.0 > /dev/null; dkms build watch/1.0; dkms status | wc -l"),
  ).toBe(
    "Building module watch/1.0 for 0.0.0-quicksand\n" +
      "Signing module /var/lib/dkms/watch/1.0/0.0.0-quicksand/riscv64/module/watch.ko\n1\n",
  );
  expect(shell.run("tail -n 1 /var/lib/dkms/watch/1.0/*/riscv64/module/watch.ko")).toBe(
    "signature\n",
  );
});
