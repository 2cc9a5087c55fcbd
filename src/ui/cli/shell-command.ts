/**
 * `quicksand shell`: a terminal on a machine, without the TUI. With a terminal the machine is paced to
 * the wall clock from here, by running it for as many virtual nanoseconds as have passed; otherwise
 * standard input is typed as it comes, and time jumps.
 */
import type { Command } from "commander";
import type { ExtraFiles, Reply, SessionClient } from "../host/client.ts";
import { readMount } from "../host/mount.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT, usageError } from "./exit-code.ts";
import { openClient, openRelease, treeFault, type WhichRelease } from "./open-client.ts";
import { CMDLINE_OPTION, CONFIG_OPTION, parseSeed, repeated, TREE_OPTION } from "./options.ts";

interface ShellOptions extends WhichRelease {
  readonly seed: number;
  readonly cmdline?: string;
  readonly mount: readonly string[];
}

/** ^], as telnet(1) has it. */
const ESCAPE = "\x1d";
/** How often virtual time catches up with the wall clock. */
const PACE_MS = 20;

export function addShellCommand(program: Command, context: CliContext): void {
  program
    .command("shell")
    .summary("a terminal on a machine")
    .description(
      "Boots a machine and gives you its console. Ctrl-] leaves. Without a terminal, standard " +
        "input is typed line by line.",
    )
    .option("--release <release>", "the release to boot")
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option("--seed <n>", "the machine's seed", parseSeed, 1)
    .option(...CMDLINE_OPTION)
    .option("--mount <hostdir:/path[:ro]>", "a directory to copy in; may be repeated", repeated, [])
    .action((options: ShellOptions) => runShell(options, context));
}

/** Throws for a refusal, ends the command for a bug. True when the session goes on. */
function settle(reply: Reply, context: CliContext): boolean {
  if (reply.kind === "refused") throw new AuthorError(...reply.diagnostics);
  if (reply.kind === "done") return reply.state.status !== "halted";
  context.reportBug(reply);
  context.exit(EXIT.bug);
  return false;
}

/** Whose fault it is when the kernel's own checks fail. */
function blaming({ tree }: ShellOptions, context: CliContext): CliContext {
  if (tree === undefined) return context;
  return {
    ...context,
    reportBug: ({ message }) => {
      throw treeFault(message, tree);
    },
  };
}

async function runShell(options: ShellOptions, given: CliContext): Promise<void> {
  const context = blaming(options, given);
  const mounts = options.mount.map(readMount);
  const writable = mounts.find(({ isWritable }) => isWritable);
  if (writable !== undefined)
    throw usageError(
      "QS1123",
      `a shell's mounts are copied in only: ${writable.host} cannot be rw`,
    );
  const { catalogue, release = catalogue.defaultRelease } = await openRelease(
    context.places,
    options,
  );
  const client = await openClient(context.places, catalogue);
  client.on.on("events", (batch) => {
    for (const event of batch) if (event.kind === "tty-write") context.terminal.write(event.text);
  });
  const files = Object.assign(
    {},
    ...mounts.map((mount) => mount.files),
    // Whoever is root in the machine may change it for the next boot.
    options.cmdline === undefined ? {} : (await import("#kernel")).bootLoaderFile(options.cmdline),
  ) as ExtraFiles;
  const booted = await client.command({ op: "boot", release, seed: options.seed, files });
  if (!settle(booted, context)) return;
  if (!settle(await client.command({ op: "run", until: "input" }), context)) return;
  await (context.terminal.isInteractive ? interact(client, context) : feed(client, context));
  await client.command({ op: "dispose" });
}

/** Types standard input, a line when the machine waits for one. */
async function feed(client: SessionClient, context: CliContext): Promise<void> {
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    await client.command({ op: "type", text: `${line}\n` });
    if (!settle(await client.command({ op: "run", until: "input" }), context)) return;
  }
  context.terminal.write("\n");
}

/** Passes keys on and keeps time until the machine halts or the escape key is pressed. */
async function interact(client: SessionClient, context: CliContext): Promise<void> {
  const { stdin } = process;
  let left = false;
  const onKeys = (chunk: Buffer): void => {
    const text = chunk.toString("utf8");
    if (text.includes(ESCAPE)) left = true;
    else void client.command({ op: "type", text });
  };
  stdin.setRawMode(true);
  stdin.on("data", onKeys);
  try {
    let before = performance.now();
    while (!left) {
      await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      const now = performance.now();
      const ns = Math.round((now - before) * 1e6);
      before = now;
      if (!settle(await client.command({ op: "run", until: { ns } }), context)) break;
    }
  } finally {
    stdin.setRawMode(false);
    stdin.off("data", onKeys);
    stdin.pause();
  }
}
