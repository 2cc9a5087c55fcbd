/**
 * Who a process is and what it may: user and group ids, supplementary groups, capability sets.
 *
 * Source: credentials(7), setresuid(2), setfsuid(2), getgroups(2), capget(2); kernel/sys.c,
 * kernel/groups.c, kernel/capability.c of Linux 6.1. Left out: user namespaces, RLIMIT_NPROC.
 */
import {
  _LINUX_CAPABILITY_VERSION_1,
  _LINUX_CAPABILITY_VERSION_2,
  _LINUX_CAPABILITY_VERSION_3,
  CAP_DATA_LAYOUT,
  CAP_HEADER_LAYOUT,
  CAP_SETGID,
  CAP_SETPCAP,
  CAP_SETUID,
} from "../abi/capability.ts";
import { EFAULT, EINVAL, EPERM, ESRCH } from "../abi/errno.ts";
import { decodeStruct, encodeStruct } from "../abi/struct.ts";
import { GROUPS_MAX } from "../lib/limits.ts";
import { ALL_CAPABILITIES, type Cred, isCapable, withFsUser, withUserIds } from "../task/cred.ts";
import type { Kernel } from "../task/kernel.ts";
import type { Task } from "../task/task.ts";
import { readView, writeView } from "../task/user-data.ts";
import { type Row, row } from "./rows.ts";

/** An id argument: -1, "leave it", is undefined. */
const idOf = (raw: number): number | undefined => ((raw | 0) === -1 ? undefined : raw >>> 0);

/** commit_creds(): whoever changes who it is cannot be looked into any more. */
function commit(t: Task, next: Cred): number {
  const { cred } = t;
  const isOther =
    next.euid !== cred.euid ||
    next.egid !== cred.egid ||
    next.fsuid !== cred.fsuid ||
    next.fsgid !== cred.fsgid ||
    (next.capPermitted & ~cred.capPermitted) !== 0n;
  if (isOther) {
    t.group.dumpable = 0;
    t.parentDeathSignal = 0;
  }
  t.cred = next;
  return 0;
}

function setuid(t: Task, raw: number): number {
  const uid = idOf(raw);
  const { cred } = t;
  if (uid === undefined) return -EINVAL;
  if (isCapable(cred, CAP_SETUID))
    return commit(t, withUserIds(cred, { uid, euid: uid, suid: uid }));
  if (uid !== cred.uid && uid !== cred.suid) return -EPERM;
  return commit(t, withUserIds(cred, { euid: uid }));
}

function setreuid(t: Task, rawUid: number, rawEuid: number): number {
  const { cred } = t;
  const [uid, euid] = [idOf(rawUid), idOf(rawEuid)];
  const may = (id: number, ...known: number[]): boolean =>
    known.includes(id) || isCapable(cred, CAP_SETUID);
  if (uid !== undefined && !may(uid, cred.uid, cred.euid)) return -EPERM;
  if (euid !== undefined && !may(euid, cred.uid, cred.euid, cred.suid)) return -EPERM;
  const saves = uid !== undefined || (euid !== undefined && euid !== cred.uid);
  return commit(t, withUserIds(cred, { uid, euid, suid: saves ? (euid ?? cred.euid) : undefined }));
}

function setresuid(t: Task, rawUid: number, rawEuid: number, rawSuid: number): number {
  const { cred } = t;
  const [uid, euid, suid] = [idOf(rawUid), idOf(rawEuid), idOf(rawSuid)];
  const isKnown = (id: number | undefined): boolean =>
    id === undefined || id === cred.uid || id === cred.euid || id === cred.suid;
  if (![uid, euid, suid].every(isKnown) && !isCapable(cred, CAP_SETUID)) return -EPERM;
  return commit(t, withUserIds(cred, { uid, euid, suid }));
}

const withGroupIds = (cred: Cred, gid: number, egid: number, sgid: number): Cred => ({
  ...cred,
  gid,
  egid,
  sgid,
  fsgid: egid,
});

function setgid(t: Task, raw: number): number {
  const gid = idOf(raw);
  const { cred } = t;
  if (gid === undefined) return -EINVAL;
  if (isCapable(cred, CAP_SETGID)) return commit(t, withGroupIds(cred, gid, gid, gid));
  if (gid !== cred.gid && gid !== cred.sgid) return -EPERM;
  return commit(t, withGroupIds(cred, cred.gid, gid, cred.sgid));
}

