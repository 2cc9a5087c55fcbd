/**
 * What two straces may differ in and still say the same: process ids, addresses of the stack, times,
 * random bytes, and how the lines of several processes are interleaved. All is taken out of `strace -f
 * -o FILE`; a call that was interrupted by another process's line is put together again. SIGCHLD, which
 * comes when it comes, is left out, and so is the wait for a thread's end, which may be over already.
 */

/** The lines, process by process in order of appearance. */
export function comparableLines(text: string): string {
  const processes = new Map<string, string[]>();
  const open = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, pid = "", rest = ""] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (pid === "" || rest.startsWith("--- SIGCHLD ")) continue;
    const lines = processes.get(pid) ?? [];
    processes.set(pid, lines);
    const started = /^(.*) <unfinished \.\.\.>$/.exec(rest)?.[1];
    if (started !== undefined) {
      open.set(pid, started);
      continue;
    }
    const ended = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    lines.push(ended === undefined ? rest : `${open.get(pid) ?? "?"}${ended}`);
  }
  const names = new Map([...processes.keys()].map((pid, at) => [pid, `PID${at}`]));
  return [...processes]
    .flatMap(([pid, lines]) => lines.map((line) => `${names.get(pid)} ${neutral(line, names)}\n`))
    .filter((line) => !/FUTEX_WAIT, PID\d/.test(line))
    .join("");
}

function neutral(line: string, names: ReadonlyMap<string, string>): string {
  return line
    .replace(/\) +=/, ") =")
    .replace(/0x3f[\da-f]{8}/g, "0xSTACK")
    .replace(/tv_(sec|nsec|usec)=\d+/g, "tv_$1=T")
    .replace(/si_(u|s)time=\d+/g, "si_$1time=T")
    .replace(/(getrandom\()".*?"/, "$1BYTES")
    .replace(/\b\d{4,}\b/g, (number) => names.get(number) ?? number);
}
