/**
 * Whether this machine takes a module file at all: its signature, lockdown, and modules_disabled.
 *
 * Source: kernel/module/signing.c (module_sig_check), kernel/module/main.c (may_init_module), 6.1.
 */
import { EKEYREJECTED, ENODATA, ENOKEY, ENOPKG, EPERM } from "../abi/errno.ts";
import { MODULE_INIT_IGNORE_MODVERSIONS, MODULE_INIT_IGNORE_VERMAGIC } from "../abi/module.ts";
import { isLockedDown, type MachinePolicy, restrictionText } from "../task/policy.ts";
import { type ModuleKey, takeSignature, verifySignature } from "./signature.ts";

export interface Admission {
  /** The file without its signature. */
  readonly content: Uint8Array;
  /** A trusted key has signed it. */
  readonly isSigned: boolean;
  /** 0, or why it is refused. */
  readonly errno: number;
  /** What the kernel log is told of that. */
  readonly reason: string | undefined;
}

/** These alone can be lived with, where no signature is asked for. */
const TOLERABLE: ReadonlyMap<number, string> = new Map([
  [-ENODATA, "unsigned module"],
  [-ENOPKG, "module with unsupported crypto"],
  [-ENOKEY, "module with unavailable key"],
]);

/** module_sig_check() */
export function admit(
  policy: MachinePolicy,
  keys: readonly ModuleKey[],
  comm: string,
  bytes: Uint8Array,
  flags: number,
): Admission {
  const taken = takeSignature(bytes);
  const { content } = taken;
  const refused = (errno: number, reason?: string): Admission => ({
    content,
    isSigned: false,
    errno,
    reason,
  });
  if (policy.modulesDisabled) return refused(EPERM);
  if (!policy.checksSignatures) return refused(0);
  // A module that is loaded without its versions is no longer the one that was signed.
  const isMangled = (flags & (MODULE_INIT_IGNORE_MODVERSIONS | MODULE_INIT_IGNORE_VERMAGIC)) !== 0;
  const result = isMangled ? -ENODATA : verifySignature(taken, keys);
  if (result === 0) return { content, isSigned: true, errno: 0, reason: undefined };
  const what = TOLERABLE.get(result);
  if (what === undefined) return refused(-result);
  if (policy.enforcesSignatures) return refused(EKEYREJECTED, `Loading of ${what} is rejected`);
  if (!isLockedDown(policy, "integrity")) return refused(0);
  return refused(EPERM, restrictionText(comm, "unsigned module loading"));
}
