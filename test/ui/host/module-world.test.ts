import { afterAll, beforeAll, expect, test } from "vitest";
import { openShell } from "../../support/session-clients.ts";

const LIBRARY = `import { printk } from "linux/kernel";
import { EXPORT_SYMBOL_GPL, MODULE_ALIAS, MODULE_LICENSE, MODULE_PARM_DESC, MODULE_VERSION, module_param } from "linux/module";
import { bool, cstring, int, ptr, char, NULL } from "linux/types";
let level: int = 3;
let loud: bool = false;
let word: ptr<char> = NULL;
let hidden: int = 0;
export function note(n: int): int {
  if (loud) printk("library: %d\\n", n);
  return n * level;
}
EXPORT_SYMBOL_GPL(note);
module_param(level, "int", 0o644);
MODULE_PARM_DESC(level, "what a note is multiplied with");
MODULE_ALIAS("notebook");
module_param(loud, "bool", 0o444);
module_param(word, "charp", 0o644);
module_param(hidden, "int", 0);
MODULE_LICENSE("GPL");
MODULE_VERSION("1.2");
`;

const USER = `import { printk } from "linux/kernel";
import { MODULE_LICENSE, module_exit, module_init } from "linux/module";
import { int } from "linux/types";
declare function note(n: int): int;
function user_init(): int {
  printk("user: %d\\n", note(7));
  return 0;
}
function user_exit(): void {}
module_init(user_init);
module_exit(user_exit);
MODULE_LICENSE("GPL");
`;

let shell: Awaited<ReturnType<typeof openShell>>;
const run = (command: string): Promise<string> => shell.run(command);

beforeAll(async () => {
  shell = await openShell({
    "/root/m/Makefile": "obj-m += library.o user.o\n",
    "/root/m/library.ts": LIBRARY,
    "/root/m/user.ts": USER,
  });
  await run("cd m; make; make modules_install");
});
afterAll(() => shell.end());

test("modprobe loads what a module needs before it, and -r takes both away again", async () => {
  expect(await run("modinfo -F depends user.ko; cat /lib/modules/*/modules.dep")).toBe(
    "library\nextra/library.ko:\nextra/user.ko: extra/library.ko\n",
  );
  expect(await run("insmod user.ko; dmesg -t | tail -n 1")).toBe(
    "insmod: ERROR: could not insert module user.ko: Unknown symbol in module\n" +
      "user: Unknown symbol note (err -2)\n",
  );
  expect(await run("modprobe user; dmesg -t | tail -n 1; lsmod")).toBe(
    "user: 21\nModule                  Size  Used by\nuser                    4096  0\nlibrary                 4096  1 user\n",
  );
  expect(await run("rmmod library; ls /sys/module/library/holders")).toBe(
    "rmmod: ERROR: Module library is in use by: user\nuser\n",
  );
  expect(await run("modprobe -r user; lsmod | wc -l; modprobe nobody")).toBe(
    "1\nmodprobe: FATAL: Module nobody not found in directory /lib/modules/2.6.32-quicksand\n",
  );
});

test("a shipped tracer of two sources is built by its Makefile, again by dkms, and loads", async () => {
  const conf = 'PACKAGE_NAME="tf"\nPACKAGE_VERSION="1"\nBUILT_MODULE_NAME[0]="taskfinder"\n';
  const vendor = await openShell({ "/usr/src/tf-1/dkms.conf": conf }, "vendor/2.6.32-19.el6");
  expect(await vendor.run("cd taskfinder; make")).toBe(
    "  CC [M]  script.o\n  CC [M]  runtime.o\n  LD [M]  taskfinder.o\n  LD [M]  taskfinder.ko\n",
  );
  await vendor.run("insmod taskfinder.ko; sh -c 'true; /bin/true'; rmmod taskfinder");
  expect(await vendor.run("dmesg -t | tail -n 1")).toBe("taskfinder: 3 tasks were born, 3 died\n");
  await vendor.run(
    "cp Makefile script.ts runtime.ts /usr/src/tf-1; dkms add tf/1; dkms build tf/1",
  );
  expect(await vendor.run("dkms status")).toMatch(/^tf\/1, 2\.6\.32-19\.el6\S*, riscv64: built\n$/);
  await vendor.end();
});

test("parameters are files that their permissions let one read and write; bad values are refused", async () => {
  await run("modprobe library level=5 word=hello");
  const folder = "cd /sys/module/library/parameters";
  expect(await run(`${folder}; ls; cat level loud word`)).toBe("level  loud  word\n5\nN\nhello\n");
  expect(await run("echo 8 > level; echo nine > level; cat level")).toMatch(/8\n$/);
  expect(
    await run("ls -l | cut -c1-10 2>/dev/null; cat ../refcnt ../initstate ../version"),
  ).toMatch(/0\nlive\n1\.2\n$/);
  await run("cd /root/m; modprobe -r library");
  expect(await run("modprobe library level=nine; dmesg -t | tail -n 1")).toBe(
    "modprobe: ERROR: could not insert 'library': Invalid argument\n" +
      "library: `nine' invalid for parameter `level'\n",
  );
});

test("modinfo tells what the file says, signature included, by name too", async () => {
  const keys = "/var/lib/dkms/mok.key /var/lib/dkms/mok.pub";
  await run(`sign-file sha256 ${keys} library.ko && make modules_install`);
  const told = await run("modinfo library");
  expect(told).toMatch(/^filename: {7}\/lib\/modules\/2\.6\.32-quicksand\/extra\/library\.ko\n/);
  expect(told).toMatch(/^srcversion: {5}[0-9A-F]{24}$/m);
  expect(told).toMatch(/^alias: {10}notebook$/m);
  expect(told).toMatch(/^parm: {11}level:what a note is multiplied with \(int\)$/m);
  expect(told).toMatch(/^parm: {11}loud:bool$/m);
  expect(told).toMatch(/^signer: {9}Machine owner key$/m);
  expect(await run("modinfo -F signer user; modinfo nobody")).toBe(
    "modinfo: ERROR: Module nobody not found.\n",
  );
});

test("a module that is built before the one whose symbols it uses is told so", async () => {
  expect(await run("rm Module.symvers; make user 2>&1 | head -n 2")).toContain(
    'error: ERROR: modpost: "note" [user.ko] undefined!',
  );
});

test("dkms builds a module again when another release is booted", async () => {
  const conf =
    "PACKAGE_NAME=user\nPACKAGE_VERSION=1\nBUILT_MODULE_NAME[0]=library\nAUTOINSTALL=yes\n";
  const rebuilt = await openShell({
    "/usr/src/user-1/dkms.conf": conf,
    "/usr/src/user-1/library.ts": LIBRARY,
    "/etc/rc.local": "dkms autoinstall > /var/log/dkms; modprobe library\n",
  });
  await rebuilt.run("mkdir /var/log; dkms add user/1; dkms autoinstall; reboot 3.15");
  expect(
    await rebuilt.run("uname -r; lsmod | tail -n 1; dkms status; modinfo -F vermagic library"),
  ).toMatch(
    /^3\.15-quicksand\nlibrary .*\n(user\/1, \S+, riscv64: installed\n){2}3\.15-quicksand /,
  );
  await rebuilt.end();
});
