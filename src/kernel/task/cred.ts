/**
 * Identity and privilege of a task: user and group ids in their four kinds, supplementary groups,
 * capability sets, and what a change of ids does to capabilities.
 *
 * Source: credentials(7), capabilities(7); kernel/cred.c and security/commoncap.c of 6.1
 * (cap_task_fix_setuid, cap_bprm_creds_from_file). Left out: user namespaces, file capabilities,
 * securebits other than KEEP_CAPS.
 */
import { CAP_LAST_CAP } from "../abi/capability.ts";
import type { Credentials } from "../fs/permission.ts";

export interface Cred extends Credentials {
  readonly uid: number;
  readonly euid: number;
  readonly suid: number;
  readonly gid: number;
  readonly egid: number;
  readonly sgid: number;
  readonly capPermitted: bigint;
  readonly capInheritable: bigint;
  readonly capBounding: bigint;
  readonly capAmbient: bigint;
  /** SECBIT_KEEP_CAPS: a change to another user keeps the permitted set. */
  readonly keepCaps: boolean;
}

export const ALL_CAPABILITIES: bigint = (1n << BigInt(CAP_LAST_CAP + 1)) - 1n;

/** Capabilities that follow the file-system user id: CAP_FS_SET. */
const FS_CAPABILITIES: bigint = [0, 1, 2, 3, 4, 9, 27, 32].reduce(
  (set, cap) => set | (1n << BigInt(cap)),
  0n,
);

/** Whom the machine begins as. */
export const ROOT_CRED: Cred = {
  uid: 0,
  euid: 0,
  suid: 0,
  fsuid: 0,
  gid: 0,
  egid: 0,
  sgid: 0,
  fsgid: 0,
  groups: [],
  capEffective: ALL_CAPABILITIES,
  capPermitted: ALL_CAPABILITIES,
  capInheritable: 0n,
  capBounding: ALL_CAPABILITIES,
  capAmbient: 0n,
  keepCaps: false,
};

/** capable(). */
export const isCapable = (cred: Pick<Credentials, "capEffective">, cap: number): boolean =>
  (cred.capEffective & (1n << BigInt(cap))) !== 0n;

/** The three user ids after a set*uid call; undefined leaves one as it is. */
export interface UserIds {
  readonly uid?: number | undefined;
  readonly euid?: number | undefined;
  readonly suid?: number | undefined;
}

/** New user ids, with what follows from them: the file-system id, and privileges lost or found. */
export function withUserIds(old: Cred, ids: UserIds): Cred {
  const uid = ids.uid ?? old.uid;
  const euid = ids.euid ?? old.euid;
  const suid = ids.suid ?? old.suid;
  const next = { ...old, uid, euid, suid, fsuid: euid };
  const wasRoot = old.uid === 0 || old.euid === 0 || old.suid === 0;
  const isRoot = uid === 0 || euid === 0 || suid === 0;
  if (wasRoot && !isRoot) {
    if (!old.keepCaps) Object.assign(next, { capPermitted: 0n, capEffective: 0n });
    next.capAmbient = 0n;
  }
  if (old.euid === 0 && euid !== 0) next.capEffective = 0n;
  if (old.euid !== 0 && euid === 0) next.capEffective = next.capPermitted;
  return next;
}

/** setfsuid(2): the capabilities about files go and come with it. */
export function withFsUser(old: Cred, fsuid: number): Cred {
  let { capEffective } = old;
  if (old.fsuid === 0 && fsuid !== 0) capEffective &= ~FS_CAPABILITIES;
  if (old.fsuid !== 0 && fsuid === 0) capEffective |= old.capPermitted & FS_CAPABILITIES;
  return { ...old, fsuid, capEffective };
}

/** What a new program image begins with: root has all that is not bounded, others what is ambient. */
export function credAfterExec(old: Cred): Cred {
  const isRoot = old.uid === 0 || old.euid === 0;
  const capPermitted = isRoot ? old.capInheritable | old.capBounding : old.capAmbient;
  const capEffective = isRoot && old.euid !== 0 ? old.capAmbient : capPermitted;
  return {
    ...old,
    suid: old.euid,
    fsuid: old.euid,
    sgid: old.egid,
    fsgid: old.egid,
    capPermitted,
    capEffective,
    keepCaps: false,
  };
}
