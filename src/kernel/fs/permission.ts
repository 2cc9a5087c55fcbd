/**
 * May this caller read, write or search this inode? Owner, group and other bits, and root's way
 * past them.
 *
 * Source: fs/namei.c generic_permission() of Linux 6.1. Effective ids stand for fsuid and fsgid.
 * Left out: supplementary groups, capabilities one by one (root has all), ACLs.
 */
export const MAY_EXEC = 1;
export const MAY_WRITE = 2;
export const MAY_READ = 4;

/** The ids that file access is judged by. */
export interface Credentials {
  readonly uid: number;
  readonly gid: number;
  readonly euid: number;
  readonly egid: number;
}

/** Root's, for the machine itself and for whoever looks from outside. */
export const ROOT_CREDENTIALS: Credentials = { uid: 0, gid: 0, euid: 0, egid: 0 };

interface Guarded {
  readonly kind: string;
  readonly permissions: number;
  readonly uid: number;
  readonly gid: number;
}

export function permission(inode: Guarded, cred: Credentials, mask: number): boolean {
  if (cred.euid === 0) {
    const needsExecBit = (mask & MAY_EXEC) !== 0 && inode.kind !== "dir";
    return !needsExecBit || (inode.permissions & 0o111) !== 0;
  }
  const shift = cred.euid === inode.uid ? 6 : cred.egid === inode.gid ? 3 : 0;
  return ((inode.permissions >> shift) & mask) === mask;
}

/** May the caller change attributes that belong to the owner? inode_owner_or_capable(). */
export function ownerOrRoot(inode: Guarded, cred: Credentials): boolean {
  return cred.euid === 0 || cred.euid === inode.uid;
}
