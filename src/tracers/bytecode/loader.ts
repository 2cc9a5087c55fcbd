/**
 * The loader, libbpf's part: makes an object's maps, fits its programs to the running kernel's types,
 * has them loaded and hangs them. Everything here is a system call that any program may make.
 *
 * Source: libbpf's bpf_object__load and bpf_program__attach, 1.5. Left out: what `BpfObject` leaves
 * out; pinned maps; kernels without BTF, on which libbpf needs a file of types.
 */
import { BPF_PERF_EVENT, BPF_PSEUDO_MAP_FD, O_RDONLY } from "#abi";
import { Btf, decodeUtf8, type Instruction, readBtf, writeInstructions } from "#kernel";
import type { Proc, UserCall } from "#userland";
import { type AttachPoint, attachPoint } from "./attach-points.ts";
import { bpf, perfEventOpen } from "./bpf-calls.ts";
import type { LineRecord } from "./btf-ext.ts";
import { linkProgram } from "./link-program.ts";
import type { BpfObject, ObjectProgram } from "./object.ts";

const VMLINUX_BTF = "/sys/kernel/btf/vmlinux";
const EVENTS = "/sys/kernel/debug/tracing/events";
const KPROBE_TYPE = "/sys/bus/event_source/devices/kprobe/type";
const PERF_TYPE_TRACEPOINT = 2;
const LOG_SIZE_BYTES = 32_768;
/** Of a refusal's log, the lines that are told. */
const LOG_LINES_TOLD = 12;
const ESRCH = 3;

/** An entry of a map: its bytes, to be read with `getUint32(0, true)` and the like. */
export interface MapEntry {
  readonly key: DataView;
  readonly value: DataView;
}

/** What an object stands on while it is loaded. */
export class BpfLoader {
  readonly #p: Proc;
  readonly #object: BpfObject;
  readonly #maps: Map<string, number> = new Map();
  readonly #programs: Map<string, number> = new Map();
  readonly #links: number[] = [];
  #kernel: Btf = new Btf([]);
  #btfFd = 0;

  constructor(p: Proc, object: BpfObject) {
    this.#p = p;
    this.#object = object;
  }

  /** 0, or -errno after a word to standard error. */
  *load(): UserCall {
    const bytes = yield* this.#read(VMLINUX_BTF);
    const kernel = typeof bytes === "number" ? undefined : readBtf(bytes);
    if (kernel instanceof Btf) this.#kernel = kernel;
    const prepared = yield* this.#prepare();
    if (prepared < 0) return prepared;
    for (const program of this.#object.programs) {
      const fd = yield* this.#program(program);
      if (fd < 0) return fd;
      this.#programs.set(program.name, fd);
    }
    return 0;
  }

  *attach(): UserCall {
    for (const { name, section } of this.#object.programs) {
      const point = attachPoint(section);
      const fd = this.#programs.get(name);
      if (point === undefined || fd === undefined) continue;
      const link = yield* this.#hang(point, fd);
      if (link < 0)
        return yield* this.#failed(`prog '${name}': failed to attach to ${section}`, link);
      this.#links.push(link);
    }
    return 0;
  }

