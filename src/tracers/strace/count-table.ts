/**
 * strace -c: calls, errors and time in the kernel by name, the longest first.
 *
 * Source: strace 6.1, count.c (call_summary_pers). Time is the kernel's accounting, as wait4(2) reports
 * it, the tracer's stops included. Left out: `-S`, `-U`, `-w`.
 */
export interface CallCount {
  readonly nr: number;
  readonly name: string;
  calls: number;
  errors: number;
  /** Nanoseconds in the kernel. */
  timeNs: number;
}

const RULE = "------ ----------- ----------- --------- --------- ----------------\n";

export function countTable(counts: readonly CallCount[]): string {
  const rows = [...counts].sort((a, b) => b.timeNs - a.timeNs || a.nr - b.nr);
  const total: CallCount = { nr: 0, name: "total", calls: 0, errors: 0, timeNs: 0 };
  for (const { calls, errors, timeNs } of rows) {
    total.calls += calls;
    total.errors += errors;
    total.timeNs += timeNs;
  }
  const lines = rows.map((row) => line(row, total.timeNs));
  const head = `% time     seconds  usecs/call     calls    errors syscall\n${RULE}`;
  return `${head}${lines.join("")}${RULE}${line(total, total.timeNs)}`;
}

function line({ name, calls, errors, timeNs }: CallCount, totalNs: number): string {
  const share = totalNs === 0 ? (name === "total" ? 100 : 0) : (timeNs * 100) / totalNs;
  const cells = [
    share.toFixed(2).padStart(6),
    (timeNs / 1e9).toFixed(6).padStart(11),
    String(calls === 0 ? 0 : Math.floor(timeNs / 1e3 / calls)).padStart(11),
    String(calls).padStart(9),
    (errors === 0 ? "" : String(errors)).padStart(9),
    name,
  ];
  return `${cells.join(" ")}\n`;
}
