/**
 * `quicksand log`, `show` and `diff`: the kernel's history, one patch of it, and what lies between
 * two releases, with a module to see it by.
 */
import { createRequire } from "node:module";
import type { Command } from "commander";
import type * as TypeScript from "typescript";
import {
  type AttributedChange,
  configured,
  createKbuild,
  diffPatch,
  diffReleases,
  findRelease,
  type Kbuild,
  type PatchFile,
  releaseName,
  sideOfTree,
  type TreeHistory,
  type TreeRelease,
  withConfig,
  witnessSource,
} from "#tracers";
import { changeLines, changeSummary } from "../export/release-diff-text.ts";
import { historyText, patchLine, patchNumber } from "../export/tree-log.ts";

import { readCheckout, readTreeSource } from "../host/tree-files.ts";
import { suggestName } from "../near-names.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, usageError } from "./exit-code.ts";
import { openCatalogue } from "./open-client.ts";
import { CONFIG_OPTION, TREE_OPTION } from "./options.ts";
import type { Places } from "./places.ts";
import { openHistory, take } from "./tree-command.ts";
import { WITNESS, witnessFiles } from "./witness-folder.ts";
import { writeFolderWhole } from "./write-file.ts";

interface Compiler {
  readonly ts: typeof TypeScript;
  readonly kbuild: Kbuild;
}

function openCompiler(): Compiler {
  const ts = createRequire(import.meta.url)("typescript") as typeof TypeScript;
  return { ts, kbuild: createKbuild(ts) };
}

export function addHistoryCommands(program: Command, context: CliContext): void {
  program
    .command("log [branch]")
    .summary("the kernel's history, oldest first")
    .description("Prints every branch, or one, with its patches and releases, oldest first.")
    .option("--patch", "with the patches themselves")
    .action((branch: string | undefined, { patch }: { readonly patch?: true }) => {
      const { patches } = readTreeSource(context.places.tree);
      const history = ofBranch(openHistory(context.places), branch);
      const lines = historyText(
        history,
        patch === true ? ({ name }) => patches[name] ?? "" : undefined,
      );
      for (const line of lines) context.terminal.out(line);
    });
  program
    .command("show <patch>")
    .summary("one patch: its text, where it went, what it broke")
    .description("Prints a patch (by its number), the releases that took it, and what it changes.")
    .action((name: string) => showPatch(name, context));
  program
    .command("diff <release> [release2]")
    .summary("what changed inside the kernel between two releases")
    .description(
      "Prints a line for each change: build-breaking, load-breaking or silent, with the patch " +
        "that made it. What breaks a build or a load has a witness, a module that shows it; for " +
        "what is silent, the patch names a tracer that does.",
    )
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option("--json", "as JSON")
    .option("--witness <n>", "print the module that shows change N of the list")
    .option("-o, --output <dir>", "with --witness: write it as a tracer's folder")
    .action((from: string, to: string | undefined, options: DiffOptions) =>
      diffCommand(from, to, options, context),
    );
}

/** All of it, or what one branch has. */
function ofBranch(history: TreeHistory, name: string | undefined): TreeHistory {
  if (name === undefined) return history;
  const branches = history.branches.filter(({ branch }) => branch === name);
  if (branches.length > 0) return { ...history, branches };
  const known = [...new Set(history.branches.map(({ branch }) => branch))];
  throw usageError("QS1132", `there is no branch "${name}"`, `known: ${known.join(", ")}`);
}

/** A patch by its number, with or without the zeros before it, or by its file. */
const isPatch = (patch: PatchFile, name: string): boolean =>
  patch.name === name || (/^\d+$/.test(name) && Number(patchNumber(patch)) === Number(name));

function showPatch(name: string, { places, terminal }: CliContext): void {
  const history = openHistory(places);
  const steps = history.branches.flatMap(({ steps: all }) => all);
  const step = steps.find(({ patch }) => isPatch(patch, name));
  if (step === undefined) {
    const known = [...new Set(steps.map(({ patch }) => patchNumber(patch)))];
    const hint = suggestName(name, known) || "`quicksand log` has all of them, by number";
    throw usageError("QS1132", `there is no patch "${name}"`, hint);
  }
  const { patches } = readTreeSource(places.tree);
  terminal.out((patches[step.patch.name] ?? "").trimEnd());
  terminal.out("");
  terminal.out(`${patchLine(step.patch)}, first in:`);
  for (const { branch, tag } of firstTakers(history, step.patch))
    terminal.out(`  ${branch} ${tag}`);
  const { ts, kbuild } = openCompiler();
  const changes = diffPatch(ts, kbuild, step);
  terminal.out(`${changeSummary(changes)} changes`);
  for (const line of changeLines(changes)) terminal.out(line);
}

