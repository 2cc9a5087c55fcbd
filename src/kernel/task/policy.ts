/**
 * What this machine allows its own root: said on the kernel's command line or in its configuration, and
 * tightened, never loosened, while it runs.
 *
 * Source: Documentation/admin-guide/kernel-parameters.txt (module.sig_enforce, lockdown, oops=panic,
 * panic_on_warn, sysctl.*), kernel_lockdown(7), security/lockdown/lockdown.c of 6.1. The parameters are
 * understood by every release here, whether or not its Linux had them; `command-line.ts` reads them.
 */
import { EINVAL, EPERM } from "../abi/errno.ts";
import { type CommandLine, toBool } from "./command-line.ts";

/** In rising order. */
export const LOCKDOWN_LEVELS = ["none", "integrity", "confidentiality"] as const;

export type LockdownLevel = (typeof LOCKDOWN_LEVELS)[number];

export interface MachinePolicy {
  /** Signatures are looked at: CONFIG_MODULE_SIG. A module without one taints the kernel. */
  readonly checksSignatures: boolean;
  /** Modules that are not signed by a known key are refused: module.sig_enforce. */
  readonly enforcesSignatures: boolean;
  lockdown: LockdownLevel;
  /** /proc/sys/kernel/modules_disabled: no module comes or goes any more. */
  modulesDisabled: boolean;
  panicOnOops: boolean;
  panicOnWarn: boolean;
}

export const OPEN_POLICY: Readonly<MachinePolicy> = Object.freeze({
  checksSignatures: false,
  enforcesSignatures: false,
  lockdown: "none",
  modulesDisabled: false,
  panicOnOops: false,
  panicOnWarn: false,
});

type Config = Readonly<Record<string, boolean | number | string>>;

/** CONFIG_CMDLINE and what the boot loader adds. */
export const commandLineOf = (config: Config, added: string): string =>
  [config["CONFIG_CMDLINE"], added]
    .filter((part) => typeof part === "string" && part.trim() !== "")
    .join(" ");

export function policyOf(
  config: Config,
  { settings }: Pick<CommandLine, "settings">,
): MachinePolicy {
  const isOn = (name: string): boolean => toBool(settings.get(name) ?? "0") === true;
  const forced = LOCKDOWN_LEVELS.find(
    (level) => config[`CONFIG_LOCK_DOWN_KERNEL_FORCE_${level.toUpperCase()}`] === true,
  );
  const asked = LOCKDOWN_LEVELS.find((level) => level === settings.get("lockdown"));
  const lockdown = stricter(forced ?? "none", asked ?? "none");
  const enforcesSignatures =
    isOn("module.sig_enforce") || config["CONFIG_MODULE_SIG_FORCE"] === true;
  return {
    checksSignatures:
      config["CONFIG_MODULE_SIG"] === true || enforcesSignatures || lockdown !== "none",
    enforcesSignatures,
    lockdown,
    modulesDisabled: isOn("sysctl.kernel.modules_disabled"),
    panicOnOops:
      settings.get("oops") === "panic" ||
      isOn("sysctl.kernel.panic_on_oops") ||
      config["CONFIG_PANIC_ON_OOPS"] === true,
    panicOnWarn:
      Number(settings.get("panic_on_warn") ?? 0) !== 0 || isOn("sysctl.kernel.panic_on_warn"),
  };
}

/** Is a module without a signature refused? */
export const refusesUnsigned = (policy: MachinePolicy): boolean =>
  policy.enforcesSignatures || policy.modulesDisabled || isLockedDown(policy, "integrity");

const levelOf = (level: LockdownLevel): number => LOCKDOWN_LEVELS.indexOf(level);

const stricter = (a: LockdownLevel, b: LockdownLevel): LockdownLevel =>
  levelOf(a) < levelOf(b) ? b : a;

/** Is what needs `level` forbidden? security_locked_down() */
export const isLockedDown = (policy: MachinePolicy, level: LockdownLevel): boolean =>
  levelOf(policy.lockdown) >= levelOf(level);

/** What the kernel log is told of somebody who wanted what is locked down. */
export const restrictionText = (comm: string, what: string): string =>
  `Lockdown: ${comm}: ${what} is restricted; see man kernel_lockdown.7`;

/** /sys/kernel/security/lockdown: all levels, the present one in brackets. */
export const lockdownText = ({ lockdown }: MachinePolicy): string =>
  `${LOCKDOWN_LEVELS.map((level) => (level === lockdown ? `[${level}]` : level)).join(" ")}\n`;

/** A write to it: only a higher level than the present one. */
export function writeLockdown(policy: MachinePolicy, text: string): number {
  const level = LOCKDOWN_LEVELS.find((each) => each === text.trim());
  if (level === undefined) return -EINVAL;
  if (levelOf(level) <= levelOf(policy.lockdown)) return -EPERM;
  policy.lockdown = level;
  return 0;
}

/** A sysctl that is a yes or a no; modules_disabled is never taken back. */
export function writeFlag(
  policy: MachinePolicy,
  flag: "modulesDisabled" | "panicOnOops" | "panicOnWarn",
  text: string,
): number {
  const value = text.trim();
  if (value !== "0" && value !== "1") return -EINVAL;
  if (flag === "modulesDisabled" && value === "0" && policy[flag]) return -EINVAL;
  policy[flag] = value === "1";
  return 0;
}
