/**
 * `quicksand exec`: runs a riscv64 ELF file of the host in a machine, with its standard streams passed
 * through byte for byte and its exit status as a shell would give it.
 *
 * Input that is not typed is read whole before the machine starts, which makes a run as deterministic
 * as any other. Left out: a terminal; programs find pipes.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import {
  boot,
  bootLoaderFile,
  HostInput,
  type Machine,
  type ProgramImage,
  type ReleaseImage,
} from "#kernel";
import { defineProgram, userlandRoot } from "#userland";
import { createEvaluator } from "../host/evaluate.ts";
import { readMount, writeBack } from "../host/mount.ts";
import { programTracers } from "../host/session-parts.ts";
import type { CliContext } from "./context.ts";
import { AuthorError } from "./exit-code.ts";
import { openRelease, type WhichRelease } from "./open-client.ts";
import { CMDLINE_OPTION, CONFIG_OPTION, parseSeed } from "./options.ts";

interface ExecOptions extends WhichRelease {
  readonly seed: number;
  readonly cmdline?: string;
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
/** What a shell would start it with. */
const PATH = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
const STREAMS = ["stdin", "stdout", "stderr"] as const;
const ENOENT = 2;
const O_RDWR = 2;

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

export function addExecCommand(program: Command, context: CliContext): void {
  program
    .command("exec")
    .summary("run a riscv64 program in a machine")
    .description(
      "Copies a riscv64 Linux ELF file into a machine and runs it there; its standard streams and its " +
        "exit status are passed through. A dynamically linked one finds its libraries in mounts.",
    )
    .argument("<program>", "the file on this host")
    .argument("[args...]", "its arguments")
    .option("--release <release>", "the release to boot")
    .option(...CONFIG_OPTION)
    .option(...CMDLINE_OPTION)
    .option("--seed <n>", "the machine's seed", parseSeed, 1)
    .option(
      "--env <name=value>",
      "a variable of its environment, where PATH is already; may be repeated",
      collect,
      [],
    )
    .option(
      "--mount <hostdir:/path[:ro|:rw]>",
      "a directory to copy in, and with rw out again at the end; may be repeated",
      collect,
      [],
    )
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
        yield* p.sys.setsid();
        for (const [fd, name] of STREAMS.entries()) {
          yield* p.sys.close(fd);
          yield* p.sys.open(`/dev/host/${name}`, O_RDWR);
        }
        const error = yield* p.sys.execve(path, argv, env);
        const why =
          error === -ENOENT
            ? "the interpreter that it names is not there; mount its libraries"
            : "not an ELF file that this machine can run";
        yield* p.error(`quicksand: ${argv[0]}: ${why}\n`);
        return error === -ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
      },
    },
  );

const PROGRAM_TID = 2;

/** The status that a shell would make of a wait status. */
const shellStatus = (status: number): number =>
  (status & 127) === 0 ? (status >> 8) & 255 : SIGNAL_BASE + (status & 127);

/** Runs to the end; without anything to do but read, waits for somebody to type. */
async function runToEnd(
  machine: Machine,
  typed: AsyncIterator<Uint8Array> | undefined,
  input: HostInput,
): Promise<void> {
  const limits = { untilNs: Number.POSITIVE_INFINITY, atInput: false };
  for (;;) {
    const end = machine.slice({ ...limits, eventsMax: machine.log.seq + SLICE_EVENTS });
    if (end === "halt") return;
    if (end !== "idle") continue;
    const next = await typed?.next();
    if (next === undefined) return;
    if (next.done === true) input.end();
    else input.push(next.value);
  }
}

async function runExec(
  file: string,
  args: readonly string[],
  options: ExecOptions,
  context: CliContext,
): Promise<void> {
  const { catalogue, release } = await openRelease(context.places, options);
  const image = catalogue.load(release ?? catalogue.defaultRelease);
  if ("code" in image) throw new AuthorError(image);
  const mounts = options.mount.map(readMount);
  const bytes = readProgram(file, context);
  if (bytes === undefined) return;
  const path = `/tmp/${basename(file)}`;
  const input = new HostInput();
  const isTyped = process.stdin.isTTY === true;
  if (!isTyped) {
    input.push(new Uint8Array(readFileSync(0)));
    input.end();
  }
  const hasPath = options.env.some((text) => text.startsWith("PATH="));
  const environment = hasPath ? options.env : [PATH, ...options.env];
  const machine = boot({
    image: image as ReleaseImage,
    seed: options.seed,
    root: {
      ...userlandRoot(),
      ...programTracers(),
      ...(options.cmdline === undefined ? {} : bootLoaderFile(options.cmdline)),
      ...Object.assign({}, ...mounts.map(({ files }) => files)),
      [path]: bytes,
      "/sbin/init": launcher(path, [file, ...args], environment),
    },
    streams: {
      input,
      output: (chunk) => void process.stdout.write(chunk),
      error: (chunk) => void process.stderr.write(chunk),
    },
    evaluate: createEvaluator(),
  });
  let status = shellStatus(0);
  machine.log.on("exit", (event) => {
    if (event.tid === PROGRAM_TID) status = shellStatus(event.status);
  });
  await runToEnd(machine, isTyped ? process.stdin[Symbol.asyncIterator]() : undefined, input);
  const disk = mounts.some(({ isWritable }) => isWritable) ? machine.takeDisk() : [];
  for (const mount of mounts)
    writeBack(mount, (at) => {
      const inside = disk.filter(({ path: p }) => p.startsWith(`${at.replace(/\/$/, "")}/`));
      return new Map(
        inside.flatMap(({ path: p, content }) =>
          content instanceof Uint8Array ? [[p, content] as const] : [],
        ),
      );
    });
  context.exit(status);
}
