/**
 * The list of system calls that the machine answers, as a Markdown table read off the kernel's own:
 * what a row claims is what the table shows, and what has no row is listed as missing.
 */
import { SYSCALL_NUMBERS } from "#abi";
import { SYSCALLS } from "#kernel";

const LEVELS = ["full", "partial", "stub", "none"] as const;

type Level = (typeof LEVELS)[number];

interface Support {
  readonly nr: number;
  readonly name: string;
  readonly level: Level;
  readonly note: string;
}

/** Every call of Linux 6.1 for riscv64, in order of number. */
function allCalls(): readonly Support[] {
  const rows = new Map(SYSCALLS.map((row) => [row.nr, row]));
  return Object.entries(SYSCALL_NUMBERS)
    .map(([name, nr]): Support => {
      const row = rows.get(nr);
      return { nr, name, level: row?.support ?? "none", note: row?.note ?? "" };
    })
    .sort((a, b) => a.nr - b.nr);
}

const INTRODUCTION = `# System calls

Generated from the kernel's system-call table by \`npm run docs\`; do not edit. Numbers are those of
riscv64, names those of Linux 6.1.

- **full**: behaves as Linux's, as far as a program can tell.
- **partial**: what is missing stands in the note.
- **stub**: answers, and does nothing.
- **none**: the answer is \`ENOSYS\`, and a \`syscall-unknown\` event.
`;

/** docs/system-calls.md. */
export function syscallSupport(): string {
  const calls = allCalls();
  const counts = LEVELS.map(
    (level) => `${calls.filter((call) => call.level === level).length} ${level}`,
  );
  const rows = calls
    .filter(({ level }) => level !== "none")
    .map(({ nr, name, level, note }) => `| ${nr} | \`${name}\` | ${level} | ${cell(note)} |`);
  const missing = calls.filter(({ level }) => level === "none");
  return [
    INTRODUCTION,
    `Of ${calls.length} calls: ${counts.join(", ")}.\n`,
    "| number | name | support | note |",
    "|---:|---|---|---|",
    ...rows,
    "\n## Missing\n",
    "| number | name |",
    "|---:|---|",
    ...missing.map(({ nr, name }) => `| ${nr} | \`${name}\` |`),
    "",
  ].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
