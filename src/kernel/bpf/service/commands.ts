/**
 * bpf(2): one function a command, reading as refusals and then the act.
 *
 * Source: kernel/bpf/syscall.c, 6.16. Left out: pinning, ids, batches, iterators, statistics, tokens;
 * their numbers are EINVAL, as numbers that a kernel does not know are.
 */
import {
  BPF_COMMANDS,
  BPF_OBJ_NAME_LEN,
  BPF_PERF_EVENT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_RAW_TP,
} from "../../abi/bpf.ts";
import { CAP_BPF, CAP_SYS_ADMIN } from "../../abi/capability.ts";
import { EACCES, EBADF, EINVAL, EMFILE, ENOENT, EPERM } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import { OpenFile } from "../../fs/open-file.ts";
import type { Kpath } from "../../lib/wait.ts";
import { isCapable } from "../../task/cred.ts";
import { isLockedDown } from "../../task/policy.ts";
import type { Task } from "../../task/task.ts";
import { readBtf } from "../btf/read.ts";
import { makeMap } from "../maps/make-map.ts";
import { type Attributes, readAttributes } from "./attributes.ts";
import type { Bpf } from "./bpf.ts";
import { loadProgram } from "./load-program.ts";
import { BtfObject, HOW, type LinkObject, MapObject, PerfEvent, ProgramObject } from "./objects.ts";
import { attachToEvent } from "./perf-event.ts";
import { argumentCount } from "./program-shape.ts";

type Command = (bpf: Bpf, task: Task, a: Attributes) => number | Kpath<number>;

const NAME_MAX_BYTES = 128;
const BTF_SIZE_MAX_BYTES = 16 * 1024 * 1024;

/** What a descriptor stands for. */
export function objectAt(task: Task, fd: number): object | undefined {
  const body = task.files.get(fd)?.inode.body;
  return body?.kind === "anon" ? body.behind : undefined;
}

/** A new descriptor for an object; what it holds is let go of with the last one. */
export function openObject(
  bpf: Bpf,
  task: Task,
  label: string,
  object: object,
  release: () => void,
): number {
  const body = { kind: "anon", label: `anon_inode:${label}`, behind: object } as const;
  const inode = bpf.port.k.vfs.makeSpecial(body, { permissions: 0o600 });
  const file = new OpenFile(inode, O_RDWR, { seekable: false, release });
  const fd = task.files.install(file, true);
  if (fd < 0) file.release();
  return fd < 0 ? -EMFILE : fd;
}

const mapCreate: Command = (bpf, task, a) => {
  const name = a.name(28, BPF_OBJ_NAME_LEN);
  if (!/^[\w.]*$/.test(name)) return -EINVAL;
  const shape = {
    name,
    type: a.u32(0),
    keySize: a.u32(4),
    valueSize: a.u32(8),
    maxEntries: a.u32(12),
  };
  const flags = a.u32(16);
  const map = makeMap(bpf.port.mem, shape, flags);
  if (typeof map === "number") return map;
  const object = bpf.addMap(map, flags);
  return openObject(bpf, task, "bpf-map", object, () => object.put());
};

/** The map and the key of an element command. */
function element(task: Task, a: Attributes): { object: MapObject; key: Uint8Array } | number {
  const object = objectAt(task, a.u32(0));
  if (object === undefined) return -EBADF;
  if (!(object instanceof MapObject)) return -EINVAL;
  const key = a.bytes(a.u64(8), object.map.shape.keySize);
  return typeof key === "number" ? key : { object, key };
}

const lookup: Command = (bpf, task, a) => {
  const found = element(task, a);
  if (typeof found === "number") return found;
  const { map } = found.object;
  const address = map.lookup(found.key);
  if (address === 0) return -ENOENT;
  return a.write(a.u64(16), bpf.port.mem.readBytes(address, map.shape.valueSize));
};

const update: Command = (_, task, a) => {
  const found = element(task, a);
  if (typeof found === "number") return found;
  const { map } = found.object;
  const value = a.bytes(a.u64(16), map.shape.valueSize);
  return typeof value === "number" ? value : map.update(found.key, value, a.u64(24));
};

const remove: Command = (_, task, a) => {
  const found = element(task, a);
  return typeof found === "number" ? found : found.object.map.delete(found.key);
};

const nextKey: Command = (_, task, a) => {
  const object = objectAt(task, a.u32(0));
  if (object === undefined) return -EBADF;
  if (!(object instanceof MapObject)) return -EINVAL;
  const { map } = object;
  const key = a.u64(8) === 0 ? undefined : a.bytes(a.u64(8), map.shape.keySize);
  if (typeof key === "number") return key;
  const next = map.next(key);
  return next === undefined ? -ENOENT : a.write(a.u64(16), next);
};

const progLoad: Command = (bpf, task, a) => {
  const registersSize = bpf.port.layouts["pt_regs"]?.size ?? 0;
  const context = {
    task,
    btf: bpf.btf,
    registersSize,
    isConfidential: isLockedDown(bpf.port.k.security, "confidentiality"),
    objectAt: (fd: number) => objectAt(task, fd),
  };
  const loaded = loadProgram(context, a);
  const { log } = bpf.port.k;
  if ("errno" in loaded) {
    log.emit("bpf-load", loaded.name, loaded.errno, loaded.reason);
    return -loaded.errno;
  }
  log.emit("bpf-load", loaded.name, 0, "");
  const program = bpf.addProgram(loaded);
  return openObject(bpf, task, "bpf-prog", program, () => program.put());
};

