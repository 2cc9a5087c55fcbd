/**
 * The catalogue of observable facts: every kind of event the machine can record, with its fields in
 * order. Panes, exporters, claims and the published JSON schema are all read off this one table.
 *
 * An event also carries, always: `seq` (its place in the log), `t` (virtual nanoseconds since boot)
 * and `tid` (the task on the processor, 0 for the machine itself). Fields are numbers or strings;
 * 64-bit values are exact to 2^53.
 *
 * Left out: anything a tracer merely believes. A fact is written where it happens, by the machine.
 */

/** What a field holds: a number or a string. */
export type FieldType = "num" | "str";

/** Fields of each kind, in the order in which `EventLog.emit` takes them. */
export const EVENT_FIELDS = {
  /** A machine started. */
  boot: { release: "str", seed: "num" },
  /** A machine stopped for good: `poweroff`, `restart`, `panic`. `argument` is restart's release. */
  halt: { reason: "str", argument: "str" },
  /** A task was given the processor. */
  switch: { prev: "num" },
  /** A task came to be; `tid` is its parent. `flags` are clone's. */
  "task-new": { child: "num", tgid: "num", flags: "num", comm: "str" },
  /** Run state changed, as a letter of /proc/PID/stat: R S D T t Z X. */
  "task-state": { task: "num", state: "str" },
  /** A new program image replaced the old one. */
  exec: { path: "str", argv: "str", formerTid: "num" },
  /** A task began to die; `status` is a wait(2) status word. */
  exit: { status: "num" },
  /** A zombie was reaped by `tid`. */
  reap: { child: "num", status: "num" },
  "syscall-enter": {
    nr: "num",
    a0: "num",
    a1: "num",
    a2: "num",
    a3: "num",
    a4: "num",
    a5: "num",
  },
  "syscall-exit": { nr: "num", ret: "num" },
  /** A number that no table row answers (ENOSYS). */
  "syscall-unknown": { nr: "num" },
  /** open(2) or a relative of it finished: `ret` is the descriptor or -errno. */
  "file-open": { path: "str", flags: "num", ret: "num" },
  "signal-send": { target: "num", sig: "num", code: "num" },
  /** A signal was taken from the queue: what became of it is `ignore handler stop term core`. */
  "signal-deliver": { sig: "num", action: "str" },
  "group-stop": { tgid: "num", sig: "num" },
  "group-continue": { tgid: "num" },
  "ptrace-attach": { tracee: "num", how: "str" },
  "ptrace-detach": { tracee: "num" },
  /** A tracee entered a ptrace-stop; `status` is what wait4 will report. */
  "ptrace-stop": { tracer: "num", status: "num" },
  "ptrace-request": { request: "num", pid: "num", addr: "num", data: "num", ret: "num" },
  "tty-input": { text: "str" },
  "tty-write": { text: "str" },
  /** A line of the kernel log; `owner` is the module whose code printed it, empty for the kernel. */
  printk: { level: "num", text: "str", owner: "str" },
  /** A module's init returned 0. `forced` is 1 when a check was overridden. */
  "module-load": { name: "str", forced: "num" },
  "module-unload": { name: "str" },
  /** Loading stopped; `reason` is the kernel's own line. */
  "module-refused": { name: "str", errno: "num", reason: "str" },
  /** A probe or engine was hung onto `target` (0: all tasks) by code of `owner`. */
  "probe-attach": { target: "num", address: "num", what: "str", owner: "str" },
  "probe-detach": { target: "num", address: "num", what: "str", owner: "str" },
  /** bpf(2) took a program (errno 0) or refused it; `reason` is what the verifier says. */
  "bpf-load": { name: "str", errno: "num", reason: "str" },
  /** A program was hung on a tracepoint or a function, or was not. */
  "bpf-attach": { name: "str", what: "str", errno: "num" },
  "bpf-detach": { name: "str", what: "str" },
  /** Control passed from the kernel's text into `owner`'s function, and came back with `ret`. */
  callback: { owner: "str", function: "str", ret: "num" },
  taint: { flags: "num" },
  /** A WARN or BUG that the kernel survives. */
  warn: { text: "str", owner: "str" },
  oops: { text: "str", function: "str", owner: "str" },
  lockup: { text: "str", owner: "str" },
  panic: { text: "str" },
  /** A bound of `limits.ts` was hit. */
  limit: { name: "str", value: "num" },
  /** An address space went away; `digest` covers its pages, so the log's hash covers memory. */
  "mm-exit": { digest: "num" },
  /** A TypeScript program threw: what it said. */
  "program-error": { text: "str" },
} as const satisfies Record<string, Record<string, FieldType>>;

export type EventKind = keyof typeof EVENT_FIELDS;

type FieldValue<T> = T extends "num" ? number : string;

/** The record a reader sees for one kind. */
export type EventOf<K extends EventKind> = K extends EventKind
  ? { readonly seq: number; readonly t: number; readonly tid: number; readonly kind: K } & {
      readonly [F in keyof (typeof EVENT_FIELDS)[K]]: FieldValue<(typeof EVENT_FIELDS)[K][F]>;
    }
  : never;

/** Any event. */
export type KernelEvent = EventOf<EventKind>;

/** Kinds in table order; an index here is a bit of a kind mask. */
export const EVENT_KINDS: readonly EventKind[] = Object.keys(EVENT_FIELDS) as EventKind[];

/** Version of the JSON-lines form, changed when a published field changes its meaning. */
export const EVENT_SCHEMA_VERSION = 1;
