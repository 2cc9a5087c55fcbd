/**
 * The static prediction: what can be said of a tracer on a release without running anything. A source
 * is held against what changed in the headers since its home release; a built file against the
 * release's symbols, checksums and layouts, as the loader would. It knows names, types, offsets and
 * numbers, and nothing of contexts, locks and meanings.
 *
 * How a module that should not be there will go wrong, nobody can tell beforehand: "goes wrong".
 */
import {
  commandLineOf,
  isLockedDown,
  type KoFile,
  loadStatically,
  type MachinePolicy,
  policyOf,
  type ReleaseImage,
  readCommandLine,
  refusesUnsigned,
} from "#kernel";
import { type Tracer, textsOf } from "../define-tracer.ts";
import { type ApiChange, type ChangeKind, changesFor } from "../kbuild/api-diff.ts";
import { hasTests } from "../kbuild/feature-source.ts";
import type { ModuleUses } from "../kbuild/module-uses.ts";
import { hasConditions } from "../kbuild/preprocess.ts";
import type { BuildCache } from "./build-cache.ts";
import type { Delivery } from "./cell.ts";
import { predictBytecode } from "./predict-bytecode.ts";
import type { Verdict } from "./verdict.ts";

export type Prediction =
  | "works"
  | "build fails"
  | "load refused"
  | "denied by policy"
  | "goes wrong";

const LOUD: readonly Verdict[] = ["works", "build fails", "load refused", "denied by policy"];

/** Is the verdict what was predicted? */
export const agrees = (predicted: Prediction, verdict: Verdict): boolean =>
  predicted === "goes wrong" ? !LOUD.includes(verdict) : predicted === verdict;

/** Changes by which a file that was built before goes on with what is no longer so. */
const STALE: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  "constant-removed",
  "constant-renumbered",
  "field-type",
  "inline-changed",
  "prototype-changed",
]);

/** A kernel that wants signatures looks for one before anything else, and force does not help. */
const isLocked = (which: Predicted): boolean => refusesUnsigned(policyFor(which));

const policyFor = ({ image: { config }, commandLine = "" }: Predicted): MachinePolicy =>
  policyOf(config, readCommandLine(commandLineOf(config, commandLine)));

export interface Predicted {
  readonly tracer: Tracer;
  readonly delivery: Delivery;
  readonly image: ReleaseImage;
  readonly home: ReleaseImage;
  /** What is added to the kernel's command line. */
  readonly commandLine?: string;
}

export function predict(builds: BuildCache, which: Predicted): Prediction {
  const { tracer, delivery } = which;
  const prediction = predictUnlocked(builds, which);
  // Bytecode is no module: the verifier answers for it, not a signature.
  const isModule = delivery !== "installed" && tracer.declaration.house !== "bytecode";
  return isModule && prediction !== "build fails" && isLocked(which)
    ? "denied by policy"
    : prediction;
}

function predictUnlocked(builds: BuildCache, which: Predicted): Prediction {
  const { tracer, delivery, image, home } = which;
  const { declaration } = tracer;
  if (declaration.house === "bytecode")
    return predictBytecode(tracer, image, isLockedDown(policyFor(which), "confidentiality"));
  if (delivery === "installed") return "works";
  const force = delivery === "forced";
  if (declaration.house === "blob") return predictFile(builds, tracer.text, image, home, force);
  if (image.release === home.release) return "works";
  const built = builds.build(tracer, home);
  if (!built.ok) return "build fails";
  // A source that asks what it is built for is its own prediction.
  const asks = textsOf(tracer).some((text) => hasTests(text) || hasConditions(text));
  if (delivery === "rebuilt" && asks)
    return builds.build(tracer, image).ok ? "works" : "build fails";
  const changes = changesFor(built.uses, builds.diff(home, image));
  if (delivery === "rebuilt") return predictBuild(built.uses, changes);
  const loaded = predictFile(builds, built.ko, image, home, force);
  const isStale = changes.some(({ kind }) => STALE.has(kind));
  return loaded === "works" && isStale ? "goes wrong" : loaded;
}

function predictBuild(uses: ModuleUses, changes: readonly ApiChange[]): Prediction {
  // What only a header's inline calls is rebuilt with the header.
  const named = new Set(uses.headers.flatMap(({ names }) => names));
  const hidden = new Set(uses.symbols.filter((symbol) => !named.has(symbol)));
  // A function that has become an inline is called as it was.
  for (const { kind, severity, name } of changes)
    if (kind === "macro-inline-conversion" && severity === "silent") hidden.add(name);
  const breaks = changes.some(
    ({ kind, severity, name }) =>
      (severity === "build" || kind === "symbol-removed") && !hidden.has(name),
  );
  return breaks ? "build fails" : "works";
}

function predictFile(
  builds: BuildCache,
  text: string,
  image: ReleaseImage,
  home: ReleaseImage,
  force: boolean,
): Prediction {
  const { errors, ko } = loadStatically(text, image, force, builds.linkable);
  if (ko === undefined || errors.length > 0) return "load refused";
  return hasStaleLayout(ko, image, home) ? "goes wrong" : "works";
}

/** Does a member that the file uses lie elsewhere, or have another size? */
function hasStaleLayout({ layout }: KoFile, image: ReleaseImage, home: ReleaseImage): boolean {
  return layout.some(({ name, members }) => {
    // A module's own structs are nobody else's.
    if (home.layouts[name] === undefined) return false;
    const now = image.layouts[name]?.fields ?? [];
    return members.some((member) => {
      const field = now.find((each) => each.name === member.name);
      return field?.offset !== member.offset || field.size !== member.size;
    });
  });
}
