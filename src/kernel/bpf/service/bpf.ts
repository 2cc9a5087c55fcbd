/**
 * Bytecode in a running kernel: what runs when a tracepoint fires, and hanging programs onto the
 * tree's tracepoints and functions.
 *
 * One program runs at a time: what fires while one runs is not told, as bpf_prog_active sees to.
 *
 * Source: kernel/trace/bpf_trace.c, kernel/bpf/syscall.c, 6.16.
 */
import { MAX_BPF_STACK } from "../../abi/bpf.ts";
import { EOPNOTSUPP } from "../../abi/errno.ts";
import { COST_BPF_HELPER_NS, COST_BPF_INSN_NS, COST_CALLBACK_NS } from "../../hw/costs.ts";
import { assert } from "../../lib/assert.ts";
import { decodeBase64 } from "../../lib/base64.ts";
import { BPF_COMPLEXITY_MAX } from "../../lib/limits.ts";
import type { Kpath } from "../../lib/wait.ts";
import {
  addressOfTask,
  type BpfRunner,
  currentTask,
  type PortContext,
} from "../../port/context.ts";
import { enter } from "../../port/hooks.ts";
import { HOOK } from "../../port/sites.ts";
import type { Btf } from "../btf/btf.ts";
import { readBtf } from "../btf/read.ts";
import type { HelperHost } from "../helpers/helper.ts";
import { helperByNumber } from "../helpers/table.ts";
import type { BpfMap } from "../maps/map.ts";
import { BpfMachine } from "../vm/machine.ts";
import type { Loaded } from "./load-program.ts";
import { LinkObject, MapObject, ProgramObject } from "./objects.ts";

/** Linux: PERF_MAX_TRACE_SIZE, and twelve arguments of eight bytes. */
const BUFFER_SIZE_BYTES = 2048;
const LINK_SIZE_BYTES = 64;

export class Bpf implements BpfRunner {
  readonly port: PortContext;
  /** Types of this kernel as a file has them; empty if it was built without. */
  readonly btfBytes: Uint8Array;
  readonly #maps: Map<number, BpfMap> = new Map();
  readonly #links: Map<number, LinkObject> = new Map();
  /** Links that are gone, of which the tree has not let go yet. */
  #leaving: LinkObject[] = [];
  readonly #host: HelperHost;
  #btf: Btf | undefined;
  #stack = 0;
  #buffer = 0;
  #isRunning = false;
  /** Since the program that runs was called. */
  #helperCalls = 0;
  #ids = 0;

