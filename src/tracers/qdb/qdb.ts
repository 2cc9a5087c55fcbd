/**
 * qdb: a small debugger for programs on the hart. It has nothing but ptrace(2): breakpoints are
 * ebreaks that it writes, stepping is PTRACE_SINGLESTEP.
 *
 * In the manner of gdb(1). Left out: source lines, expressions, threads, attaching.
 */
import { disassemble, type ProgramImage } from "#kernel";
import type { Proc, UserCall } from "#userland";
import { Breakpoints, isBreakpointStop, isStepStop } from "../kit/breakpoints.ts";
import { findProgram } from "../kit/find-program.ts";
import { type FunctionSymbol, placeText, readFunctions } from "../kit/function-symbols.ts";
import { tracerProgram } from "../kit/ptrace-program.ts";
import { PtraceTracer } from "../kit/ptrace-tracer.ts";
import { type RegisterValues, readRegisters, writeRegisters } from "../kit/registers.ts";
import type { Stop } from "../kit/stop.ts";
import { readMemory } from "../kit/tracee-memory.ts";

const HELP = `break NAME|ADDRESS    stop there; without an argument, list the breakpoints
delete NAME|ADDRESS   do not any more
continue              go on to the next stop
step [COUNT]          execute instructions
regs                  all registers
print REGISTER        one of them
set REGISTER VALUE    change it
x ADDRESS [COUNT]     words of memory
disas [ADDRESS [COUNT]]  instructions, from pc on
functions             what the program names
quit                  end the program and this one
`;

const INSTRUCTIONS_SHOWN = 5;

const hex = (value: number): string => `0x${(value < 0 ? value + 2 ** 64 : value).toString(16)}`;

class Debugger {
  readonly #p: Proc;
  readonly #tracer: PtraceTracer;
  readonly #functions: readonly FunctionSymbol[];
  readonly #commands: Readonly<Record<string, (words: readonly string[]) => UserCall<void>>>;
  #breakpoints!: Breakpoints;
  #stop: Stop | null = null;
  #pid = 0;

