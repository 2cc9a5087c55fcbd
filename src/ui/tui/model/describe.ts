/** An event in one line of words, and the mark that stands for it on the timeline. */
import type { KernelEvent } from "#kernel";
import type { Mark } from "../theme.ts";
import { argumentText, resultText, signalName, syscallName, waitStatusText } from "./names.ts";

interface Telling<K extends KernelEvent["kind"]> {
  readonly mark: Mark;
  readonly tell: (event: Extract<KernelEvent, { kind: K }>) => string;
}

const hex = (value: number): string => `0x${value.toString(16)}`;
const quoted = (text: string): string => JSON.stringify(text);
const everyone = (target: number): string => (target === 0 ? "all tasks" : `task ${target}`);
const TELLINGS: { readonly [K in KernelEvent["kind"]]: Telling<K> } = {
  boot: { mark: "boot", tell: (e) => `${e.release} boots (seed ${e.seed})` },
  halt: { mark: "oops", tell: (e) => `the machine stops: ${e.reason} ${e.argument}`.trimEnd() },
  switch: { mark: "state", tell: (e) => `gets the processor from ${e.prev || "nobody"}` },
  "task-new": { mark: "born", tell: (e) => `starts ${e.comm} as task ${e.child}` },
  "task-state": {
    mark: "state",
    tell: (e) => `${e.task === e.tid ? "" : `task ${e.task} `}is now ${stateWords(e.state)}`,
  },
  exec: { mark: "exec", tell: (e) => `execve ${e.argv || e.path}` },
  exit: { mark: "exit", tell: (e) => `dies: ${waitStatusText(e.status)}` },
  reap: { mark: "reap", tell: (e) => `waited for ${e.child}: ${waitStatusText(e.status)}` },
  "syscall-enter": {
    mark: "call",
    tell: (e) =>
      `calls ${syscallName(e.nr)}(${[e.a0, e.a1, e.a2].map(argumentText).join(", ")}, …)`,
  },
  "syscall-exit": {
    mark: "return",
    tell: (e) => `${syscallName(e.nr)} returns ${resultText(e.ret)}`,
  },
  "syscall-unknown": { mark: "other", tell: (e) => `calls ${syscallName(e.nr)}: ENOSYS` },
  "file-open": { mark: "file", tell: (e) => `opens ${quoted(e.path)}: ${resultText(e.ret)}` },
  "signal-send": { mark: "signal", tell: (e) => `${signalName(e.sig)} sent to task ${e.target}` },
  "signal-deliver": {
    mark: "signal",
    tell: (e) => `${signalName(e.sig)} delivered: ${e.action}`,
  },
  "group-stop": { mark: "stop", tell: (e) => `process ${e.tgid} stopped by ${signalName(e.sig)}` },
  "group-continue": { mark: "other", tell: (e) => `process ${e.tgid} continues` },
  "ptrace-attach": { mark: "attach", tell: (e) => `ptrace: task ${e.tracee} (${e.how})` },
  "ptrace-detach": { mark: "attach", tell: (e) => `ptrace: task ${e.tracee} let go` },
  "ptrace-stop": {
    mark: "stop",
    tell: (e) => `stops for its tracer ${e.tracer}: ${waitStatusText(e.status)}`,
  },
  "ptrace-request": {
    mark: "other",
    tell: (e) => `ptrace(${hex(e.request)}, ${e.pid}) returns ${resultText(e.ret)}`,
  },
  "tty-input": { mark: "tty", tell: (e) => `somebody types ${quoted(e.text)}` },
  "tty-write": { mark: "tty", tell: (e) => `writes ${quoted(e.text)}` },
  printk: { mark: "print", tell: (e) => `kernel log: ${e.text.trimEnd()}` },
  "module-load": {
    mark: "module",
    tell: (e) => `module ${e.name} loaded${e.forced ? ", forced" : ""}`,
  },
  "module-unload": { mark: "module", tell: (e) => `module ${e.name} unloaded` },
  "module-refused": {
    mark: "oops",
    tell: (e) => `module ${e.name} refused (${resultText(-Math.abs(e.errno))}): ${e.reason}`,
  },
  "probe-attach": {
    mark: "probe",
    tell: (e) => `${e.owner} hangs ${e.what} on ${everyone(e.target)}`,
  },
  "probe-detach": {
    mark: "probe",
    tell: (e) => `${e.owner} takes ${e.what} off ${everyone(e.target)}`,
  },
  "bpf-load": {
    mark: "probe",
    tell: (e) =>
      e.errno === 0
        ? `bytecode ${e.name} loaded`
        : `bytecode ${e.name} refused (${resultText(-e.errno)}): ${e.reason}`,
  },
  "bpf-attach": {
    mark: "probe",
    tell: (e) => `bytecode ${e.name} hung on ${e.what}: ${resultText(-e.errno)}`,
  },
  "bpf-detach": { mark: "probe", tell: (e) => `bytecode ${e.name} taken off ${e.what}` },
  callback: {
    mark: "callback",
    tell: (e) => `${e.owner}: ${e.function}() returned ${resultText(e.ret)}`,
  },
  taint: { mark: "other", tell: (e) => `the kernel is tainted: ${hex(e.flags)}` },
  warn: { mark: "oops", tell: (e) => `WARNING in ${e.owner}: ${e.text}` },
  oops: { mark: "oops", tell: (e) => `oops in ${e.owner} ${e.function}: ${e.text}` },
  lockup: { mark: "oops", tell: (e) => `lockup in ${e.owner}: ${e.text}` },
  panic: { mark: "oops", tell: (e) => `panic: ${e.text}` },
  limit: { mark: "other", tell: (e) => `limit ${e.name} reached: ${e.value}` },
  "mm-exit": { mark: "other", tell: () => "its memory is given back" },
  "program-error": { mark: "oops", tell: (e) => `the program threw: ${e.text}` },
};

const STATES: Readonly<Record<string, string>> = {
  R: "running",
  S: "sleeping",
  D: "waiting, not to be disturbed",
  T: "stopped",
  t: "stopped by its tracer",
  Z: "a zombie",
  X: "dead",
};

/** Linux's state letter in words. */
export const stateWords = (letter: string): string => STATES[letter] ?? letter;

/** What happened, without who and when. */
export function describeEvent(event: KernelEvent): string {
  const telling = TELLINGS[event.kind] as Telling<KernelEvent["kind"]> | undefined;
  return telling?.tell(event) ?? event.kind;
}

export const markOf = (event: KernelEvent): Mark => TELLINGS[event.kind]?.mark ?? "other";
