/**
 * The files that a filter reads: its operands in order, `-` and none at all being standard input.
 */
import { O_RDONLY } from "#abi";
import { decodeUtf8 } from "#kernel";
import type { Proc } from "./proc.ts";
import type { UserCall } from "./trap.ts";

export interface InputText {
  /** The operand, `-` for standard input. */
  readonly name: string;
  readonly text: string;
}

/** All inputs as texts; `problems` counts those that could not be read (a message was printed). */
export function* readInputs(
  p: Proc,
  operands: readonly string[],
): UserCall<{ inputs: InputText[]; problems: number }> {
  const inputs: InputText[] = [];
  let problems = 0;
  for (const name of operands.length === 0 ? ["-"] : operands) {
    const fd = name === "-" ? 0 : yield* p.sys.open(name, O_RDONLY);
    const bytes = fd < 0 ? fd : yield* p.readAll(fd);
    if (fd > 0) yield* p.sys.close(fd);
    if (typeof bytes !== "number") inputs.push({ name, text: decodeUtf8(bytes) });
    else {
      yield* p.error(`${p.argv[0]}: ${name}: ${p.strerror(bytes)}\n`);
      problems += 1;
    }
  }
  return { inputs, problems };
}

/** Lines without their newlines; a text that does not end in one has its rest as a last line. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
