/**
 * What a choice of a `predict` block says about the run, one line each:
 *
 *     oops owner=counter            an event of that kind with that field
 *     no module-load name=counter   no such event
 *     printk text~stolen x3         exactly three; `~` is "contains"
 *     output "Invalid module"       the console's output contains the text
 *
 * Values with spaces are quoted. Patterns are matched against the event log, so prose decides
 * nothing.
 */
import { EVENT_FIELDS, EVENT_KINDS, type EventKind, type KernelEvent } from "#kernel";
import { suggestName } from "../near-names.ts";

interface FieldTest {
  readonly field: string;
  readonly contains: boolean;
  readonly value: string;
}

export type ClaimPattern =
  | { readonly kind: "output"; readonly absent: boolean; readonly text: string }
  | {
      readonly kind: "event";
      readonly absent: boolean;
      readonly event: EventKind;
      readonly fields: readonly FieldTest[];
      /** Exactly so many; undefined is "at least one". */
      readonly count: number | undefined;
    };

/** What a pattern is held against. */
export interface Evidence {
  readonly events: readonly KernelEvent[];
  readonly output: string;
}

export interface PatternError {
  readonly message: string;
  readonly hint: string;
}

const WORD = /(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g;

const unquote = (word: string): string => word.replace(/"((?:[^"\\]|\\.)*)"/g, "$1");

const isKind = (word: string): word is EventKind => Object.hasOwn(EVENT_FIELDS, word);

function parseField(kind: EventKind, word: string): FieldTest | PatternError {
  const match = /^([A-Za-z0-9]+)([=~])(.*)$/s.exec(word);
  if (match === null)
    return { message: `"${word}" is neither FIELD=VALUE, FIELD~TEXT nor xCOUNT`, hint: "" };
  const [, field = "", operator, value = ""] = match;
  const known = ["tid", ...Object.keys(EVENT_FIELDS[kind])];
  if (!known.includes(field))
    return {
      message: `${kind} events have no field "${field}"`,
      hint: suggestName(field, known),
    };
  return { field, contains: operator === "~", value: unquote(value) };
}

/** Reads one line. */
export function parseClaimPattern(line: string): ClaimPattern | PatternError {
  const words = line.match(WORD) ?? [];
  const absent = words[0] === "no";
  const [head, ...rest] = absent ? words.slice(1) : words;
  if (head === undefined) return { message: "an empty claim", hint: "write an event kind" };
  if (head === "output") {
    const text = rest.map(unquote).join(" ");
    if (text === "") return { message: "output needs a text", hint: 'output "..."' };
    return { kind: "output", absent, text };
  }
  if (!isKind(head)) {
    const hint = suggestName(head, ["output", ...EVENT_KINDS]);
    return { message: `"${head}" is no kind of event`, hint };
  }
  const fields: FieldTest[] = [];
  let count: number | undefined;
  for (const word of rest) {
    const times = /^x(\d+)$/.exec(word);
    if (times !== null) {
      count = Number(times[1]);
      continue;
    }
    const field = parseField(head, word);
    if ("message" in field) return field;
    fields.push(field);
  }
  return { kind: "event", absent, event: head, fields, count };
}

function matchesField(event: KernelEvent, test: FieldTest): boolean {
  const value: unknown = (event as unknown as Readonly<Record<string, unknown>>)[test.field];
  const text = String(value);
  return test.contains ? text.includes(test.value) : text === test.value;
}

/** Does the run show what the pattern says? */
export function holds(pattern: ClaimPattern, evidence: Evidence): boolean {
  if (pattern.kind === "output") return evidence.output.includes(pattern.text) !== pattern.absent;
  const found = evidence.events.filter(
    (event) =>
      event.kind === pattern.event && pattern.fields.every((test) => matchesField(event, test)),
  ).length;
  const shown = pattern.count === undefined ? found > 0 : found === pattern.count;
  return shown !== pattern.absent;
}

/** The pattern as its author wrote it, for messages. */
export function formatClaimPattern(pattern: ClaimPattern): string {
  const no = pattern.absent ? "no " : "";
  if (pattern.kind === "output") return `${no}output ${JSON.stringify(pattern.text)}`;
  const quote = (value: string): string => (/\s/.test(value) ? JSON.stringify(value) : value);
  const fields = pattern.fields.map((f) => `${f.field}${f.contains ? "~" : "="}${quote(f.value)}`);
  const times = pattern.count === undefined ? [] : [`x${pattern.count}`];
  return no + [pattern.event, ...fields, ...times].join(" ");
}
