/**
 * functrace as a tracer of the matrix: breakpoints in an ELF program, on the rock of ptrace(2). It is
 * held against the sum that the traced program prints.
 */
import { callsRuns } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";
import { FUNCTRACE } from "./functrace.ts";

/** The two functions of the program that call each other, with their arguments and results. */
const claim = ({ events }: History): readonly string[] =>
  callsRuns(events).flatMap(({ count }) => {
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    const sum = numbers.reduce((total, n) => total + n * n, 0);
    return [
      `      sum_of_squares(${count})`,
      ...numbers.flatMap((n) => [`        square(${n})`, `        square(${n}) = ${n * n}`]),
      `      sum_of_squares(${count}) = ${sum}`,
    ];
  });

export const tracer: TracerDeclaration = defineTracer({
  house: "rock",
  name: "functrace",
  summary: "prints the calls of a program's functions, by breakpoints over ptrace(2)",
  main: FUNCTRACE,
  workload: `
functrace calls 3 2> /tmp/all
grep square /tmp/all > /tmp/report
`,
  claim,
});
