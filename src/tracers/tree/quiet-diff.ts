/**
 * What differs between two trees and shows in no header, checksum or layout: a member that means
 * something else, a function that is left without a body to probe, an inline that needs what is for GPL
 * modules only, a warning that ends the build, an option of the configuration. The prediction of a cell knows nothing of these; whoever
 * asks what changed is told.
 */
import type TypeScript from "typescript";
import type { ApiChange, ApiSide } from "../kbuild/api-diff.ts";
import { namesOf, normalised, symbolsReached } from "../kbuild/api-names.ts";
import type { Ts } from "../kbuild/source-info.ts";
import type { Config } from "../kbuild/type-syntax.ts";
import type { TreeFiles } from "./apply-patch.ts";
import { vermagicOf } from "./build-image.ts";

const parse = (ts: Ts, file: string, text: string): TypeScript.SourceFile =>
  ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);

interface Bound {
  readonly file: string;
  /** How the core's state is read, without formatting. */
  readonly text: string;
}

/** `struct.member` to how it is bound: `bindStruct<T>("struct", { member: ... })`. */
function bindingsOf(ts: Ts, files: TreeFiles): ReadonlyMap<string, Bound> {
  const bound = new Map<string, Bound>();
  const visit = (file: string, node: TypeScript.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === "bindStruct") {
      const [struct, members] = node.arguments;
      if (struct === undefined || members === undefined) return;
      if (!ts.isStringLiteral(struct) || !ts.isObjectLiteralExpression(members)) return;
      for (const member of members.properties) {
        if (!ts.isPropertyAssignment(member)) continue;
        const text = normalised(ts, member.initializer.getText());
        bound.set(`${struct.text}.${member.name.getText()}`, { file, text });
      }
    }
    ts.forEachChild(node, (child) => visit(file, child));
  };
  for (const [file, text] of Object.entries(files))
    if (file.startsWith("bind/")) visit(file, parse(ts, file, text));
  return bound;
}

function diffBindings(ts: Ts, before: TreeFiles, after: TreeFiles): readonly ApiChange[] {
  const now = bindingsOf(ts, after);
  return [...bindingsOf(ts, before)].flatMap(([name, { file, text }]): ApiChange[] => {
    const then = now.get(name);
    return then === undefined || then.text === text
      ? []
      : [{ kind: "meaning-changed", name, before: file, after: then.file, severity: "silent" }];
  });
}

/** Functions with a body, by the file that has it. */
function bodiesIn(ts: Ts, files: TreeFiles, folder: RegExp): ReadonlyMap<string, string> {
  const bodies = new Map<string, string>();
  for (const [file, text] of Object.entries(files)) {
    if (!folder.test(file)) continue;
    for (const node of parse(ts, file, text).statements)
      if (ts.isFunctionDeclaration(node) && node.name !== undefined && node.body !== undefined)
        bodies.set(node.name.text, file);
  }
  return bodies;
}

const SOURCE = /^(?!include\/|bind\/).*\.ts$/;
const HEADER = /^include\/.*\.ts$/;

/** Compiled into whoever calls it: a probe finds no such function, or not every call of it. */
function diffBodies(ts: Ts, before: TreeFiles, after: TreeFiles): readonly ApiChange[] {
  const [sources, headers] = [bodiesIn(ts, after, SOURCE), bodiesIn(ts, after, HEADER)];
  return [...bodiesIn(ts, before, SOURCE)].flatMap(([name, file]): ApiChange[] => {
    const header = headers.get(name);
    return header === undefined || sources.has(name)
      ? []
      : [{ kind: "function-inlined", name, before: file, after: header, severity: "silent" }];
  });
}

/** The first symbol for GPL modules only that each inline needs. */
function gplOnlyNeeds(ts: Ts, { headers, exports }: ApiSide): ReadonlyMap<string, string> {
  const gplOnly = new Set(exports.flatMap(({ name, gplOnly: only }) => (only ? [name] : [])));
  const needs = new Map<string, string>();
  for (const [name, named] of namesOf(ts, headers, exports)) {
    if (named.what !== "inline") continue;
    const needed = [...symbolsReached(ts, headers, named)].find((symbol) => gplOnly.has(symbol));
    needs.set(name, needed ?? "");
  }
  return needs;
}

function diffLicences(ts: Ts, before: ApiSide, after: ApiSide): readonly ApiChange[] {
  const now = gplOnlyNeeds(ts, after);
  return [...gplOnlyNeeds(ts, before)].flatMap(([name, needed]): ApiChange[] => {
    const symbol = now.get(name) ?? "";
    return needed !== "" || symbol === ""
      ? []
      : [{ kind: "inline-gpl-only", name, before: "", after: symbol, severity: "build" }];
  });
}

/** Is a case that runs into the next one an error? See kbuild's check of it. */
const refusesFallthrough = (config: Config): boolean =>
  config["CONFIG_CC_IMPLICIT_FALLTHROUGH"] !== undefined && config["CONFIG_WERROR"] === true;

function diffWarnings(before: Config, after: Config): readonly ApiChange[] {
  return refusesFallthrough(before) || !refusesFallthrough(after)
    ? []
    : [
        {
          kind: "warning-is-error",
          name: "-Wimplicit-fallthrough",
          before: "",
          after: "CONFIG_WERROR",
          severity: "build",
        },
      ];
}

const spell = (value: Config[string] | undefined): string =>
  value === undefined ? "" : value === true ? "y" : String(value);

/** Modules are for the kind of machine that the magic's words name, whatever its release is called. */
function diffMagic(before: Config, after: Config): readonly ApiChange[] {
  const [old, now] = [vermagicOf("", before).trim(), vermagicOf("", after).trim()];
  return old === now
    ? []
    : [{ kind: "vermagic-changed", name: "vermagic", before: old, after: now, severity: "load" }];
}

function diffOptions(before: Config, after: Config): readonly ApiChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name): ApiChange[] => {
    const [old, now] = [spell(before[name]), spell(after[name])];
    return old === now
      ? []
      : [{ kind: "option-changed", name, before: old, after: now, severity: "silent" }];
  });
}

export interface Side {
  readonly files: TreeFiles;
  readonly api: ApiSide;
}

export function diffQuietly(ts: Ts, before: Side, after: Side): readonly ApiChange[] {
  const [old, now] = [before.api.headers.config, after.api.headers.config];
  return [
    ...diffMagic(old, now),
    ...diffOptions(old, now),
    ...diffBindings(ts, before.files, after.files),
    ...diffBodies(ts, before.files, after.files),
    ...diffLicences(ts, before.api, after.api),
    ...diffWarnings(old, now),
  ];
}
