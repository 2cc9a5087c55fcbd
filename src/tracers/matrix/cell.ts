/**
 * One cell of the matrix: one tracer, in one delivery, on one release, really run. The tracer is
 * built if it has to be, a machine is booted, the workload runs under it, and what it reported is
 * held against what its claim makes of the machine's own record.
 *
 * Left out: what to run; `matrix.ts` makes the list.
 */
import {
  boot,
  bootLoaderFile,
  type Evaluate,
  type KernelEvent,
  type Machine,
  type ModuleKey,
  type ProgramImage,
  type ReleaseImage,
  type RootTree,
  type SchedulePolicy,
  type SliceEnd,
} from "#kernel";
import { assemble } from "../bytecode/assemble.ts";
import { bytecodeProgram } from "../bytecode/bytecode-program.ts";
import type { BytecodeTracer, Tracer, TracerDeclaration } from "../define-tracer.ts";
import type { Diagnostic } from "../kbuild/messages.ts";
import type { ModuleUses } from "../kbuild/module-uses.ts";
import type { BuildCache } from "./build-cache.ts";
import { judgeBytecode, judgeEvents, judgeReport, type Verdict, wasTurnedAway } from "./verdict.ts";

/** How the tracer reaches the machine. Programs and in-tree tracers are simply there. */
export type Delivery = "installed" | "rebuilt" | "prebuilt" | "forced";

/** What a cell needs of its surroundings. */
export interface CellParts {
  readonly builds: BuildCache;
  readonly evaluate: Evaluate;
  /** Whose signatures the machines trust. */
  readonly keys?: readonly ModuleKey[];
  /** The root file system that every cell starts from. */
  readonly root: RootTree;
  readonly seed: number;
  /** What the boot loader adds to the kernel's command line. */
  readonly commandLine?: string;
  /** Another scheduling than chance. */
  readonly policy?: SchedulePolicy | undefined;
}

export interface CellResult {
  readonly verdict: Verdict;
  /** Compiler messages, when the build failed. */
  readonly buildLog: readonly string[];
  /** The kernel log of the run. */
  readonly dmesg: readonly string[];
  /** What the claim expected, and what was reported. */
  readonly claimed: readonly string[];
  readonly reported: readonly string[];
  /** What insmod was told when the kernel did not take the module. */
  readonly refusal?: string;
  /** What the built module leans on. */
  readonly uses: ModuleUses | undefined;
  /** How the run ended; a workload that came to its end halts the machine. */
  readonly ended: SliceEnd | undefined;
  readonly logHash: string;
}

/** Virtual time that a workload may take. */
const CELL_TIME_MAX_NS = 60e9;
/** A workload that goes on for ever makes no more; the largest of the shipped ones makes a twentieth. */
const CELL_EVENTS_MAX = 100_000;
/** How often is asked whether the rest is worth running. */
const SLICE_EVENTS = 100;
/** Where programs and in-tree tracers leave their report. */
const REPORT_FILE = "/tmp/report";

