/**
 * strace's command line: `-f -o FILE -c -p PID -e trace=SET -e inject=SET:... -s SIZE -q`, then a
 * program.
 *
 * Source: strace(1), version 6.1.
 * Left out: everything about time stamps, injected signals and delays, output in other shapes.
 */
import { errnoName } from "#abi";
import { callName, callSignatures, SYSCALL_CLASSES } from "./call-sets.ts";

const ERRNO_MAX = 133;

export interface StraceOptions {
  readonly follow: boolean;
  readonly count: boolean;
  readonly quiet: boolean;
  readonly output: string | null;
  readonly pids: readonly number[];
  /** Names of the calls to show; null shows all. */
  readonly calls: ReadonlySet<string> | null;
  /** What calls are made to fail, and how. */
  readonly injections: readonly Injection[];
  /** Longest string that is printed in full. */
  readonly stringLimit: number;
  readonly command: readonly string[];
}

/** `-e inject=SET:error=NAME|retval=N[:when=FIRST[..LAST][+[STEP]]]`. */
export interface Injection {
  readonly calls: ReadonlySet<string>;
  /** What the call answers: -errno, or a value. */
  readonly result: number;
  readonly first: number;
  readonly last: number;
  /** Every so many times from the first on; 0 is once. */
  readonly step: number;
}

/** Is it the turn of the `time`th call? */
export function isDue({ first, last, step }: Injection, time: number): boolean {
  if (time < first || time > last) return false;
  return step === 0 ? time === first : (time - first) % step === 0;
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
    injections: [],
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
    if (value.startsWith("inject=")) {
      const injection = parseInjection(value.slice("inject=".length));
      if (typeof injection === "string") return injection;
      draft.injections = [...draft.injections, injection];
      return null;
    }
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

function parseInjection(text: string): Injection | string {
  const [set = "", ...parts] = text.split(":");
  const calls = callSet(set);
  if (typeof calls === "string") return calls;
  const everything = new Set(callSignatures().map(({ name }) => name));
  let result: number | undefined;
  let when = { first: 1, last: Number.POSITIVE_INFINITY, step: 1 };
  for (const part of parts) {
    const [name = "", value = ""] = part.split("=");
    const error = name === "error" ? errorNumber(value) : undefined;
    const found = name === "when" ? parseWhen(value) : undefined;
    if (error !== undefined) result = -error;
    else if (name === "retval" && /^\d+$/.test(value)) result = Number(value);
    else if (found !== undefined) when = found;
    else return `invalid argument '${part}' of inject`;
  }
  if (result === undefined) return `inject=${text}: neither error= nor retval=`;
  return { calls: calls ?? everything, result, ...when };
}

/** "ENOENT" or "2"; undefined for no error. */
function errorNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= ERRNO_MAX ? Number(text) : undefined;
  for (let number = 1; number <= ERRNO_MAX; number++) if (errnoName(number) === text) return number;
  return undefined;
}

/** `3` is the third time alone, `3+` every time from it on, `3+2` every second, `3..5` up to the fifth. */
function parseWhen(text: string): { first: number; last: number; step: number } | undefined {
  const found = /^(\d+)(?:\.\.(\d+))?(\+(\d*))?$/.exec(text);
  if (found === null) return undefined;
  const isOnce = found[2] === undefined && found[3] === undefined;
  return {
    first: Number(found[1]),
    last: found[2] === undefined ? Number.POSITIVE_INFINITY : Number(found[2]),
    step: isOnce ? 0 : Number(found[4] || "1"),
  };
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