function setregid(t: Task, rawGid: number, rawEgid: number): number {
  const { cred } = t;
  const [gid, egid] = [idOf(rawGid), idOf(rawEgid)];
  const may = (id: number, ...known: number[]): boolean =>
    known.includes(id) || isCapable(cred, CAP_SETGID);
  if (gid !== undefined && !may(gid, cred.gid, cred.egid)) return -EPERM;
  if (egid !== undefined && !may(egid, cred.gid, cred.egid, cred.sgid)) return -EPERM;
  const saves = gid !== undefined || (egid !== undefined && egid !== cred.gid);
  const effective = egid ?? cred.egid;
  return commit(t, withGroupIds(cred, gid ?? cred.gid, effective, saves ? effective : cred.sgid));
}

function setresgid(t: Task, rawGid: number, rawEgid: number, rawSgid: number): number {
  const { cred } = t;
  const [gid, egid, sgid] = [idOf(rawGid), idOf(rawEgid), idOf(rawSgid)];
  const isKnown = (id: number | undefined): boolean =>
    id === undefined || id === cred.gid || id === cred.egid || id === cred.sgid;
  if (![gid, egid, sgid].every(isKnown) && !isCapable(cred, CAP_SETGID)) return -EPERM;
  return commit(t, withGroupIds(cred, gid ?? cred.gid, egid ?? cred.egid, sgid ?? cred.sgid));
}

/** getresuid(2) and getresgid(2): three words to three places. */
function writeIds(t: Task, addresses: readonly number[], ids: readonly number[]): number {
  for (const [index, address] of addresses.entries()) {
    const id = ids[index] ?? 0;
    if (writeView(t, address, 4, (view) => view.setUint32(0, id, true)) < 0) return -EFAULT;
  }
  return 0;
}

/** setfsuid(2) never fails; it answers the old id, changed or not. */
function setfsuid(t: Task, raw: number): number {
  const { cred } = t;
  const id = idOf(raw);
  if (id === undefined) return cred.fsuid;
  const known = [cred.uid, cred.euid, cred.suid, cred.fsuid].includes(id);
  if (known || isCapable(cred, CAP_SETUID)) commit(t, withFsUser(cred, id));
  return cred.fsuid;
}

function setfsgid(t: Task, raw: number): number {
  const { cred } = t;
  const id = idOf(raw);
  if (id === undefined) return cred.fsgid;
  const known = [cred.gid, cred.egid, cred.sgid, cred.fsgid].includes(id);
  if (known || isCapable(cred, CAP_SETGID)) commit(t, { ...cred, fsgid: id });
  return cred.fsgid;
}

function getgroups(t: Task, size: number, address: number): number {
  const { groups } = t.cred;
  if ((size | 0) < 0) return -EINVAL;
  if ((size | 0) === 0) return groups.length;
  if (groups.length > (size | 0)) return -EINVAL;
  const copied = writeView(t, address, groups.length * 4, (view) => {
    for (const [index, gid] of groups.entries()) view.setUint32(index * 4, gid, true);
  });
  return copied < 0 ? copied : groups.length;
}

function setgroups(t: Task, size: number, address: number): number {
  if (!isCapable(t.cred, CAP_SETGID)) return -EPERM;
  if (size >>> 0 > GROUPS_MAX) return -EINVAL;
  const view = readView(t, address, (size >>> 0) * 4);
  if (typeof view === "number") return view;
  const groups = Array.from({ length: size >>> 0 }, (_, index) => view.getUint32(index * 4, true));
  t.cred = { ...t.cred, groups: groups.sort((a, b) => a - b) };
  return 0;
}

/** cap_validate_magic(): how many data structures the version has; the version we speak is told. */
function capVersion(t: Task, header: number): { pid: number; count: number } | number {
  const view = readView(t, header, CAP_HEADER_LAYOUT.size);
  if (typeof view === "number") return view;
  const { version, pid } = decodeStruct(CAP_HEADER_LAYOUT, view);
  if (version === _LINUX_CAPABILITY_VERSION_1) return { pid, count: 1 };
  if (version === _LINUX_CAPABILITY_VERSION_2 || version === _LINUX_CAPABILITY_VERSION_3)
    return { pid, count: 2 };
  const told = writeView(t, header, 4, (own) =>
    own.setUint32(0, _LINUX_CAPABILITY_VERSION_3, true),
  );
  return told < 0 ? told : -EINVAL;
}

