/**
 * Where commands write. A reader that goes away (`quicksand list | head -1`) ends the process
 * quietly, as it ends any Unix tool.
 */

export interface Terminal {
  /** A line on standard output. */
  out(line: string): void;
  /** A line on standard error. */
  err(line: string): void;
  /** Raw text on standard output. */
  write(text: string): void;
  readonly isInteractive: boolean;
  /** What is going on, on a line that the next one replaces; an empty one clears it. */
  progress?(line: string): void;
}

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    write: (text) => void process.stdout.write(text),
    // A dumb terminal prints lines and cannot do more: it is served as a pipe is.
    isInteractive:
      process.stdout.isTTY === true &&
      process.stdin.isTTY === true &&
      process.env["TERM"] !== "dumb",
    ...(process.stderr.isTTY ? { progress: showProgress } : {}),
  };
}

function showProgress(line: string): void {
  process.stderr.write(`\r\x1b[K${line}`);
}
