import { afterAll, expect, test } from "vitest";
import type { ExtraFiles } from "../../../src/ui/host/client.ts";
import { openShell } from "../../support/session-clients.ts";

const grub = (line: string): ExtraFiles => ({
  "/etc/default/grub": `GRUB_CMDLINE_LINUX="${line}"\n`,
});

let end: () => Promise<unknown> = async () => {};
afterAll(() => end());

test("who enforces signatures loads what the machine's owner has signed, until the next boot's policy", async () => {
  const shell = await openShell(grub("module.sig_enforce=1"));
  end = shell.end;
  const { run } = shell;
  expect(await run("cat /proc/cmdline; cut -c1-8 /proc/keys 2>/dev/null; cd openwatch")).toBe(
    "module.sig_enforce=1\n",
  );
  await run("make > /tmp/log");
  expect(await run("insmod openwatch.ko")).toBe(
    "insmod: ERROR: could not insert module openwatch.ko: Key was rejected by service\n",
  );
  expect(await run("dmesg -t | tail -n 1")).toBe("Loading of unsigned module is rejected\n");
  const keys = "/var/lib/dkms/mok.key /var/lib/dkms/mok.pub";
  expect(await run(`sign-file sha256 ${keys} openwatch.ko && insmod openwatch.ko`)).toBe("");
  expect(await run("cat /proc/sys/kernel/tainted; rmmod openwatch")).toBe("4096\n");
  await run("echo 'GRUB_CMDLINE_LINUX=\"lockdown=integrity\"' > /etc/default/grub; reboot");
  await run("echo none > /sys/kernel/security/lockdown");
  expect(await run("cat /sys/kernel/security/lockdown")).toBe("none [integrity] confidentiality\n");
});

test("a word that the kernel does not know goes to init, with a line in the log", async () => {
  const shell = await openShell(grub("single mood=good lockdown=strict"));
  expect(await shell.run("dmesg -t | grep Malformed; dmesg -t | grep Unknown")).toBe(
    "Malformed early option 'lockdown'\n" +
      'Unknown kernel command line parameters "single mood=good", will be passed to user space.\n',
  );
  await shell.end();
});

test("sign-file says what it cannot use", async () => {
  const { run, end: close } = await openShell({ "/root/m.ko": "x", "/root/no.key": "x" });
  const pub = "/var/lib/dkms/mok.pub";
  expect(await run(`sign-file sha256 no.key ${pub} m.ko`)).toBe(
    "sign-file: no.key: the key is no RSA key in PEM\n",
  );
  expect(await run("sign-file sha256 /var/lib/dkms/mok.key no.key m.ko")).toBe(
    "sign-file: /var/lib/dkms/mok.key: the certificate cannot be read\n",
  );
  expect(await run(`sign-file sha1 /var/lib/dkms/mok.key ${pub} m.ko`)).toBe(
    "sign-file: sha1: unknown digest\n",
  );
  await close();
});
