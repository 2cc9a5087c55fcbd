/**
 * A machine that plays a prepared run: the events of a small scenario, written by hand, behind the
 * same `SessionClient` as the real one.
 */
import { EventEmitter } from "eventemitter3";
import type { EventKind, KernelEvent } from "#kernel";
import type {
  Done,
  Op,
  Reply,
  SessionClient,
  SessionSignals,
  SessionState,
} from "../../../src/ui/host/client.ts";
import type { Block, Scenario } from "../../../src/ui/scenario/scenario.ts";
import { type StepResult, stepsOf } from "../../../src/ui/scenario/steps.ts";
import type { OpenedSession } from "../../../src/ui/tui/session-driver.ts";

/** Writes events with rising numbers and times. */
export class EventScript {
  readonly events: KernelEvent[] = [];
  tid = 0;
  #t = 0;

  add(kind: EventKind, fields: Record<string, number | string>): this {
    this.#t += 1_370;
    const seq = this.events.length;
    this.events.push({ seq, t: this.#t, tid: this.tid, kind, ...fields } as unknown as KernelEvent);
    return this;
  }

  on(tid: number): this {
    if (this.tid === tid) return this;
    const prev = this.tid;
    this.tid = tid;
    return this.add("switch", { prev });
  }

  call(nr: number, ret: number, a0 = 0, a1 = 0): this {
    this.add("syscall-enter", { nr, a0, a1, a2: 0, a3: 0, a4: 0, a5: 0 });
    return this.add("syscall-exit", { nr, ret });
  }

  print(text: string): this {
    return this.add("tty-write", { text });
  }
}

const WRITE = 64;
const READ = 63;
const OPENAT = 56;
const PTRACE = 117;
const WAIT4 = 260;

function bootScript(script: EventScript): void {
  script.add("boot", { release: "2.6.32-quicksand", seed: 7 });
  script.add("printk", { level: 5, text: "Linux version 2.6.32-quicksand (toy)" });
  script.add("task-new", { child: 1, tgid: 1, flags: 0, comm: "init" });
  script.on(1).add("exec", { path: "/sbin/init", argv: "init", formerTid: 1 });
  script.add("task-new", { child: 2, tgid: 2, flags: 0, comm: "init" });
  script.add("syscall-enter", { nr: WAIT4, a0: -1, a1: 0, a2: 0, a3: 0, a4: 0, a5: 0 });
  script.add("task-state", { task: 1, state: "S" });
  script.on(2).add("exec", { path: "/bin/sh", argv: "sh", formerTid: 2 });
  script.print("quicksand 2.6.32, a toy. Type help.\n$ ");
  script.add("syscall-enter", { nr: READ, a0: 0, a1: 0, a2: 0, a3: 0, a4: 0, a5: 0 });
  script.add("task-state", { task: 2, state: "S" });
}

function wake(script: EventScript, line: string): void {
  script.tid = 0;
  script.add("tty-input", { text: `${line}\n` }).print(`${line}\n`);
  script.add("task-state", { task: 2, state: "R" }).on(2);
  script.add("syscall-exit", { nr: READ, ret: line.length + 1 });
}

function prompt(script: EventScript): void {
  script.on(2).print("$ ");
  script.add("syscall-enter", { nr: READ, a0: 0, a1: 0, a2: 0, a3: 0, a4: 0, a5: 0 });
  script.add("task-state", { task: 2, state: "S" });
}

function straceScript(script: EventScript): void {
  wake(script, "strace cat /etc/motd");
  script.add("task-new", { child: 3, tgid: 3, flags: 0, comm: "sh" });
  script.add("task-state", { task: 2, state: "S" });
  script.on(3).add("exec", { path: "/bin/strace", argv: "strace cat /etc/motd", formerTid: 3 });
  script.add("task-new", { child: 4, tgid: 4, flags: 0, comm: "strace" });
  script.add("task-state", { task: 3, state: "S" });
  script.on(4).add("ptrace-attach", { tracee: 4, how: "traceme" });
  script.add("exec", { path: "/bin/cat", argv: "cat /etc/motd", formerTid: 4 });
  for (const [name, nr, ret] of [
    ['openat(AT_FDCWD, "/etc/motd", O_RDONLY) = 3', OPENAT, 3],
    ['read(3, "The house on rock stands.\\n", 4096) = 26', READ, 26],
    ['write(1, "The house on rock stands.\\n", 26) = 26', WRITE, 26],
  ] as const) {
    script.on(4).add("syscall-enter", { nr, a0: 3, a1: 0, a2: 0, a3: 0, a4: 0, a5: 0 });
    script.add("ptrace-stop", { tracer: 3, status: 0x857f });
    script.add("task-state", { task: 4, state: "t" });
    script.on(3).add("task-state", { task: 3, state: "R" });
    script.call(WAIT4, 4).call(PTRACE, 0, 24, 4);
    script.add("task-state", { task: 4, state: "R" }).add("task-state", { task: 3, state: "S" });
    script.on(4).add("syscall-exit", { nr, ret });
    if (nr === WRITE) script.print("The house on rock stands.\n");
    script.on(3).print(`${name}\n`);
  }
  script.on(4).add("exit", { status: 0 }).add("task-state", { task: 4, state: "Z" });
  script.on(3).add("reap", { child: 4, status: 0 }).print("+++ exited with 0 +++\n");
  script.add("exit", { status: 0 }).add("task-state", { task: 3, state: "Z" });
  script.on(2).add("reap", { child: 3, status: 0 });
  prompt(script);
}

function moduleScript(script: EventScript): void {
  wake(script, "insmod counter.ko; ps");
  script.add("module-load", { name: "counter", forced: 1 }).add("taint", { flags: 3 });
  script.add("printk", { level: 6, text: "counter: watching sh with an engine of its own" });
  script.add("probe-attach", {
    target: 2,
    address: 0xff8010001000,
    what: "engine SYSCALL_ENTRY",
    owner: "counter",
  });
  for (let i = 0; i < 12; i++) {
    script.add("callback", { owner: "counter", function: "count_entry", ret: 5 }).call(WRITE, 1, 1);
  }
  script.add("signal-send", { target: 2, sig: 17, code: 1 });
  script.add("signal-deliver", { sig: 17, action: "ignore" });
  script.add("oops", {
    text: "Unable to handle kernel paging request at virtual address 0000000000000428",
    function: "count_entry",
    owner: "counter",
  });
  script.add("printk", {
    level: 1,
    text: "Unable to handle kernel paging request at virtual address 0000000000000428\nOops [#1]\nModules linked in: counter(PF)\nCall Trace:\n [<ffffff8010001000>] count_entry+0x1c/0x40 [counter]",
  });
  script.print("Segmentation fault\n");
  prompt(script);
}

const lines = { start: 1, end: 1 };
const expected = ["the end", "+++ exited with 0 +++"];
const command = (text: string): Extract<Block, { kind: "console" }> => ({
  kind: "console",
  lines,
  commands: [{ prompt: "$", text, status: undefined, expected, line: 1, outputLine: 2 }],
});

export const FAKE_SCENARIO: Scenario = {
  file: "scenarios/one-tracer.md",
  text: "",
  front: {
    title: "One tracer per task",
    question: "Why can only one debugger watch a process, and can engines do better?",
    release: "2.6.32",
    releaseLine: 4,
    seed: 7,
    minutes: 8,
  } as Scenario["front"],
  blocks: [
    {
      kind: "prose",
      lines,
      markdown:
        "# A house on rock\n\n`strace` uses **ptrace(2)**, a system call. A system call is a promise: whatever works today works *for ever*.\n\n- the tracer asks\n- the kernel stops the tracee at each call\n- `wait4` tells the tracer",
    },
    command("strace cat /etc/motd"),
    {
      kind: "prose",
      lines,
      markdown:
        "Every line above is a stop of the task `cat`. Look at the timeline: left and right move in time.",
    },
    {
      kind: "predict",
      lines,
      question: "The module counter was built for another release and is forced in. What happens?",
      choices: [
        { says: "it counts as before", when: [] },
        { says: "the kernel refuses it", when: [] },
        { says: "it reads a wrong field, and the kernel oopses", when: [] },
      ],
      answer: 2,
    },
    command("insmod counter.ko; ps"),
    { kind: "prose", lines, markdown: "This patch moved the field:" },
    {
      kind: "patch",
      name: "0003",
      release: undefined,
      lines,
      expected: [
        "--- a/include/linux/sched.ts",
        "+++ b/include/linux/sched.ts",
        "@@ -12,6 +12,7 @@",
        ' export interface task_struct extends struct<"task_struct"> {',
        "+  jobctl: unsigned_int;",
        "   tgid: pid_t;",
        "-  utrace_flags: unsigned_long;",
      ],
    },
    { kind: "prose", lines, markdown: "Nobody promised that the field would stay where it was." },
  ],
};

/** A client whose events come from scripts, one for each line typed or step played. */
export class FakeClient implements SessionClient {
  readonly script: EventScript = new EventScript();
  readonly on: EventEmitter<SessionSignals> = new EventEmitter();
  readonly typed: string[] = [];
  state: SessionState = { status: "building", release: "", seed: 7, timeNs: 0, boot: 0 };
  #line = "";

  get events(): readonly KernelEvent[] {
    return this.script.events;
  }

  append(write: (script: EventScript) => void): void {
    const before = this.script.events.length;
    write(this.script);
    this.on.emit("events", this.script.events.slice(before));
  }

  abandon(): void {}

  command: SessionClient["command"] = async <K extends Op>(request: { op: Op; text?: string }) => {
    if (request.op === "boot") {
      this.append(bootScript);
      this.state = { ...this.state, status: "waiting", release: "2.6.32-quicksand", boot: 1 };
    }
    if (request.op === "type" || request.op === "key") this.#type(request.text ?? "");
    const done = { kind: "done", answer: { end: "input" }, state: this.state, logHash: "0" };
    return done as unknown as Done<K> as Reply<K>;
  };

  #type(text: string): void {
    this.typed.push(text);
    this.append((script) => script.print(text));
    this.#line = text === "\n" ? "" : this.#line + text;
    if (text === "\n") this.append((script) => script.print("sh: only a fake\n$ "));
  }
}

/** The scenario above on a fake client. */
export function fakeSession(): OpenedSession & {
  readonly client: FakeClient;
  /** From now on commands print this, and not what the scenario expects. */
  failWith(actual: readonly string[]): void;
} {
  let failure: readonly string[] | undefined;
  const client = new FakeClient();
  const steps = stepsOf(FAKE_SCENARIO);
  const results: StepResult[] = [];
  const scripts = [straceScript, moduleScript];
  const player = {
    scenario: FAKE_SCENARIO,
    steps,
    results,
    start: async () =>
      (await client.command({ op: "boot", release: "2.6.32", seed: 7 })).kind === "done",
    next: async () => {
      const step = steps[results.length];
      if (step === undefined) return undefined;
      const firstSeq = client.events.length;
      const script = step.kind === "command" ? scripts.shift() : undefined;
      if (script !== undefined) client.append(script);
      const result: StepResult = {
        step,
        index: results.length,
        firstSeq,
        endSeq: client.events.length,
        ok: failure === undefined || step.kind !== "command",
        ...(failure === undefined ? {} : { actual: failure }),
        ...(step.kind === "reveal" ? { holding: [2] } : {}),
      };
      results.push(result);
      return result;
    },
    result: () => ({ diagnostics: [], bug: undefined }) as never,
  };
  const failWith = (actual: readonly string[]): void => {
    failure = actual;
  };
  const { title } = FAKE_SCENARIO.front;
  return { title, client, player, release: "2.6.32", seed: 7, failWith };
}
