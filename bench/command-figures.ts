/** What a person waits for at the command line: time until something is there to read. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CLI = `${ROOT}dist/cli.js`;

/** Milliseconds from the start of a command until its output matches `wanted`; NaN if it never does. */
function untilOutput(command: string, args: readonly string[], wanted: RegExp): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn(command, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    let seenMs = Number.NaN;
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (!wanted.test(text)) return;
      seenMs = performance.now() - start;
      child.kill("SIGKILL");
    });
    child.on("error", () => resolve(Number.NaN));
    child.on("close", () => resolve(seenMs));
  });
}

/** Best of five: what the command costs, not what the machine was doing. */
async function best(measure: () => Promise<number>): Promise<number> {
  let found = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 5; turn++) found = Math.min(found, await measure());
  return found;
}

/** Until the first step of a scenario without a build is reported. */
export function firstOutputMs(): Promise<number> {
  return best(() =>
    untilOutput(process.execPath, [CLI, "run", "01-trace-a-call"], /Seeing a system call/),
  );
}

/** Until the terminal UI has drawn its first screen, on a terminal that script(1) makes. */
export function firstFrameMs(): Promise<number> {
  const command = `stty rows 24 cols 80; exec ${process.execPath} ${CLI}`;
  return best(() => untilOutput("script", ["-qfec", command, "/dev/null"], /Seeing a system call/));
}