const failedBuild = (diagnostics: readonly Diagnostic[]): CellResult => ({
  verdict: "build fails",
  buildLog: diagnostics.map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column}: ${code}: ${message}`,
  ),
  dmesg: [],
  claimed: [],
  reported: [],
  uses: undefined,
  ended: undefined,
  logHash: "",
});

/** Runs one cell. `home` is the release that a prebuilt form is built on. */
export function runCell(
  parts: CellParts,
  tracer: Tracer,
  delivery: Delivery,
  image: ReleaseImage,
  home: ReleaseImage,
): CellResult {
  const { declaration, text } = tracer;
  if (declaration.house === "bytecode") return runBytecode(parts, tracer, declaration, image);
  if (declaration.house !== "quicksand") {
    const ko = declaration.house === "blob" ? text : undefined;
    return { ...watch(parts, declaration, ko, delivery === "forced", image), uses: undefined };
  }
  const against = delivery === "rebuilt" ? image : home;
  const built = parts.builds.build(tracer, against);
  if (!built.ok) return failedBuild(built.diagnostics);
  return {
    ...watch(parts, declaration, built.ko, delivery === "forced", image),
    uses: built.uses,
  };
}

/** One object, whatever the release. A kernel without bpf(2) takes no program at all. */
function runBytecode(
  parts: CellParts,
  tracer: Tracer,
  declaration: BytecodeTracer,
  image: ReleaseImage,
): CellResult {
  const assembled = assemble(tracer.file ?? declaration.source, tracer.text);
  if (!assembled.ok) return failedBuild(assembled.complaints);
  const { object } = assembled;
  const program = bytecodeProgram(declaration.name, object, declaration.report);
  const ran = watch(parts, declaration, undefined, false, image, program);
  return { ...ran, uses: undefined };
}

/** The script that a cell's pid 1 runs. */
function scriptOf(tracer: TracerDeclaration, forced: boolean): string {
  const file = `/lib/modules/${tracer.name}.ko`;
  const names: Readonly<Record<TracerDeclaration["house"], readonly string[]>> = {
    quicksand: [`LOAD="insmod ${forced ? "-f " : ""}${file}"`, `UNLOAD="rmmod ${tracer.name}"`],
    blob: [`LOAD="insmod ${forced ? "-f " : ""}${file}"`, `UNLOAD="rmmod ${tracer.name}"`],
    rock: [`TRACE="/usr/bin/${tracer.name} -o ${REPORT_FILE}"`],
    bytecode: [`TRACE="/usr/bin/${tracer.name} -o ${REPORT_FILE}"`],
    "in-tree": [],
  };
  return [...names[tracer.house], tracer.workload, "poweroff", ""].join("\n");
}

function watch(
  parts: CellParts,
  tracer: TracerDeclaration,
  ko: string | undefined,
  forced: boolean,
  image: ReleaseImage,
  program?: ProgramImage,
): Omit<CellResult, "uses"> {
  const root: Record<string, RootTree[string]> = {
    ...parts.root,
    ...(parts.commandLine === undefined ? {} : bootLoaderFile(parts.commandLine)),
    "/root/workload": scriptOf(tracer, forced),
    "/tmp": { dir: true },
  };
  if (ko !== undefined) root[`/lib/modules/${tracer.name}.ko`] = ko;
  if (tracer.house === "rock") root[`/usr/bin/${tracer.name}`] = tracer.main;
  if (program !== undefined) root[`/usr/bin/${tracer.name}`] = program;
  const machine = boot({
    image,
    seed: parts.seed,
    policy: parts.policy,
    root,
    evaluate: parts.evaluate,
    compile: parts.builds.linkable,
    keys: parts.keys ?? [],
    init: ["/sbin/init", "/bin/sh", "/root/workload"],
  });
  machine.log.keep();
  const ended = runWorkload(machine);
  const { events } = machine.log;
  const dmesg = events.flatMap((event) => (event.kind === "printk" ? [event.text] : []));
  const reported = reportOf(tracer, events, machine.readFile(REPORT_FILE));
  // Before the claim has them: it is a learner's code, and may do with them what it likes.
  const happened =
    judgeEvents(events) ?? (tracer.house === "bytecode" ? judgeBytecode(events) : undefined);
  const refused = events.find((event) => event.kind === "module-refused");
  const refusal = refused?.kind === "module-refused" ? { refusal: refused.reason } : {};
  const claimed = tracer.claim({ events, watched: watchedPart(tracer, events) });
  return {
    verdict: happened ?? judgeReport(claimed, reported),
    ...refusal,
    buildLog: [],
    dmesg,
    claimed,
    reported,
    ended,
    logHash: machine.hash(),
  };
}

/** Runs to the end, or until nothing that is still to come could be about the tracer. */
function runWorkload(machine: Machine): SliceEnd {
  const refused: KernelEvent[] = [];
  machine.log.on("module-refused", (event) => refused.push(event));
  for (;;) {
    const eventsMax = Math.min(machine.log.seq + SLICE_EVENTS, CELL_EVENTS_MAX);
    const ended = machine.slice({ untilNs: CELL_TIME_MAX_NS, eventsMax, atInput: true });
    if (ended !== "limit" || machine.log.seq >= CELL_EVENTS_MAX) return ended;
    if (machine.nowNs >= CELL_TIME_MAX_NS || wasTurnedAway(refused)) return ended;
  }
}

/** A module reports to the kernel log; a program, to its output file. */
function reportOf(
  tracer: TracerDeclaration,
  events: readonly KernelEvent[],
  file: Uint8Array | undefined,
): readonly string[] {
  if (tracer.house === "rock" || tracer.house === "in-tree" || tracer.house === "bytecode")
    return textOf(file).split("\n").slice(0, -1);
  return events.flatMap((event) =>
    event.kind === "printk" && event.owner === tracer.name ? [event.text] : [],
  );
}

function textOf(bytes: Uint8Array | undefined): string {
  let text = "";
  for (const byte of bytes ?? []) text += String.fromCharCode(byte);
  return text;
}

/** Events between load and unload of a module; for the others, all of them. */
function watchedPart(
  tracer: TracerDeclaration,
  events: readonly KernelEvent[],
): readonly KernelEvent[] {
  if (tracer.house !== "quicksand" && tracer.house !== "blob") return events;
  const from = events.findIndex(
    (event) => event.kind === "module-load" && event.name === tracer.name,
  );
  if (from < 0) return [];
  const to = events.findIndex(
    (event) => event.kind === "module-unload" && event.name === tracer.name,
  );
  return events.slice(from, to < 0 ? undefined : to);
}