function capget(k: Kernel, t: Task, header: number, data: number): number {
  const version = capVersion(t, header);
  // With no place for data the call only asks for the version.
  if (typeof version === "number") return version === -EINVAL && data === 0 ? 0 : version;
  if (version.pid < 0) return -EINVAL;
  const target = version.pid === 0 ? t : k.tasks.get(version.pid);
  if (target === undefined) return -ESRCH;
  if (data === 0) return 0;
  const { capEffective, capPermitted, capInheritable } = target.cred;
  return writeView(t, data, version.count * CAP_DATA_LAYOUT.size, (view) => {
    for (let half = 0; half < version.count; half++) {
      const part = (set: bigint): number => Number((set >> BigInt(32 * half)) & 0xffffffffn);
      const values = {
        effective: part(capEffective),
        permitted: part(capPermitted),
        inheritable: part(capInheritable),
      };
      encodeStruct(CAP_DATA_LAYOUT, values, view, half * CAP_DATA_LAYOUT.size);
    }
  });
}

function capset(t: Task, header: number, data: number): number {
  const version = capVersion(t, header);
  if (typeof version === "number") return version;
  if (version.pid !== 0 && version.pid !== t.tid) return -EPERM;
  const view = readView(t, data, version.count * CAP_DATA_LAYOUT.size);
  if (typeof view === "number") return view;
  const halves = Array.from({ length: version.count }, (_, half) =>
    decodeStruct(CAP_DATA_LAYOUT, view, half * CAP_DATA_LAYOUT.size),
  );
  const whole = (name: "effective" | "permitted" | "inheritable"): bigint =>
    halves.reduce((set, half, index) => set | (BigInt(half[name]) << BigInt(32 * index)), 0n) &
    ALL_CAPABILITIES;
  return setCapabilities(t, whole("effective"), whole("permitted"), whole("inheritable"));
}

/** cap_capset(). */
function setCapabilities(
  t: Task,
  capEffective: bigint,
  capPermitted: bigint,
  capInheritable: bigint,
): number {
  const { cred } = t;
  const isWithin = (set: bigint, bound: bigint): boolean => (set & ~bound) === 0n;
  const mayRaise = isCapable(cred, CAP_SETPCAP);
  if (!mayRaise && !isWithin(capInheritable, cred.capInheritable | cred.capPermitted))
    return -EPERM;
  if (!isWithin(capInheritable, cred.capInheritable | cred.capBounding)) return -EPERM;
  if (!isWithin(capPermitted, cred.capPermitted)) return -EPERM;
  if (!isWithin(capEffective, capPermitted)) return -EPERM;
  const capAmbient = cred.capAmbient & capPermitted & capInheritable;
  return commit(t, { ...cred, capEffective, capPermitted, capInheritable, capAmbient });
}

export const ROWS_CRED: readonly Row[] = [
  row("getuid", [], (_k, t) => t.cred.uid),
  row("geteuid", [], (_k, t) => t.cred.euid),
  row("getgid", [], (_k, t) => t.cred.gid),
  row("getegid", [], (_k, t) => t.cred.egid),
  row("setuid", ["uid"], (_k, t, uid) => setuid(t, uid)),
  row("setgid", ["uid"], (_k, t, gid) => setgid(t, gid)),
  row("setreuid", ["uid", "uid"], (_k, t, uid, euid) => setreuid(t, uid, euid)),
  row("setregid", ["uid", "uid"], (_k, t, gid, egid) => setregid(t, gid, egid)),
  row("setresuid", ["uid", "uid", "uid"], (_k, t, uid, euid, suid) =>
    setresuid(t, uid, euid, suid),
  ),
  row("setresgid", ["uid", "uid", "uid"], (_k, t, gid, egid, sgid) =>
    setresgid(t, gid, egid, sgid),
  ),
  row("getresuid", ["out:int", "out:int", "out:int"], (_k, t, uid, euid, suid) =>
    writeIds(t, [uid, euid, suid], [t.cred.uid, t.cred.euid, t.cred.suid]),
  ),
  row("getresgid", ["out:int", "out:int", "out:int"], (_k, t, gid, egid, sgid) =>
    writeIds(t, [gid, egid, sgid], [t.cred.gid, t.cred.egid, t.cred.sgid]),
  ),
  row("setfsuid", ["uid"], (_k, t, uid) => setfsuid(t, uid)),
  row("setfsgid", ["uid"], (_k, t, gid) => setfsgid(t, gid)),
  row("getgroups", ["int", "out:gids"], (_k, t, size, list) => getgroups(t, size, list)),
  row("setgroups", ["int", "in:gids"], (_k, t, size, list) => setgroups(t, size, list)),
  row("capget", ["ptr", "ptr"], (k, t, header, data) => capget(k, t, header, data)),
  row("capset", ["ptr", "ptr"], (_k, t, header, data) => capset(t, header, data)),
];
