/**
 * The one typed door through which the tree reaches the core: a table of functions with C
 * prototypes, and the hook sites. The header "core/port" that tree sources import is made from it.
 *
 * Core code behind a row is the same for every release: what history changes is in the tree.
 */
import type { PortRow } from "./port/context.ts";
import { ROWS_BASE } from "./port/rows-base.ts";
import { ROWS_BPF } from "./port/rows-bpf.ts";
import { ROWS_FILE } from "./port/rows-file.ts";
import { ROWS_PTRACE } from "./port/rows-ptrace.ts";
import { ROWS_SYSCALL } from "./port/rows-syscall.ts";
import { ROWS_TASK } from "./port/rows-task.ts";
import { ROWS_TEXT } from "./port/rows-text.ts";
import { ROWS_TIME } from "./port/rows-time.ts";
import { HOOK_SITES } from "./port/sites.ts";

export const PORT_ROWS: readonly PortRow[] = [
  ...ROWS_BASE,
  ...ROWS_TASK,
  ...ROWS_TEXT,
  ...ROWS_TIME,
  ...ROWS_FILE,
  ...ROWS_SYSCALL,
  ...ROWS_PTRACE,
  ...ROWS_BPF,
];

/** Types that prototypes name, by the header that defines them. */
const TYPES_OF: Readonly<Record<string, readonly string[]>> = {
  "linux/debugfs": ["file_store", "seq_file", "seq_show"],
  "linux/fs": ["file"],
  "linux/pid": ["pid"],
  "linux/sched": ["task_struct"],
  "linux/signal": ["k_sigaction", "siginfo_t"],
  "linux/spinlock": ["spinlock_t"],
};

const BASE_TYPES = [
  "char",
  "cstring",
  "int",
  "long",
  "ptr",
  "size_t",
  "u64",
  "unsigned_int",
  "unsigned_long",
  "varargs",
  "voidp",
];

/** Source of the header "core/port". */
export function portHeader(): string {
  const imports = Object.entries(TYPES_OF).map(
    ([header, names]) => `import type { ${names.join(", ")} } from "${header}";`,
  );
  return [
    "/** Generated from the port's table: what the core offers to the tree. */",
    ...imports,
    `import { ${BASE_TYPES.join(", ")} } from "linux/types";`,
    ...HOOK_SITES.map((site, index) => `export const HOOK_${site} = ${index};`),
    ...PORT_ROWS.map((row) => `export declare function ${row.proto};`),
    "",
  ].join("\n");
}
