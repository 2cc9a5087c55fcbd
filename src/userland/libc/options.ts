/**
 * Command-line options as getopt(3) finds them, short ones only plus whole-word long ones.
 */
import type { Proc } from "./proc.ts";
import type { UserCall } from "./trap.ts";

export interface Options {
  readonly flags: ReadonlySet<string>;
  /** Values of the options that take one; the last counts. */
  readonly values: ReadonlyMap<string, string>;
  /** All of them, in the order in which they were given. */
  readonly all: readonly (readonly [letter: string, value: string])[];
  readonly operands: readonly string[];
}

/**
 * Reads argv by a getopt string (`"ln:"`: `-l`, and `-n` with a value); long options are listed
 * without their dashes. null after a message. Options may stand after operands, as in GNU tools,
 * unless the string starts with `+`.
 */
export function* parseOptions(
  p: Proc,
  argv: readonly string[],
  short: string,
  long: readonly string[] = [],
): UserCall<Options | null> {
  const flags = new Set<string>();
  const all: (readonly [string, string])[] = [];
  const operands: string[] = [];
  const words = argv.slice(1);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      operands.push(...words);
      break;
    }
    if (word.startsWith("--")) {
      if (!long.includes(word.slice(2)))
        return yield* refuse(p, argv, `unrecognized option '${word}'`);
      flags.add(word.slice(2));
    } else if (word.startsWith("-") && word !== "-") {
      const wrong = readShort(word.slice(1), short, words, flags, all);
      if (wrong !== null) return yield* refuse(p, argv, wrong);
    } else {
      operands.push(word);
      if (short.startsWith("+")) {
        operands.push(...words);
        break;
      }
    }
  }
  return { flags, values: new Map(all), all, operands };
}

/** Reads `-abc` or `-nVALUE`; what is wrong with it, or null. */
function readShort(
  letters: string,
  short: string,
  words: string[],
  flags: Set<string>,
  all: (readonly [string, string])[],
): string | null {
  for (const [index, letter] of [...letters].entries()) {
    const at = /[\w]/.test(letter) ? short.indexOf(letter) : -1;
    if (at < 0) return `invalid option -- '${letter}'`;
    flags.add(letter);
    if (short[at + 1] !== ":") continue;
    const value = index + 1 < letters.length ? letters.slice(index + 1) : words.shift();
    if (value === undefined) return `option requires an argument -- '${letter}'`;
    all.push([letter, value]);
    break;
  }
  return null;
}

function* refuse(p: Proc, argv: readonly string[], text: string): UserCall<null> {
  yield* p.error(`${argv[0]}: ${text}\n`);
  return null;
}