  constructor(port: PortContext, btf: string) {
    this.port = port;
    this.btfBytes = decodeBase64(btf);
    this.#host = {
      memory: port.mem,
      mapAt: (address) => {
        const map = this.#maps.get(address);
        assert(map !== undefined, "the verifier let a call without a map pass");
        return map;
      },
      currentTask: () => currentTask(port),
      taskAddress: (task) => addressOfTask(port, task),
      nowNs: () => port.k.clock.now,
      random: () => port.k.prng.next(),
    };
  }

  /** The kernel's own types; undefined if it was built without them. */
  get btf(): Btf | undefined {
    if (this.#btf === undefined && this.btfBytes.length > 0) {
      const read = readBtf(this.btfBytes);
      assert(typeof read !== "string", `the kernel's own BTF: ${String(read)}`);
      this.#btf = read;
    }
    return this.#btf;
  }

  nextId(): number {
    return ++this.#ids;
  }

  addMap(map: BpfMap, flags: number): MapObject {
    this.#maps.set(map.address, map);
    return new MapObject(this.nextId(), map, flags, (gone) => {
      this.#maps.delete(gone.address);
      gone.free();
    });
  }

  addProgram(loaded: Loaded): ProgramObject {
    const { maps, verified } = loaded;
    const machine = new BpfMachine(loaded.insns, this.port.mem, {
      helper: (number) => {
        const row = helperByNumber(number);
        if (row === undefined) return undefined;
        return (x) => {
          this.#helperCalls++;
          row.run(this.#host, x);
        };
      },
      mapAddress: (slot) => maps.get(slot)?.map.address ?? 0,
      probeLoads: verified.probeLoads,
      walked: verified.walked,
    });
    return new ProgramObject({
      id: this.nextId(),
      name: loaded.name,
      type: loaded.type,
      insns: loaded.insns,
      machine,
      maps: [...new Set(maps.values())].map((map) => map.hold()),
      contextEnd: verified.contextEnd,
      tracepoint: loaded.tracepoint,
    });
  }

  // What the tree calls.

  eventBuffer(sizeBytes: number): number {
    const { mem } = this.port;
    if (this.#buffer === 0) this.#buffer = mem.alloc(BUFFER_SIZE_BYTES, "perf_trace_buf", 0);
    mem.fillBytes(this.#buffer, 0, Math.min(sizeBytes, BUFFER_SIZE_BYTES));
    return this.#buffer;
  }

  run(address: number, context: number): number {
    const link = this.#links.get(address);
    if (link === undefined || link.gone || this.#isRunning) return 0;
    const { mem } = this.port;
    if (this.#stack === 0) this.#stack = mem.alloc(MAX_BPF_STACK, "bpf_stack", 0);
    this.#isRunning = true;
    this.#helperCalls = 0;
    const { machine } = link.program.parts;
    const result = machine.run(context, this.#stack + MAX_BPF_STACK, BPF_COMPLEXITY_MAX);
    this.#isRunning = false;
    this.port.k.clock.now +=
      COST_CALLBACK_NS +
      machine.executed * COST_BPF_INSN_NS +
      this.#helperCalls * COST_BPF_HELPER_NS;
    return result >>> 0;
  }

  runOn(address: number, args: readonly number[]): void {
    const buffer = this.eventBuffer(8 * args.length);
    args.forEach((value, index) => {
      this.port.mem.store64(buffer + 8 * index, value);
    });
    this.run(address, buffer);
  }

  // Hanging and taking off.

  /** Hangs a program; the link, or -errno. The link holds the program. */
  *attach(
    program: ProgramObject,
    how: LinkObject["how"],
    what: string,
  ): Kpath<LinkObject | number> {
    yield* this.letGo();
    const { k, mem } = this.port;
    const { name } = program.parts;
    const address = mem.alloc(LINK_SIZE_BYTES, "bpf_link", 0);
    const whatAddress = mem.alloc(4 * what.length + 1, "attach name", 0);
    mem.writeCString(whatAddress, what, 4 * what.length + 1);
    const link = new LinkObject(address, program, how, what, whatAddress);
    this.#links.set(address, link);
    const result = yield* this.#call(HOOK.BPF_ATTACH, link);
    k.log.emit("bpf-attach", name, what, -result);
    if (result === 0) {
      program.hold();
      return link;
    }
    this.#forget(link);
    return result;
  }

  /** From now on the program does not run. The tree lets go when the next caller of bpf(2) can wait. */
  detach(link: LinkObject): void {
    if (link.gone) return;
    link.gone = true;
    this.#leaving.push(link);
    this.port.k.log.emit("bpf-detach", link.program.parts.name, link.what);
  }

  /** What Linux leaves to a work queue. */
  *letGo(): Kpath<void> {
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const link of leaving) {
      yield* this.#call(HOOK.BPF_DETACH, link);
      this.#forget(link);
      link.program.put();
    }
  }

  #forget({ address, whatAddress }: LinkObject): void {
    this.#links.delete(address);
    this.port.mem.free(address, "bpf_link_free");
    this.port.mem.free(whatAddress, "bpf_link_free");
  }

  *#call(site: number, { how, address, whatAddress }: LinkObject): Kpath<number> {
    if (this.port.sites[site] === undefined) return -EOPNOTSUPP;
    return yield* enter(this.port, site, () => [how, whatAddress, address]);
  }
}
