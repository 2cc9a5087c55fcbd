/**
 * A patch mends every user inside the tree, and nothing but: each hunk in an in-tree tracer or driver
 * is taken away again, and the tree no longer builds or a cell of an in-tree tracer is no longer
 * `works`. QUICKSAND_TESTS=all takes away every one, else one of each patch.
 */
import { describe, expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import {
  isInRelease,
  runOne,
  type Tracer,
  type TreeFiles,
  type TreeRelease,
  type Verdict,
} from "#tracers";
import type { TreeStep } from "../../../src/tracers/tree/history.ts";
import type { FileChange, Hunk } from "../../../src/tracers/tree/patch-file.ts";
import { revertHunk } from "../../../src/tracers/tree/revert-patch.ts";
import { shippedTracers } from "../../../src/ui/host/tracers.ts";
import { everyNth } from "../../support/all-tests.ts";
import { buildRelease, cellParts, treeHistory } from "../../support/images.ts";

const history = treeHistory();
const inTree = shippedTracers("src/tracers").filter(
  ({ declaration }) => declaration.house === "in-tree",
);
/** What stands on the hooks that the tree has for bytecode. */
const bytecode = shippedTracers("src/tracers").filter(
  ({ declaration }) => declaration.house === "bytecode",
);
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

const isUser = (path: string): boolean => /^(kernel\/trace|drivers)\//.test(path);

/** Several at once: what the declared workloads do one after the other. */
const busy = ({ declaration, ...rest }: Tracer): Tracer => ({
  ...rest,
  declaration: {
    ...declaration,
    workload: declaration.workload.replace(
      /^(cat .*|ls .*)$/gm,
      "$1 > /tmp/a & $1 > /tmp/b & $1 > /tmp/c &\nwait",
    ),
  },
});

interface Cut {
  readonly step: TreeStep;
  readonly change: FileChange;
  /** A file that the patch makes or deletes goes or stays as a whole. */
  readonly hunk: Hunk | undefined;
  readonly title: string;
}

/** Each patch once, on the first branch that takes it. */
function cuts(): readonly Cut[] {
  const steps = history.branches.flatMap(({ steps: each }) => each);
  const first = steps.filter(
    (step, index) => steps.findIndex(({ patch }) => patch === step.patch) === index,
  );
  return first.flatMap((step) => {
    const changes = step.patch.files.filter(({ path }) => isUser(path));
    const all = changes.flatMap((change) => {
      const hunks = change.kind === "modify" ? change.hunks : [undefined];
      return hunks.map((hunk) => {
        const place = hunk === undefined ? "" : ` at line ${hunk.oldStart}`;
        return { step, change, hunk, title: `${step.patch.name} ${change.path}${place}` };
      });
    });
    return everyNth(all, all.length, 0);
  });
}

function treeOf({ step }: Cut, localVersion: string, files: TreeFiles): TreeRelease {
  const release = history.releases.find(({ patches }) => patches.includes(step.patch));
  if (release === undefined) throw new Error(`no release takes ${step.patch.name}`);
  return { ...release, localVersion, files };
}

/** The tree after the patch, less the hunk. */
function treeWithout(cut: Cut): TreeRelease {
  const { step, change, hunk } = cut;
  const { path } = change;
  const { [path]: now = "", ...others } = step.after;
  const before = step.before[path];
  const text = hunk === undefined ? before : revertHunk(now, hunk);
  const files = text === undefined ? others : { ...others, [path]: text };
  if (hunk !== undefined && text === undefined) throw new Error(`${cut.title}: no such hunk`);
  return treeOf(cut, "-cut", files);
}

function verdictOn(image: ReleaseImage, tracer: Tracer, seed: number): Verdict {
  const parts = cellParts(seed, { [image.release]: image });
  return runOne(parts, tracer, "installed", image).verdict;
}

/** With the whole patch the same run has to be green. */
function isGreen(cut: Cut, tracer: Tracer, seed: number): boolean {
  const built = buildRelease(treeOf(cut, "-whole", cut.step.after));
  return built.ok && verdictOn(built.image, tracer, seed) === "works";
}

/** What becomes red, or nothing. */
function reddened(cut: Cut): string | undefined {
  const built = buildRelease(treeWithout(cut));
  if (!built.ok) return `build: ${built.diagnostics[0]?.message}`;
  const { image } = built;
  for (const tracer of inTree) {
    const { declaration } = tracer;
    const wasThere = declaration.house === "in-tree" && declaration.file in cut.step.after;
    if (wasThere && !isInRelease(declaration, image)) return `${declaration.name} is gone`;
    if (!isInRelease(declaration, image)) continue;
    for (const each of [tracer, busy(tracer)])
      for (const seed of SEEDS) {
        const verdict = verdictOn(image, each, seed);
        if (verdict !== "works" && isGreen(cut, each, seed))
          return `${declaration.name}, seed ${seed}: ${verdict}`;
      }
  }
  const [seed = 1] = SEEDS;
  const fallen = bytecode.find(
    (tracer) => verdictOn(image, tracer, seed) !== "works" && isGreen(cut, tracer, seed),
  );
  return fallen?.declaration.name;
}

describe("without a hunk of an in-tree user", () => {
  test.each(cuts())("$title", (cut) => {
    expect(reddened(cut)).toBeDefined();
  });
});
