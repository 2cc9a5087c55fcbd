/**
 * Keeps an eye on a learner's TypeScript as it runs: at which statement it is, and how many have
 * run. So an endless loop ends, and whatever is thrown can be told with its line.
 *
 * Left out: what one expression does by itself (a regular expression, a huge `repeat`). The watchdog
 * of `pool-worker.ts` ends those, and reads the place in the memory that both threads share.
 */
import { LEARNER_STATEMENTS_MAX } from "./limits.ts";

/** Thrown into code that does not come to an end. */
export class EndlessCode extends Error {
  override readonly name: string = "EndlessCode";
}

/** Where code is: counted from 1, and 0 while none of it runs. */
export interface CodePlace {
  readonly line: number;
  readonly column: number;
}

/** Memory for a meter's place. */
export const placeMemory = (): SharedArrayBuffer => new SharedArrayBuffer(8);

export function readPlace(memory: SharedArrayBuffer): CodePlace {
  const [line = 0, column = 0] = new Int32Array(memory);
  return { line, column };
}

export class CodeMeter {
  readonly #memory: SharedArrayBuffer;
  readonly #place: Int32Array;
  #left: number = LEARNER_STATEMENTS_MAX;

  constructor(memory: SharedArrayBuffer = placeMemory()) {
    this.#memory = memory;
    this.#place = new Int32Array(memory);
  }

  get place(): CodePlace {
    return readPlace(this.#memory);
  }

  /** What `meterStatements` has called before each statement. */
  readonly at = (line: number, column: number): void => {
    this.#place[0] = line;
    this.#place[1] = column;
    if (--this.#left >= 0) return;
    const millions = LEARNER_STATEMENTS_MAX / 1e6;
    throw new EndlessCode(`still running after ${millions} million statements: an endless loop?`);
  };

  refuel(): void {
    this.#left = LEARNER_STATEMENTS_MAX;
  }

  /** The code has returned, or waits in a system call. */
  leave(): void {
    this.#place[0] = 0;
  }
}
