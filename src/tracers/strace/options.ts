/**
 * strace's command line: `-f -o FILE -c -p PID -e trace=SET -s SIZE -q`, then a program.
 *
 * Source: strace(1), version 6.1.
 * Left out: everything about time stamps, injection, output in other shapes.
 */
import { callName, callSignatures, SYSCALL_CLASSES } from "./call-sets.ts";

export interface StraceOptions {
  readonly follow: boolean;
  readonly count: boolean;
  readonly quiet: boolean;
  readonly output: string | null;
  readonly pids: readonly number[];
  /** Names of the calls to show; null shows all. */
  readonly calls: ReadonlySet<string> | null;
  /** Longest string that is printed in full. */
  readonly stringLimit: number;
  readonly command: readonly string[];
}

type Draft = { -readonly [K in keyof StraceOptions]: StraceOptions[K] };

/** The options, or a complaint without `strace: ` in front. */
export function parseStraceOptions(argv: readonly string[]): StraceOptions | string {
  const draft: Draft = {
    follow: false,
    count: false,
    quiet: false,
    output: null,
    pids: [],
    calls: null,
    stringLimit: 32,
    command: [],
  };
  const words = argv.slice(1);
  while ((words[0] ?? "").startsWith("-") && words[0] !== "-") {
    const word = words.shift() ?? "";
    if (word === "--") break;
    const wrong = readOption(draft, word, words);
    if (wrong !== null) return wrong;
  }
  draft.command = words;
  if (words.length === 0 && draft.pids.length === 0) return "must have PROG [ARGS] or -p PID";
  return draft;
}

const FLAGS: Readonly<Record<string, (draft: Draft) => void>> = {
  f: (draft) => {
    draft.follow = true;
  },
  c: (draft) => {
    draft.count = true;
  },
  q: (draft) => {
    draft.quiet = true;
  },
};

/** Each answers a complaint or null. */
const VALUES: Readonly<Record<string, (draft: Draft, value: string) => string | null>> = {
  o: (draft, value) => {
    draft.output = value;
    return null;
  },
  p: (draft, value) => {
    const pids = value.split(/[\s,]+/).filter((text) => text !== "");
    const wrong = pids.find((text) => !/^[1-9]\d*$/.test(text));
    if (wrong !== undefined || pids.length === 0) return `Invalid process id: '${wrong ?? value}'`;
    draft.pids = [...draft.pids, ...pids.map(Number)];
    return null;
  },
  s: (draft, value) => {
    if (!/^\d+$/.test(value)) return `invalid -s argument: '${value}'`;
    draft.stringLimit = Number(value);
    return null;
  },
  e: (draft, value) => {
    const set = callSet(value.replace(/^(?:trace|t)=/, ""));
    if (typeof set === "string") return set;
    draft.calls = set;
    return null;
  },
};

function readOption(draft: Draft, word: string, words: string[]): string | null {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? "";
    const flag = FLAGS[letter];
    if (flag !== undefined) {
      flag(draft);
      continue;
    }
    const take = VALUES[letter];
    if (take === undefined) return `invalid option -- '${letter}'`;
    const value = at + 1 < word.length ? word.slice(at + 1) : words.shift();
    if (value === undefined) return `option requires an argument -- '${letter}'`;
    return take(draft, value);
  }
  return null;
}

/** `a,b`, `%file`, `!a,b`, `all`, `none`; a text is a complaint, null means all. */
function callSet(text: string): ReadonlySet<string> | null | string {
  const negated = text.startsWith("!");
  const names = new Set<string>();
  const everything = callSignatures().map((signature) => signature.name);
  for (const word of (negated ? text.slice(1) : text).split(",")) {
    const members = word === "all" ? everything : word === "none" ? [] : membersOf(word);
    if (members === null) return `invalid system call '${word}'`;
    for (const name of members) names.add(name);
  }
  if (text === "all") return null;
  return negated ? new Set(everything.filter((name) => !names.has(name))) : names;
}

function membersOf(word: string): readonly string[] | null {
  const optional = word.startsWith("?");
  const name = optional ? word.slice(1) : word;
  const members = SYSCALL_CLASSES[name.replace(/^%/, "")];
  if (members !== undefined && (name.startsWith("%") || !isCall(name))) return members();
  if (isCall(name)) return [name];
  return optional ? [] : null;
}

function isCall(name: string): boolean {
  return callSignatures().some((signature) => signature.name === name) || knownNames().has(name);
}

function knownNames(): ReadonlySet<string> {
  return new Set(Array.from({ length: 512 }, (_, nr) => callName(nr)));
}
