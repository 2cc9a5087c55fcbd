/**
 * Small modules on utrace: a test writes the bodies of the callbacks, and gets them built in the form
 * that a release's revision wants, with the imports that they need, and run.
 */
import type { ReleaseImage, RootTree } from "#kernel";
import { defineTracer, runOne } from "#tracers";
import { cellParts, imageOf, treeHistory } from "./images.ts";

/** Every release that has utrace. */
export const UTRACE_TAGS: readonly string[] = treeHistory()
  .releases.filter(({ files }) => files["kernel/utrace.ts"] !== undefined)
  .map(({ tag }) => tag);

/** Those in which ptrace(2) stands on it. */
export const PTRACE_TAGS: readonly string[] = treeHistory()
  .releases.filter(({ files }) => files["kernel/ptrace-utrace.ts"] !== undefined)
  .map(({ tag }) => tag);

/** What follows the engine, and the task where a revision has it. */
const PARAMETERS = {
  report_quiesce: "event: unsigned_long",
  report_signal:
    "regs: ptr<pt_regs>, info: ptr<siginfo_t>, orig_ka: ptr<k_sigaction>, return_ka: ptr<k_sigaction>",
  report_clone: "clone_flags: unsigned_long, child: ptr<task_struct>",
  report_jctl: "type: int, notify: int",
  report_exec: "fmt: ptr<linux_binfmt>, bprm: ptr<linux_binprm>, regs: ptr<pt_regs>",
  report_syscall_entry: "regs: ptr<pt_regs>",
  report_syscall_exit: "regs: ptr<pt_regs>",
  report_exit: "orig_code: long, code: ptr<long>",
  report_death: "group_dead: bool, signal: int",
  report_reap: "",
  release: "",
} as const;

type CallbackName = keyof typeof PARAMETERS;

export interface EngineSpec {
  /** The event mask, as an expression. */
  readonly events: string;
  /** Statements of each callback; without a `return` at its end it goes on as it was told to. */
  readonly callbacks: { readonly [name in CallbackName]?: string };
}

export interface ModuleSpec {
  /** Attached in this order, to the thread that the parameter `pid` names. */
  readonly engines: Readonly<Record<string, EngineSpec>>;
  /** Functions and variables of its own. */
  readonly globals?: string;
  /** After the engines are attached, with `ret` to be set to what init returns. */
  readonly init?: string;
  /** Before they are let go of. */
  readonly exit?: string;
}

/** With the task argument, which the callbacks had until December 2009. */
const hasTask = (image: ReleaseImage): boolean =>
  /report_syscall_entry: \([^)]*task:/.test(image.headers["linux/utrace"] ?? "");

const PASSES_ON = "return (action & ~UTRACE_RESUME_MASK) | UTRACE_RESUME;";

function callback(engine: string, name: CallbackName, body: string, withTask: boolean): string {
  const own = PARAMETERS[name];
  const head = (parameters: readonly string[], result: string): string =>
    `function ${engine}_${name}(${parameters.filter((each) => each !== "").join(", ")}): ${result} {`;
  if (name === "release") return `${head(["data: voidp"], "void")}\n${body}\n}`;
  const e = "engine: ptr<utrace_engine>";
  const t = "task: ptr<task_struct>";
  if (name === "report_reap") return `${head([e, t], "void")}\n${body}\n}`;
  const hasAction = name !== "report_death";
  const end = /(?:^|[;\n])\s*return [^\n]*;\s*$/.test(body)
    ? ""
    : hasAction
      ? PASSES_ON
      : "return UTRACE_RESUME;";
  const parameters = [hasAction ? "action: u32" : "", e, withTask ? t : "", own];
  const current = withTask ? "" : "  const task: ptr<task_struct> = get_current();\n";
  return `${head(parameters, "u32")}\n${current}${body}\n${end}\n}`;
}

