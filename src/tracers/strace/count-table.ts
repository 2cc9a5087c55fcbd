/**
 * strace -c: calls and errors by name.
 *
 * Source: strace 6.1, count.c. Left out: time (always 0: the tracer cannot see how long the kernel
 * took), sorting.
 */
export interface CallCount {
  readonly nr: number;
  readonly name: string;
  calls: number;
  errors: number;
}

export function countTable(counts: readonly CallCount[]): string {
  const rule = "------ ----------- ----------- --------- --------- ----------------\n";
  let text = `% time     seconds  usecs/call     calls    errors syscall\n${rule}`;
  const rows = [...counts].sort((a, b) => a.nr - b.nr);
  for (const { name, calls, errors } of rows) text += row("0.00", "0", calls, errors, name);
  const calls = rows.reduce((sum, one) => sum + one.calls, 0);
  const errors = rows.reduce((sum, one) => sum + one.errors, 0);
  return `${text}${rule}${row("100.00", "0", calls, errors, "total")}`;
}

function row(percent: string, each: string, calls: number, errors: number, name: string): string {
  const cells = [
    percent.padStart(6),
    "0.000000".padStart(11),
    each.padStart(11),
    String(calls).padStart(9),
    (errors === 0 ? "" : String(errors)).padStart(9),
    name,
  ];
  return `${cells.join(" ")}\n`;
}
