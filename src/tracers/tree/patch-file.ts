/**
 * A patch of the kernel tree: git's mail format, a message with trailers, a diff.
 *
 * Source: git-format-patch(1) with --no-signature; the trailers are our own: `Precedent:` names the
 * change in Linux's history that this one follows, `Class:` how it breaks those outside the tree,
 * `Witness:` a tracer that shows it. A patch that only adds something has no class.
 * Left out: binary changes, renames, mode changes; no patch of ours has one.
 */
import { parsePatch } from "diff";
import { type BreakClass, isBreakClass } from "./break-classes.ts";
import { done, failed, type TreeResult } from "./tree-error.ts";

export interface Hunk {
  /** Line of the patch file on which the hunk begins. */
  readonly line: number;
  /** First line of the old text that it covers, from 1. */
  readonly oldStart: number;
  /** Lines with their mark: ' ', '-', '+' or '\'. */
  readonly lines: readonly string[];
}

export interface FileChange {
  readonly kind: "modify" | "create" | "delete";
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

export interface PatchFile {
  /** File name, `0001-subject.patch`. */
  readonly name: string;
  readonly author: string;
  readonly date: string;
  readonly subject: string;
  /** The message without subject and trailers. */
  readonly body: string;
  readonly precedent: string;
  readonly breakClass?: BreakClass;
  readonly witnesses: readonly string[];
  readonly files: readonly FileChange[];
}

const TRAILER = /^([A-Z][A-Za-z-]+): (.+)$/;

interface Mail {
  readonly headers: ReadonlyMap<string, string>;
  readonly message: readonly string[];
  /** Index of the first line of the diff. */
  readonly diffAt: number;
}

function readMail(lines: readonly string[]): Mail | undefined {
  const headers = new Map<string, string>();
  let at = lines[0]?.startsWith("From ") === true ? 1 : 0;
  for (; at < lines.length && lines[at] !== ""; at++) {
    const match = /^(From|Date|Subject): (.*)$/.exec(lines[at] ?? "");
    if (match !== null) headers.set(match[1] ?? "", match[2] ?? "");
    // A long subject goes on in a line that begins with a blank.
    else if (lines[at]?.startsWith(" ")) {
      headers.set("Subject", `${headers.get("Subject") ?? ""}${lines[at]}`);
    }
  }
  const end = lines.indexOf("---", at);
  const diffAt = lines.findIndex((line, index) => index > end && line.startsWith("diff --git "));
  if (end < 0 || diffAt < 0 || !headers.has("Subject")) return undefined;
  return { headers, message: lines.slice(at + 1, end), diffAt };
}

function splitTrailers(message: readonly string[]): {
  body: string;
  trailers: readonly (readonly [string, string])[];
} {
  let at = message.length;
  while (at > 0 && message[at - 1] === "") at--;
  const end = at;
  while (at > 0 && TRAILER.test(message[at - 1] ?? "")) at--;
  const trailers = message.slice(at, end).map((line): [string, string] => {
    const match = TRAILER.exec(line);
    return [match?.[1] ?? "", match?.[2] ?? ""];
  });
  return { body: message.slice(0, at).join("\n").trim(), trailers };
}

const stripPrefix = (name: string): string => name.replace(/^[ab]\//, "");

function readChanges(
  name: string,
  lines: readonly string[],
  diffAt: number,
): TreeResult<FileChange[]> {
  const hunkLines = lines.flatMap((line, index) =>
    index > diffAt && line.startsWith("@@ ") ? [index + 1] : [],
  );
  let parsed: ReturnType<typeof parsePatch>;
  try {
    parsed = parsePatch(lines.slice(diffAt).join("\n"));
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    return failed("badPatch", name, diffAt + 1, `the diff cannot be read: ${said}`);
  }
  let next = 0;
  const changes = parsed.map((file): FileChange => {
    const kind =
      file.oldFileName === "/dev/null"
        ? "create"
        : file.newFileName === "/dev/null"
          ? "delete"
          : "modify";
    const path = stripPrefix((kind === "delete" ? file.oldFileName : file.newFileName) ?? "");
    const hunks = file.hunks.map((hunk): Hunk => {
      const line = hunkLines[next++] ?? diffAt + 1;
      return { line, oldStart: hunk.oldStart, lines: hunk.lines };
    });
    return { kind, path, hunks };
  });
  const astray = changes.find(({ path }) => !isInside(path));
  if (astray === undefined) return done(changes);
  const line = astray.hunks[0]?.line ?? diffAt + 1;
  return failed(
    "badPatch",
    name,
    line,
    `${astray.path || "a file without a name"} is no file of the tree`,
  );
}

/** A patch changes files of the tree, whatever it says. */
const isInside = (path: string): boolean =>
  path.split(/[/\\]/).every((part) => part !== "" && part !== "." && part !== "..");

/** Reads one `.patch` file. */
export function readPatchFile(name: string, text: string): TreeResult<PatchFile> {
  const lines = text.split("\n");
  const mail = readMail(lines);
  if (mail === undefined) {
    const message = "not a patch in git's mail format: From, Date, Subject, message, ---, diff";
    return failed("badPatch", name, 1, message, "write it with `npm run tree -- refresh`");
  }
  const { body, trailers } = splitTrailers(mail.message);
  const of = (key: string): string[] => trailers.flatMap(([k, v]) => (k === key ? [v] : []));
  const precedent = of("Precedent")[0];
  if (precedent === undefined) {
    const message = "no `Precedent:` trailer: every patch names a change of Linux's own history";
    return failed("missingTrailer", name, 0, message);
  }
  const breakClass = of("Class")[0];
  if (breakClass !== undefined && !isBreakClass(breakClass)) {
    const known = "src/tracers/tree/break-classes.ts has the classes";
    return failed("badTrailer", name, 0, `\`Class: ${breakClass}\` is not known`, known);
  }
  const changes = readChanges(name, lines, mail.diffAt);
  if (!changes.ok) return changes;
  return done({
    name,
    author: mail.headers.get("From") ?? "",
    date: mail.headers.get("Date") ?? "",
    subject: (mail.headers.get("Subject") ?? "").replace(/^\[PATCH[^\]]*\] /, ""),
    body,
    precedent,
    ...(breakClass === undefined ? {} : { breakClass }),
    witnesses: of("Witness"),
    files: changes.value,
  });
}

/**
 * Reads a diff that need not be a mail: what `git diff` or `diff -u` writes does. It has no words of
 * its own, and nobody asks for its precedent.
 */
export function readDiff(name: string, text: string): TreeResult<PatchFile> {
  const lines = text.split("\n");
  const diffAt = lines.findIndex((line) => /^(diff --git|---) ./.test(line));
  if (diffAt < 0) return failed("badPatch", name, 1, "there is no diff in it");
  const changes = readChanges(name, lines, diffAt);
  if (!changes.ok) return changes;
  if (changes.value.length === 0) return failed("badPatch", name, diffAt + 1, "the diff is empty");
  const words = { author: "", date: "", subject: name, body: "", precedent: "", witnesses: [] };
  return done({ name, ...words, files: changes.value });
}

/** The words of a patch: everything but the diff. */
export type PatchWords = Omit<PatchFile, "name" | "files">;

/** Writes a patch file as readPatchFile reads it. `diff` is `git diff`'s output. */
export function formatPatchFile(words: PatchWords, diff: string): string {
  const trailers = [
    `Precedent: ${words.precedent}`,
    ...(words.breakClass === undefined ? [] : [`Class: ${words.breakClass}`]),
    ...words.witnesses.map((witness) => `Witness: ${witness}`),
  ];
  return [
    "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001",
    `From: ${words.author}`,
    `Date: ${words.date}`,
    `Subject: [PATCH] ${words.subject}`,
    "",
    ...(words.body === "" ? [] : [words.body, ""]),
    ...trailers,
    "---",
    // Not trimEnd: the last line may be context, a blank and nothing else.
    diff.replace(/\n+$/, ""),
    "",
  ].join("\n");
}