  *detach(): UserCall<void> {
    for (const link of this.#links.splice(0)) yield* this.#p.sys.close(link);
  }

  /** All of a map, in the order in which the kernel tells it. */
  *entries(name: string): UserCall<MapEntry[]> {
    const { sys } = this.#p;
    const map = this.#object.maps.find((each) => each.name === name);
    const fd = this.#maps.get(name);
    if (map === undefined || fd === undefined) return [];
    const mark = sys.mark();
    const key = sys.push(map.keySize);
    const value = sys.push(map.valueSize);
    const found: MapEntry[] = [];
    const view = (at: number, size: number): DataView =>
      new DataView(sys.mem.read(at, size).buffer);
    let from = 0;
    while (
      (yield* bpf(sys, "BPF_MAP_GET_NEXT_KEY", [
        [0, 4, fd],
        [8, 8, from],
        [16, 8, key],
      ])) === 0
    ) {
      from = key;
      const result = yield* bpf(sys, "BPF_MAP_LOOKUP_ELEM", [
        [0, 4, fd],
        [8, 8, key],
        [16, 8, value],
      ]);
      if (result === 0)
        found.push({ key: view(key, map.keySize), value: view(value, map.valueSize) });
    }
    sys.popTo(mark);
    return found;
  }

  /** Maps, and the object's own types for the verifier's messages. */
  *#prepare(): UserCall {
    const { sys } = this.#p;
    for (const map of this.#object.maps) {
      const fd = yield* bpf(
        sys,
        "BPF_MAP_CREATE",
        [
          [0, 4, map.type],
          [4, 4, map.keySize],
          [8, 4, map.valueSize],
          [12, 4, map.maxEntries],
        ],
        { offset: 28, text: map.name },
      );
      if (fd < 0) return yield* this.#failed(`map '${map.name}': failed to create`, fd);
      this.#maps.set(map.name, fd);
    }
    const mark = sys.mark();
    const at = sys.pushBytes(this.#object.btf);
    const btf = yield* bpf(sys, "BPF_BTF_LOAD", [
      [0, 8, at],
      [16, 4, this.#object.btf.length],
    ]);
    sys.popTo(mark);
    if (btf < 0) return yield* this.#failed("failed to load BTF", btf);
    this.#btfFd = btf;
    return 0;
  }

  *#program(program: ObjectProgram): UserCall {
    const { name } = program;
    const found = linkProgram(this.#object, program, this.#kernel);
    if (typeof found === "string") return yield* this.#failed(`prog '${name}': ${found}`, -ESRCH);
    const { point, attachId, insns, lines, failures } = found;
    const linked = this.#withMaps(insns, program);
    const { fd, log } = yield* this.#loadProgram(name, point, attachId, linked, lines);
    if (fd >= 0) return fd;
    for (const failure of failures) yield* this.#p.error(`libbpf: prog '${name}': ${failure}\n`);
    for (const line of log.trimEnd().split("\n").slice(-LOG_LINES_TOLD))
      yield* this.#p.error(`${line}\n`);
    return yield* this.#failed(`prog '${name}': BPF program load failed`, fd);
  }

  /** Descriptors of maps where the code names them. */
  #withMaps(insns: readonly Instruction[], { mapUses }: ObjectProgram): Instruction[] {
    const linked = [...insns];
    for (const { slot, map } of mapUses) {
      const insn = linked[slot];
      if (insn !== undefined)
        linked[slot] = { ...insn, src: BPF_PSEUDO_MAP_FD, imm: this.#maps.get(map) ?? -1 };
    }
    return linked;
  }

  *#loadProgram(
    name: string,
    point: AttachPoint,
    attachId: number,
    insns: readonly Instruction[],
    lines: readonly LineRecord[],
  ): UserCall<{ readonly fd: number; readonly log: string }> {
    const { sys } = this.#p;
    const mark = sys.mark();
    const code = sys.pushBytes(writeInstructions(insns));
    const license = sys.pushString(this.#object.license);
    const records = new Uint8Array(
      Uint32Array.from(
        lines.flatMap(({ slot, file, text, line }) => [slot, file, text, line << 10]),
      ).buffer,
    );
    const lineInfo = sys.pushBytes(records);
    const logBuffer = sys.push(LOG_SIZE_BYTES);
    sys.mem.store8(logBuffer, 0);
    const fd = yield* bpf(
      sys,
      "BPF_PROG_LOAD",
      [
        [0, 4, point.programType],
        [4, 4, insns.length],
        [8, 8, code],
        [16, 8, license],
        [24, 4, 1],
        [28, 4, LOG_SIZE_BYTES],
        [32, 8, logBuffer],
        [68, 4, point.expectedAttachType],
        [72, 4, this.#btfFd],
        [92, 4, 16],
        [96, 8, lineInfo],
        [104, 4, lines.length],
        [108, 4, attachId],
      ],
      { offset: 48, text: name },
    );
    const log = fd < 0 ? sys.readString(logBuffer) : "";
    sys.popTo(mark);
    return { fd, log };
  }

  *#hang(point: AttachPoint, program: number): UserCall {
    const { sys } = this.#p;
    switch (point.kind) {
      case "typed":
        return yield* bpf(sys, "BPF_RAW_TRACEPOINT_OPEN", [[8, 4, program]]);
      case "raw": {
        const mark = sys.mark();
        const name = sys.pushString(point.target);
        const link = yield* bpf(sys, "BPF_RAW_TRACEPOINT_OPEN", [
          [0, 8, name],
          [8, 4, program],
        ]);
        sys.popTo(mark);
        return link;
      }
      case "event":
      case "function": {
        const event = yield* this.#event(point);
        if (event < 0) return event;
        const fields = [
          [0, 4, program],
          [4, 4, event],
          [8, 4, BPF_PERF_EVENT],
        ] as const;
        return yield* bpf(sys, "BPF_LINK_CREATE", fields);
      }
    }
  }

  *#event({ kind, target }: AttachPoint): UserCall {
    const { sys } = this.#p;
    const file = kind === "event" ? `${EVENTS}/${target}/id` : KPROBE_TYPE;
    const bytes = yield* this.#read(file);
    if (typeof bytes === "number") return bytes;
    const number = Number(decodeUtf8(bytes));
    if (kind === "event") return yield* perfEventOpen(sys, PERF_TYPE_TRACEPOINT, number, 0);
    const mark = sys.mark();
    const event = yield* perfEventOpen(sys, number, 0, sys.pushString(target));
    sys.popTo(mark);
    return event;
  }

  *#read(path: string): UserCall<Uint8Array | number> {
    const { sys } = this.#p;
    const fd = yield* sys.open(path, O_RDONLY);
    if (fd < 0) return fd;
    const bytes = yield* this.#p.readAll(fd);
    yield* sys.close(fd);
    return bytes;
  }

  *#failed(what: string, error: number): UserCall {
    yield* this.#p.error(`libbpf: ${what}: ${this.#p.strerror(error)}\n`);
    return error;
  }
}