  constructor(p: Proc, functions: readonly FunctionSymbol[]) {
    this.#p = p;
    this.#tracer = new PtraceTracer(p, { syscalls: false });
    this.#functions = functions;
    this.#commands = {
      break: (words) => this.#break(words),
      delete: (words) => this.#delete(words),
      continue: () => this.#continue(),
      step: ([count = "1"]) => this.#step(Number(count)),
      regs: () => this.#showRegisters(),
      print: ([name = ""]) => this.#print(name),
      set: ([name = "", value = ""]) => this.#set(name, value),
      x: ([at = "", count = "1"]) => this.#examine(at, Number(count)),
      disas: ([at, count]) => this.#disassemble(at, Number(count ?? INSTRUCTIONS_SHOWN)),
      functions: () => this.#listFunctions(),
      help: () => this.#say(HELP),
    };
  }

  *run(path: string, command: readonly string[]): UserCall {
    this.#pid = yield* this.#tracer.launch(path, command);
    if (this.#pid < 0) {
      yield* this.#p.error(`qdb: ${path}: ${this.#p.strerror(this.#pid)}\n`);
      return 1;
    }
    this.#breakpoints = new Breakpoints(this.#p.sys, this.#pid);
    let stop = yield* this.#tracer.next();
    while (stop !== null && stop.kind !== "event-exec") stop = yield* this.#tracer.next();
    yield* this.#arrive(stop);
    yield* this.#converse();
    if (this.#stop !== null) yield* this.#p.sys.kill(this.#pid, 9);
    return 0;
  }

  *#converse(): UserCall<void> {
    let last = "";
    for (;;) {
      yield* this.#say("(qdb) ");
      const line = yield* this.#readLine();
      if (line === null) return yield* this.#say("\n");
      // An empty line is the one before again.
      const words = (line.trim() === "" ? last : line).trim().split(/\s+/);
      last = words.join(" ");
      const [name = "", ...rest] = words;
      if (name === "") continue;
      if ("quit".startsWith(name)) return;
      const found = Object.keys(this.#commands).find((each) => each.startsWith(name));
      if (found === undefined) yield* this.#say(`no command "${name}"; try help\n`);
      else yield* (this.#commands[found] as (words: readonly string[]) => UserCall<void>)(rest);
    }
  }

  *#readLine(): UserCall<string | null> {
    let line = "";
    for (;;) {
      const bytes = yield* this.#p.sys.read(0, 1);
      if (typeof bytes === "number" || bytes.length === 0) return line === "" ? null : line;
      const c = String.fromCharCode(bytes[0] as number);
      if (c === "\n") return line;
      line += c;
    }
  }

  *#say(text: string): UserCall<void> {
    yield* this.#p.print(text);
  }

  *#registers(): UserCall<RegisterValues | null> {
    const found = this.#stop === null ? -1 : yield* readRegisters(this.#p.sys, this.#pid);
    if (typeof found !== "number") return found;
    yield* this.#say("the program is not running\n");
    return null;
  }

  *#pc(): UserCall<number> {
    const registers = yield* readRegisters(this.#p.sys, this.#pid);
    return typeof registers === "number" ? 0 : (registers["pc"] ?? 0);
  }

  /** The address that a name or number means; null after a message. */
  *#address(text: string): UserCall<number | null> {
    const named = this.#functions.find(({ name }) => name === text);
    const value = named?.address ?? (text === "" ? Number.NaN : Number(text));
    if (Number.isSafeInteger(value)) return value;
    yield* this.#say(`"${text}" is neither a function nor an address\n`);
    return null;
  }

  *#break([text]: readonly string[]): UserCall<void> {
    if (text === undefined) {
      for (const address of this.#breakpoints.addresses)
        yield* this.#say(`${hex(address)} ${placeText(this.#functions, address)}\n`);
      return;
    }
    const address = yield* this.#address(text);
    if (address === null) return;
    const result = yield* this.#breakpoints.insert(address);
    if (result < 0) yield* this.#say(`${hex(address)}: ${this.#p.strerror(result)}\n`);
    else yield* this.#say(`breakpoint at ${hex(address)}\n`);
  }

  *#delete([text = ""]: readonly string[]): UserCall<void> {
    const address = yield* this.#address(text);
    if (address === null) return;
    if (this.#breakpoints.has(address)) yield* this.#breakpoints.remove(address);
    else yield* this.#say(`no breakpoint at ${hex(address)}\n`);
  }

  *#continue(): UserCall<void> {
    const stop = this.#stop;
    if (stop === null) return yield* this.#say("the program is not running\n");
    const isSignal = stop.kind === "signal" && !isBreakpointStop(stop) && !isStepStop(stop);
    if (isSignal) {
      yield* this.#tracer.resume(stop);
      return yield* this.#arrive(yield* this.#tracer.next());
    }
    const pc = yield* this.#pc();
    yield* this.#arrive(yield* this.#breakpoints.resume(this.#tracer, stop, pc));
  }

  *#step(count: number): UserCall<void> {
    for (let i = 0; i < count; i++) {
      const stop = this.#stop;
      if (stop === null) return yield* this.#say("the program is not running\n");
      const pc = yield* this.#pc();
      this.#stop = yield* this.#breakpoints.step(this.#tracer, stop, pc);
      if (this.#stop === null || !isStepStop(this.#stop)) break;
    }
    yield* this.#arrive(this.#stop);
  }

  /** Says where and why the program stopped. */
  *#arrive(stop: Stop | null): UserCall<void> {
    this.#stop = stop;
    if (stop === null || stop.kind === "exited" || stop.kind === "killed") {
      this.#stop = null;
      const how =
        stop?.kind === "killed" ? `was killed by signal ${stop.sig}` : `exited with ${stop?.code}`;
      return yield* this.#say(`the program ${how}\n`);
    }
    const pc = yield* this.#pc();
    const sig = stop.kind === "signal" ? stop.sig : 0;
    const isOurs = isBreakpointStop(stop) || isStepStop(stop);
    const why = sig !== 0 && !isOurs ? `signal ${sig} at ` : "";
    yield* this.#say(`${why}${placeText(this.#functions, pc)}\n`);
    yield* this.#disassemble(undefined, 1);
  }

  *#showRegisters(): UserCall<void> {
    const registers = yield* this.#registers();
    if (registers === null) return;
    const cells = Object.entries(registers).map(([name, value]) =>
      `${name.padEnd(4)} ${hex(value)}`.padEnd(26),
    );
    for (let i = 0; i < cells.length; i += 4)
      yield* this.#say(
        `${cells
          .slice(i, i + 4)
          .join("")
          .trimEnd()}\n`,
      );
  }

  *#print(name: string): UserCall<void> {
    const registers = yield* this.#registers();
    const value = registers?.[name];
    if (registers === null) return;
    if (value === undefined) yield* this.#say(`no register "${name}"\n`);
    else yield* this.#say(`${name} = ${value} (${hex(value)})\n`);
  }

  *#set(name: string, text: string): UserCall<void> {
    const registers = yield* this.#registers();
    if (registers === null) return;
    const value = Number(text);
    if (registers[name] === undefined || text === "" || !Number.isSafeInteger(value))
      return yield* this.#say("set REGISTER VALUE\n");
    yield* writeRegisters(this.#p.sys, this.#pid, { [name]: value });
  }

  *#examine(text: string, count: number): UserCall<void> {
    const address = yield* this.#address(text);
    if (address === null) return;
    for (let at = address; at < address + 8 * count; at += 8) {
      const bytes = yield* readMemory(this.#p.sys, this.#pid, at, 8);
      if (bytes.length < 8) return yield* this.#say(`${hex(at)}: nothing is there\n`);
      const word = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
      yield* this.#say(`${hex(at)}: 0x${word.toString(16).padStart(16, "0")}\n`);
    }
  }

  *#disassemble(text: string | undefined, count: number): UserCall<void> {
    const start = text === undefined ? yield* this.#pc() : yield* this.#address(text);
    let at = start ?? 0;
    for (let i = 0; i < count && start !== null; i++) {
      const read = yield* readMemory(this.#p.sys, this.#pid, at, 4);
      const bytes = this.#breakpoints.uncover(at, read);
      if (bytes.length < 2) return;
      const whole = Uint8Array.from([...bytes, 0, 0]);
      const word = new DataView(whole.buffer).getInt32(0, true);
      const { text: instruction, size } = disassemble(word, at);
      yield* this.#say(`   ${hex(at)}  ${instruction}\n`);
      at += size;
    }
  }

  *#listFunctions(): UserCall<void> {
    for (const { name, address, size } of this.#functions)
      yield* this.#say(`${hex(address)} ${String(size).padStart(5)} ${name}\n`);
  }
}

export const QDB: ProgramImage = tracerProgram("qdb", function* (p) {
  const [, ...command] = p.argv;
  if (command[0] === undefined) {
    yield* p.error("qdb: must have PROG [ARGS]\n");
    return 1;
  }
  const path = yield* findProgram(p, "qdb", command[0]);
  if (path === null) return 1;
  return yield* new Debugger(p, yield* readFunctions(p, path)).run(path, command);
});
