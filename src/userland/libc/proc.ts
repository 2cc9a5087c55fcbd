/**
 * What a program's `main` is given: its system calls, its arguments and environment, and the few
 * conveniences that nearly every program wants.
 *
 * Source: the initial stack of a process, as the psABI and fs/binfmt_elf.c of 6.1 lay it out:
 * argc, argv[], NULL, envp[], NULL, auxv.
 * Left out: stdio buffering. `print` is a write(2), as an unbuffered stream's would be.
 */
import { EINTR, strerror } from "#abi";
import { decodeUtf8, encodeUtf8, REG_SP, type UserCpu, type UserMemory } from "#kernel";
import { Sys } from "./system-calls.ts";
import type { UserCall } from "./trap.ts";

export class Proc {
  readonly sys: Sys;
  readonly mem: UserMemory;
  /** The argument that this entry was started with: a thread's, or a handler's signal number. */
  readonly arg: number;
  readonly #entries: readonly string[];
  readonly #entryAddress: (index: number) => number;
  #argv: readonly string[] | undefined;
  #env: Map<string, string> | undefined;

  constructor(
    cpu: UserCpu,
    arg: number,
    entries: readonly string[],
    entryAddress: (index: number) => number,
  ) {
    this.sys = new Sys(cpu);
    this.mem = cpu.mem;
    this.arg = arg;
    this.#entries = entries;
    this.#entryAddress = entryAddress;
  }

  /** Of main; an entry that was started by clone or a signal has none. */
  get argv(): readonly string[] {
    this.#argv ??= this.sys.readStrings(this.sys.regs.get(REG_SP) + 8);
    return this.#argv;
  }

  /** The environment, which execve's caller may change before passing it on. */
  get env(): Map<string, string> {
    if (this.#env === undefined) {
      const sp = this.sys.regs.get(REG_SP);
      const vars = this.sys.readStrings(sp + (this.mem.load64(sp) + 2) * 8);
      this.#env = new Map(vars.map((text) => splitVariable(text)));
    }
    return this.#env;
  }

  /** `NAME=value` strings for execve. */
  environ(): string[] {
    return [...this.env].map(([name, value]) => `${name}=${value}`);
  }

  /** Text address of one of this program's entries, for clone and sigaction. */
  entry(name: string): number {
    const index = this.#entries.indexOf(name);
    if (index < 0) throw new Error(`this program has no entry "${name}"`);
    return this.#entryAddress(index);
  }

  /** Writes to standard output. */
  print(text: string): UserCall {
    return this.writeAll(1, text);
  }

  /** Writes to standard error. */
  error(text: string): UserCall {
    return this.writeAll(2, text);
  }

  /** Writes until everything is taken: 0, or -errno. */
  *writeAll(fd: number, data: string | Uint8Array): UserCall {
    let rest = typeof data === "string" ? encodeUtf8(data) : data;
    while (rest.length > 0) {
      const taken = yield* this.sys.write(fd, rest);
      if (taken === -EINTR) continue;
      if (taken < 0) return taken;
      rest = rest.subarray(taken);
    }
    return 0;
  }

  /** Everything from here to end of file. */
  *readAll(fd: number): UserCall<Uint8Array | number> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const part = yield* this.sys.read(fd, 65536);
      if (part === -EINTR) continue;
      if (typeof part === "number") return part;
      if (part.length === 0) break;
      parts.push(part);
    }
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** The whole of a file as text, or -errno. */
  *readFile(path: string): UserCall<string | number> {
    const fd = yield* this.sys.open(path, 0);
    if (fd < 0) return fd;
    const bytes = yield* this.readAll(fd);
    yield* this.sys.close(fd);
    return typeof bytes === "number" ? bytes : decodeUtf8(bytes);
  }

  /** strerror(3) of a negative result. */
  strerror(result: number): string {
    return strerror(-result);
  }
}

function splitVariable(text: string): [string, string] {
  const at = text.indexOf("=");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
