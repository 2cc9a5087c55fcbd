/**
 * What a machine says of its policy, and where root can tighten it: /proc/cmdline, /proc/keys, the
 * sysctls of panics and modules, /sys/kernel/security/lockdown.
 *
 * Source: proc(5), Documentation/admin-guide/sysctl/kernel.rst, security/lockdown/lockdown.c of 6.1.
 * Left out: /proc/keys' permissions and time-outs.
 */

import { CAP_SYS_ADMIN } from "../abi/capability.ts";
import { EPERM } from "../abi/errno.ts";
import type { RootTree } from "../fs/root-tree.ts";
import { decodeUtf8 } from "../lib/text.ts";
import { keyId, type ModuleKey } from "../module/signature.ts";
import type { CommandLine } from "../task/command-line.ts";
import { isCapable } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import { lockdownText, writeFlag, writeLockdown } from "../task/policy.ts";
import type { ProcFile, ProcFiles } from "./proc.ts";
import type { DiskState } from "./root-state.ts";

/** Where a distribution keeps what its boot loader hands to the kernel. */
const GRUB_FILE = "/etc/default/grub";

/** That file, with these words in it. */
export const bootLoaderFile = (words: string): RootTree => ({
  [GRUB_FILE]: `GRUB_CMDLINE_LINUX="${words}"\n`,
});

/** The boot loader's part of the command line: GRUB_CMDLINE_LINUX="..." of the disk. */
export function bootLoaderLine(root: RootTree, disk: DiskState): string {
  const content = root[GRUB_FILE] ?? disk.find(({ path }) => path === GRUB_FILE)?.content;
  const text = content instanceof Uint8Array ? decodeUtf8(content) : content;
  if (typeof text !== "string") return "";
  return /^GRUB_CMDLINE_LINUX="?([^"\n]*)"?$/m.exec(text)?.[1] ?? "";
}

/** What the kernel says first of its command line, and of the policy that it was booted with. */
export function announcePolicy(
  k: Kernel,
  commandLine: string,
  { complaints, settings }: CommandLine,
): void {
  if (commandLine !== "") k.printk(5, `Kernel command line: ${commandLine}`);
  for (const [level, text] of complaints) k.printk(level, text);
  if (k.security.lockdown === "none") return;
  const by = settings.has("lockdown") ? "command line" : "Kernel configuration";
  k.printk(5, `Kernel is locked down from ${by}; see man kernel_lockdown.7`);
}

const flag = (k: Kernel, name: "modulesDisabled" | "panicOnOops" | "panicOnWarn"): ProcFile => ({
  text: () => `${Number(k.security[name])}\n`,
  write: (text) =>
    k.current !== undefined && !isCapable(k.current.cred, CAP_SYS_ADMIN)
      ? -EPERM
      : writeFlag(k.security, name, text),
});

const keyLine = (key: ModuleKey, index: number): string => {
  const serial = (index + 1).toString(16).padStart(8, "0");
  return `${serial} I------     1 perm 1f030000     0     0 asymmetri ${key.name}: ${keyId(key)}: X509.rsa []\n`;
};

export function policyFiles(k: Kernel, commandLine: string, keys: readonly ModuleKey[]): ProcFiles {
  return {
    cmdline: { text: () => `${commandLine}\n` },
    keys: { text: () => keys.map(keyLine).join("") },
    "sys/kernel/modules_disabled": flag(k, "modulesDisabled"),
    "sys/kernel/panic_on_oops": flag(k, "panicOnOops"),
    "sys/kernel/panic_on_warn": flag(k, "panicOnWarn"),
  };
}

export function installLockdownFile(k: Kernel): void {
  const write = (text: string): number => {
    const result = writeLockdown(k.security, text);
    if (result === 0)
      k.printk(5, "Kernel is locked down from securityfs; see man kernel_lockdown.7");
    return result;
  };
  const file = k.vfs.makeGeneratedFile(
    () => lockdownText(k.security),
    { permissions: 0o644 },
    write,
  );
  k.vfs.place("/sys/kernel/security/lockdown", file);
}