function engineSource(name: string, { callbacks }: EngineSpec, withTask: boolean): string {
  const named = Object.entries(callbacks) as [CallbackName, string][];
  const functions = named.map(([each, body]) => callback(name, each, body, withTask));
  const slots = named.map(([each]) => `  ${each}: ${name}_${each},`);
  return [
    `let ${name}: ptr<utrace_engine> = NULL;`,
    ...functions,
    `const ${name}_ops: utrace_engine_ops = {\n${slots.join("\n")}\n};`,
  ].join("\n");
}

function attachSource(name: string, { events }: EngineSpec): string {
  return `
  ${name} = utrace_attach_pid(target, UTRACE_ATTACH_CREATE, addr(${name}_ops), NULL);
  if (IS_ERR(${name})) return PTR_ERR(${name});
  ret = utrace_set_events_pid(target, ${name}, ${events});
  if (ret) return ret;`;
}

const detachSource = (name: string): string => `
  if (utrace_control_pid(target, ${name}, UTRACE_DETACH) === -EINPROGRESS) {
    utrace_barrier_pid(target, ${name});
  }
  utrace_engine_put(${name});`;

/** What modules have of linux/types, which no release writes itself. */
const TYPES =
  "addr array bool cast char cstring deref int long NULL pid_t ptr size_t sizeof store struct u32 u8 unsigned_int unsigned_long voidp".split(
    " ",
  );

/** `import` lines for every name of a header that `text` uses. */
function importsOf(text: string, image: ReleaseImage): string {
  const used = new Set(text.match(/\b[A-Za-z_]\w*\b/g));
  const lines = Object.entries(image.headers).flatMap(([header, source]) => {
    const names = [
      ...source.matchAll(/^export (?:declare )?(?:const|let|function|interface|type) (\w+)/gm),
    ]
      .map(([, name]) => name ?? "")
      .filter((name) => used.has(name));
    return names.length === 0 ? [] : [`import { ${names.join(", ")} } from "${header}";`];
  });
  const types = TYPES.filter((name) => used.has(name));
  return [...lines, `import { ${types.join(", ")} } from "linux/types";`].join("\n");
}

export function utraceModule(spec: ModuleSpec, image: ReleaseImage): string {
  const engines = Object.entries(spec.engines);
  const withTask = hasTask(image);
  const body = `
let target_pid: int = 0;
let target: ptr<pid> = NULL;
${spec.globals ?? ""}
${engines.map(([name, engine]) => engineSource(name, engine, withTask)).join("\n")}

function probe_init(): int {
  let ret: int = 0;
  target = find_get_pid(target_pid);
  if (!target) return -ESRCH;
${engines.map(([name, engine]) => attachSource(name, engine)).join("\n")}
${spec.init ?? ""}
  return ret;
}

function probe_exit(): void {
${spec.exit ?? ""}
${engines.map(([name]) => detachSource(name)).join("\n")}
  put_pid(target);
}

module_init(probe_init);
module_exit(probe_exit);
module_param_named("pid", target_pid, "int", 0o444);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("a test");
`;
  return `${importsOf(body, image)}\n${body}`;
}

export interface ModuleRun {
  readonly workload: string;
  readonly root?: RootTree;
  readonly seed?: number;
}

/** Lines that the module printed; or the kernel's complaint, if there was one. */
export function runModule(tag: string, spec: ModuleSpec, run: ModuleRun): readonly string[] {
  const image = imageOf(tag);
  const parts = cellParts(run.seed ?? 1);
  const declaration = defineTracer({
    house: "quicksand",
    name: "probe",
    summary: "a test",
    source: "probe.ts",
    home: tag,
    workload: run.workload,
    claim: () => [],
  });
  const text = utraceModule(spec, image);
  const { evidence } = runOne(
    { ...parts, root: { ...parts.root, ...run.root } },
    { declaration, text },
    "rebuilt",
    image,
  );
  const wrong = evidence.dmesg.filter((line) => /BUG|Oops|WARNING|Unable to handle/.test(line));
  return [...evidence.buildLog, ...evidence.reported, ...wrong];
}
