/**
 * Which functions of the kernel have other code on another release. No header shows that and no
 * build finds it: whoever relied on what a function did, on its order, its locks, its context, has to
 * look. Comments and formatting do not count.
 *
 * Left out: variables and their initial values; functions that came or went, since they show in the
 * headers or are nobody else's affair.
 */
import type { ApiChange } from "./api-diff.ts";
import { normalised } from "./api-names.ts";
import type { Ts } from "./source-info.ts";

/** Path in the tree to text; headers too, for their inlines. */
type Sources = Readonly<Record<string, string>>;

/** In-tree tracers are users of the API and bindings are scaffolding; neither is the API. */
const isCode = (file: string): boolean =>
  file.endsWith(".ts") && !/^(kernel\/trace|drivers|bind)\//.test(file);

function bodiesOf(ts: Ts, file: string, source: string): ReadonlyMap<string, string> {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const bodies = new Map<string, string>();
  for (const node of parsed.statements)
    if (ts.isFunctionDeclaration(node) && node.name !== undefined)
      bodies.set(node.name.text, normalised(ts, node.body?.getText(parsed) ?? ""));
  return bodies;
}

export function diffCode(ts: Ts, before: Sources, after: Sources): readonly ApiChange[] {
  const changes: ApiChange[] = [];
  for (const [file, text] of Object.entries(before)) {
    const then = after[file];
    if (then === undefined || then === text || !isCode(file)) continue;
    const now = bodiesOf(ts, file, then);
    for (const [name, body] of bodiesOf(ts, file, text)) {
      const other = now.get(name);
      if (other === undefined || other === body) continue;
      changes.push({ kind: "code-changed", name, before: file, after: file, severity: "silent" });
    }
  }
  return changes;
}
