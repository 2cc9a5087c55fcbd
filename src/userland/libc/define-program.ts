/**
 * Turns ordinary functions over a `Proc` into a program image that execve(2) can start.
 *
 * Left out: constructors, atexit. An entry's own return is the process's exit status (main) or the
 * end of the thread or handler.
 */
import { type Entry, entryAddress, type ProgramImage } from "#kernel";
import { Proc } from "./proc.ts";

/** Code of a process: `main`, a child's start, a thread's function, a signal handler. */
export type ProcMain = (p: Proc) => Generator<number | undefined, number, void>;

/** `main` is entry 0; the others get addresses in the order in which they are written. */
export function defineProgram(
  name: string,
  main: ProcMain,
  entries: Readonly<Record<string, ProcMain>> = {},
): ProgramImage {
  const all: Readonly<Record<string, ProcMain>> = { main, ...entries };
  const names = Object.keys(all);
  const images: Record<string, Entry> = {};
  for (const key of names) {
    const start = all[key] as ProcMain;
    images[key] = (cpu, arg) => start(new Proc(cpu, arg, names, entryAddress));
  }
  return { name, entries: images };
}
