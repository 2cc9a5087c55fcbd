/**
 * May this caller read, write or search this inode? Owner, group and other bits, and the capabilities
 * that go past them.
 *
 * Source: fs/namei.c generic_permission(), fs/attr.c and fs/inode.c of Linux 6.1. Left out: ACLs.
 */
import { CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER } from "../abi/capability.ts";

export const MAY_EXEC = 1;
export const MAY_WRITE = 2;
export const MAY_READ = 4;

/** The ids and privileges that file access is judged by. */
export interface Credentials {
  readonly fsuid: number;
  readonly fsgid: number;
  readonly groups: readonly number[];
  readonly capEffective: bigint;
}

/** Root's, for the machine itself and for whoever looks from outside. */
export const ROOT_CREDENTIALS: Credentials = {
  fsuid: 0,
  fsgid: 0,
  groups: [],
  capEffective: ~0n,
};

interface Guarded {
  readonly kind: string;
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
}

const has = (cred: Credentials, cap: number): boolean =>
  (cred.capEffective & (1n << BigInt(cap))) !== 0n;

export const inGroup = (cred: Credentials, gid: number): boolean =>
  cred.fsgid === gid || cred.groups.includes(gid);

export function permission(inode: Guarded, cred: Credentials, mask: number): boolean {
  const shift = cred.fsuid === inode.uid ? 6 : inGroup(cred, inode.gid) ? 3 : 0;
  if (((inode.permissions >> shift) & mask) === mask) return true;
  const isDirectory = inode.kind === "dir";
  const searches = isDirectory && (mask & MAY_WRITE) === 0;
  if ((searches || mask === MAY_READ) && has(cred, CAP_DAC_READ_SEARCH)) return true;
  // Nobody executes a file that nobody may execute.
  const needsExecBit = (mask & MAY_EXEC) !== 0 && !isDirectory;
  if (needsExecBit && (inode.permissions & 0o111) === 0) return false;
  return has(cred, CAP_DAC_OVERRIDE);
}

/** May the caller change attributes that belong to the owner? inode_owner_or_capable(). */
export function ownerOrCapable(inode: Guarded, cred: Credentials): boolean {
  return cred.fsuid === inode.uid || has(cred, CAP_FOWNER);
}