/** The first release of each branch that took it: one that is made anew takes it every time. */
function firstTakers(history: TreeHistory, { name }: PatchFile): readonly TreeRelease[] {
  const takers = history.releases.filter(({ patches }) =>
    patches.some((patch) => patch.name === name),
  );
  return takers.filter(
    ({ branch }, index) => takers.findIndex((other) => other.branch === branch) === index,
  );
}

interface DiffOptions {
  readonly json?: true;
  readonly witness?: string;
  readonly output?: string;
  readonly tree?: string;
  readonly config?: string;
}

/** The release or the tree that the first one is compared with, or itself in another configuration. */
function otherSide(
  history: TreeHistory,
  from: string,
  to: string | undefined,
  { tree, config }: DiffOptions,
): TreeRelease {
  const name = to ?? (config === undefined ? undefined : from);
  const both = to !== undefined && tree !== undefined;
  if (both || (name === undefined && tree === undefined))
    throw usageError(
      "QS1133",
      "a release is compared with another one, with --tree DIR, or with itself in --config NAME",
    );
  const other = take(tree === undefined ? findRelease(history, name ?? "") : readCheckout(tree));
  return config === undefined ? other : take(configured(other, config));
}

function diffCommand(
  from: string,
  to: string | undefined,
  options: DiffOptions,
  { places, terminal }: CliContext,
): void {
  const { json, witness, output, tree } = options;
  const history: TreeHistory = openHistory(places);
  const old = take(findRelease(history, from));
  const now = otherSide(history, from, to, options);
  const compiler = openCompiler();
  const changes = diffReleases(compiler.ts, compiler.kbuild, history, old, now);
  if (output !== undefined && witness === undefined)
    throw usageError("QS1133", "--output is for --witness N");
  if (witness !== undefined) {
    const files = witnessOf(changes, witness, old, compiler, places);
    if (output === undefined)
      terminal.out((files[`${WITNESS}.ts`] ?? files[`${WITNESS}.ts.txt`] ?? "").trimEnd());
    else {
      writeFolderWhole(output, files);
      terminal.out(
        `wrote ${output}/: quicksand run --tracer ${output} ${tree === undefined ? `--release ${withConfig(now.tag, now.config)}` : `--tree ${tree}`}`,
      );
    }
  } else if (json === true) {
    const rows = changes.map(({ change, patch, config }) => ({
      ...change,
      config,
      patch: patch === undefined ? undefined : patchNumber(patch),
      witnesses: patch?.witnesses ?? [],
    }));
    terminal.out(JSON.stringify(rows, null, 2));
  } else {
    terminal.out(`${releaseName(old)} to ${releaseName(now)}: ${changeSummary(changes)}`);
    for (const line of changeLines(changes)) terminal.out(line);
  }
}

function witnessOf(
  changes: readonly AttributedChange[],
  wanted: string,
  old: TreeRelease,
  { ts, kbuild }: Compiler,
  places: Places,
): Readonly<Record<string, string>> {
  const found = /^\d+$/.test(wanted) ? changes[Number(wanted) - 1] : undefined;
  if (found === undefined)
    throw usageError("QS1133", `there is no change ${wanted}: they are 1 to ${changes.length}`);
  const { change, patch } = found;
  if (change.severity === "silent") {
    const seen = patch?.witnesses.join(", ") ?? "";
    const hint = seen === "" ? undefined : `the patch has a witness: ${seen}`;
    throw usageError("QS1134", `${change.name}: no build and no load shows it`, hint);
  }
  const side = sideOfTree(kbuild, old.files, old.config);
  const source = witnessSource(ts, side, change);
  if (source === undefined) throw usageError("QS1134", `${change.name}: no module can name it`);
  const home = withConfig(`${old.branch}/${old.tag}`, old.config);
  const image = openCatalogue(places).load(home);
  if ("message" in image) throw usageError("QS1101", image.message);
  const built = kbuild.compile({
    name: WITNESS,
    file: `${WITNESS}.ts`,
    source,
    headers: side.headers,
    symvers: side.exports,
    vermagic: image.vermagic,
  });
  if (!built.ok) throw new AuthorError(...built.diagnostics);
  return witnessFiles({ change, source, ko: built.ko, home });
}