const btfLoad: Command = (bpf, task, a) => {
  const size = a.u32(16);
  if (size > BTF_SIZE_MAX_BYTES) return -EINVAL;
  const bytes = a.bytes(a.u64(0), size);
  if (typeof bytes === "number") return bytes;
  const btf = readBtf(bytes);
  if (typeof btf === "string") return -EINVAL;
  return openObject(bpf, task, "btf", new BtfObject(btf, bytes), () => {});
};

/** A descriptor that holds a link. */
function openLink(bpf: Bpf, task: Task, link: LinkObject): number {
  const fd = openObject(bpf, task, "bpf_link", link, () => bpf.detach(link));
  return fd;
}

function* onTracepoint(bpf: Bpf, task: Task, program: ProgramObject, name: string): Kpath<number> {
  const { contextEnd } = program.parts;
  if (contextEnd > 8 * argumentCount(bpf.btf, name)) return -EACCES;
  const link = yield* bpf.attach(program, HOW.arguments, name);
  return typeof link === "number" ? link : openLink(bpf, task, link);
}

const rawTracepointOpen: Command = (bpf, task, a) => {
  const program = objectAt(task, a.u32(8));
  if (program === undefined) return -EBADF;
  if (!(program instanceof ProgramObject)) return -EINVAL;
  const { type, tracepoint } = program.parts;
  if (type === BPF_PROG_TYPE_TRACING) {
    return a.u64(0) !== 0 ? -EINVAL : onTracepoint(bpf, task, program, tracepoint);
  }
  if (type !== BPF_PROG_TYPE_RAW_TRACEPOINT) return -EINVAL;
  const name = a.string(a.u64(0), NAME_MAX_BYTES);
  return typeof name === "number" ? name : onTracepoint(bpf, task, program, name);
};

const linkCreate: Command = (bpf, task, a) => {
  const program = objectAt(task, a.u32(0));
  if (program === undefined) return -EBADF;
  if (!(program instanceof ProgramObject) || a.u32(12) !== 0) return -EINVAL;
  const { type, tracepoint } = program.parts;
  switch (a.u32(8)) {
    case BPF_TRACE_RAW_TP:
      if (type !== BPF_PROG_TYPE_TRACING) return -EINVAL;
      return onTracepoint(bpf, task, program, tracepoint);
    case BPF_PERF_EVENT: {
      const event = objectAt(task, a.u32(4));
      if (event === undefined) return -EBADF;
      return event instanceof PerfEvent ? onEvent(bpf, task, program, event) : -EINVAL;
    }
    default:
      return -EINVAL;
  }
};

function* onEvent(bpf: Bpf, task: Task, program: ProgramObject, event: PerfEvent): Kpath<number> {
  const link = yield* attachToEvent(bpf, program, event);
  return typeof link === "number" ? link : openLink(bpf, task, link);
}

/** Only what the caller has room for; the fields that are told are type, id, shape and name. */
const infoByFd: Command = (_, task, a) => {
  const object = objectAt(task, a.u32(0));
  if (object === undefined) return -EBADF;
  const info = infoOf(object);
  if (info === undefined) return -EINVAL;
  return a.write(a.u64(8), info.subarray(0, a.u32(4)));
};

function infoOf(object: object): Uint8Array | undefined {
  const bytes = new Uint8Array(80);
  const view = new DataView(bytes.buffer);
  const words = (...values: readonly number[]): void => {
    values.forEach((value, i) => {
      view.setUint32(4 * i, value, true);
    });
  };
  const name = (text: string, at: number): void => {
    for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  };
  if (object instanceof MapObject) {
    const { shape } = object.map;
    words(shape.type, object.id, shape.keySize, shape.valueSize, shape.maxEntries, object.flags);
    name(shape.name, 24);
    return bytes;
  }
  if (!(object instanceof ProgramObject)) return undefined;
  words(object.parts.type, object.parts.id);
  view.setUint32(20, 8 * object.parts.insns.length, true);
  name(object.parts.name, 64);
  return bytes;
}

const COMMANDS: Readonly<Partial<Record<(typeof BPF_COMMANDS)[number], Command>>> = {
  BPF_MAP_CREATE: mapCreate,
  BPF_MAP_LOOKUP_ELEM: lookup,
  BPF_MAP_UPDATE_ELEM: update,
  BPF_MAP_DELETE_ELEM: remove,
  BPF_MAP_GET_NEXT_KEY: nextKey,
  BPF_PROG_LOAD: progLoad,
  BPF_OBJ_GET_INFO_BY_FD: infoByFd,
  BPF_RAW_TRACEPOINT_OPEN: rawTracepointOpen,
  BPF_BTF_LOAD: btfLoad,
  BPF_LINK_CREATE: linkCreate,
};

/** bpf(cmd, attr, size) */
export function* bpfCall(
  bpf: Bpf,
  task: Task,
  cmd: number,
  attr: number,
  size: number,
): Kpath<number> {
  if (!isCapable(task.cred, CAP_BPF) && !isCapable(task.cred, CAP_SYS_ADMIN)) return -EPERM;
  yield* bpf.letGo();
  const a = readAttributes(task, attr, size);
  if (typeof a === "number") return a;
  const name = BPF_COMMANDS[cmd];
  const command = name === undefined ? undefined : COMMANDS[name];
  if (command === undefined) return -EINVAL;
  const result = command(bpf, task, a);
  return typeof result === "number" ? result : yield* result;
}
