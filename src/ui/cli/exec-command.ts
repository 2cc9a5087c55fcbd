/**
 * `quicksand exec`: runs a static riscv64 ELF file of the host in a machine, with its standard output
 * passed through and its exit status as a shell would give it.
 *
 * What is copied in is never written back. Left out: writable mounts, typing while it runs, and
 * output that is not text.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, posix } from "node:path";
import type { Command } from "commander";
import { boot, type ProgramImage, type ReleaseImage } from "#kernel";
import { defineProgram, userlandRoot } from "#userland";
import { createEvaluator } from "../host/evaluate.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { openCatalogue } from "./open-client.ts";
import { parseSeed } from "./options.ts";

interface ExecOptions {
  readonly release?: string;
  readonly seed: number;
  readonly env: readonly string[];
  readonly mount: readonly string[];
}

/** Exit statuses of a shell: not executable, not found, and what is added to a signal. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;
const SIGNAL_BASE = 128;
/** Events between two looks at the output. */
const SLICE_EVENTS = 100_000;
const MACHINE_POWER_OFF = 0x4321fedc;
const INPUT = "/tmp/.standard-input";

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function addExecCommand(program: Command, context: CliContext): void {
  program
    .command("exec")
    .summary("run a static riscv64 program in a machine")
    .description(
      "Copies a static riscv64 Linux ELF file into a machine and runs it there: its standard input is " +
        "read whole first, its output and exit status are passed through.",
    )
    .argument("<program>", "the file on this host")
    .argument("[args...]", "its arguments")
    .option("--release <release>", "the release to boot")
    .option("--seed <n>", "the machine's seed", parseSeed, 1)
    .option("--env <name=value>", "a variable of its environment; may be repeated", collect, [])
    .option("--mount <hostdir:/path[:ro]>", "a directory to copy in; may be repeated", collect, [])
    .passThroughOptions()
    .action((file: string, args: readonly string[], options: ExecOptions) =>
      runExec(file, args, options, context),
    );
}

/** A host file's bytes, or the command ends as a shell would end it. */
function readProgram(file: string, context: CliContext): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isMissing = code === "ENOENT" || code === "ENOTDIR";
    context.terminal.err(
      `quicksand: ${file}: ${isMissing ? "no such file" : `cannot be read (${code})`}`,
    );
    context.exit(isMissing ? NOT_FOUND : NOT_EXECUTABLE);
    return undefined;
  }
}

/** The files of a mount, by their paths in the machine. */
function readMount(mount: string): Record<string, Uint8Array | { dir: true }> {
  const [host = "", at = "", mode = "ro", ...rest] = mount.split(":");
  if (host === "" || !at.startsWith("/") || rest.length > 0)
    throw usageError("QS1120", `a mount is HOSTDIR:/path, not "${mount}"`);
  if (mode !== "ro")
    throw usageError("QS1121", `mount "${mount}": only :ro is there; files are copied in`);
  if (statSync(host, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw usageError("QS1122", `mount "${mount}": there is no directory ${host}`);
  const files: Record<string, Uint8Array | { dir: true }> = { [at]: { dir: true } };
  for (const name of readdirSync(host, { recursive: true, encoding: "utf8" }).sort()) {
    const stat = statSync(join(host, name), { throwIfNoEntry: false });
    const path = posix.join(at, name);
    if (stat?.isDirectory() === true) files[path] = { dir: true };
    else if (stat?.isFile() === true) files[path] = new Uint8Array(readFileSync(join(host, name)));
  }
  return files;
}

/** pid 1: starts the program, waits for it and switches the machine off. */
const launcher = (path: string, argv: readonly string[], env: readonly string[]): ProgramImage =>
  defineProgram(
    "init",
    function* (p) {
      const child = yield* p.sys.spawn(p.entry("child"));
      for (;;) {
        const found = yield* p.sys.wait4(-1);
        if (typeof found === "number" || found.pid === child) break;
      }
      yield* p.sys.reboot(MACHINE_POWER_OFF);
      return 0;
    },
    {
      *child(p) {
        yield* p.sys.close(0);
        yield* p.sys.open(INPUT, 0);
        yield* p.sys.unlink(INPUT);
        const error = yield* p.sys.execve(path, argv, env);
        yield* p.error(`quicksand: ${argv[0]}: not a static riscv64 ELF file\n`);
        return error < 0 ? NOT_EXECUTABLE : 0;
      },
    },
  );

const PROGRAM_TID = 2;

/** The status that a shell would make of a wait status. */
const shellStatus = (status: number): number =>
  (status & 127) === 0 ? (status >> 8) & 255 : SIGNAL_BASE + (status & 127);

function runExec(
  file: string,
  args: readonly string[],
  options: ExecOptions,
  context: CliContext,
): void {
  const catalogue = openCatalogue(context.places);
  const image = catalogue.load(options.release ?? catalogue.defaultRelease);
  if ("code" in image) throw new AuthorError(image);
  const mounts = options.mount.map(readMount);
  const bytes = readProgram(file, context);
  if (bytes === undefined) return;
  const path = `/tmp/${basename(file)}`;
  const input = process.stdin.isTTY ? new Uint8Array(0) : new Uint8Array(readFileSync(0));
  const machine = boot({
    image: image as ReleaseImage,
    seed: options.seed,
    root: {
      ...userlandRoot(),
      ...Object.assign({}, ...mounts),
      [path]: bytes,
      [INPUT]: input,
      "/sbin/init": launcher(path, [file, ...args], options.env),
    },
    evaluate: createEvaluator(),
  });
  let status = shellStatus(0);
  machine.log.on("tty-write", (event) => context.terminal.write(event.text));
  machine.log.on("exit", (event) => {
    if (event.tid === PROGRAM_TID) status = shellStatus(event.status);
  });
  while (machine.halt === undefined)
    machine.slice({ untilNs: Number.POSITIVE_INFINITY, eventsMax: SLICE_EVENTS, atInput: false });
  context.exit(status);
}
