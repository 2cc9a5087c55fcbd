/**
 * Which patch did it? A tracer does not work on a release: the last release before it on which it
 * did is looked for, and between the two the patch from which on it does not. Every tree on the way is
 * really built, and every answer is a run.
 *
 * In another configuration than its tree's own, it may be the configuration that did it: then that is
 * what is named in the patch's place.
 *
 * Where it never worked on that line, the way starts at the tracer's home release, on another line: then
 * the patch may be one that the release's line never took. Left out: verdicts that come and go on
 * that long way; the search halves it, and finds one change from working to not.
 */
import type { ReleaseImage } from "#kernel";
import type { Tracer } from "../define-tracer.ts";
import { configSummary } from "../tree/config.ts";
import type { TreeHistory, TreeRelease } from "../tree/history.ts";
import type { PatchFile } from "../tree/patch-file.ts";
import { lineOf, type PathStep, pathBetween } from "../tree/path.ts";
import { releaseName, withConfig } from "../tree/release-name.ts";
import { revertPatchFile } from "../tree/revert-patch.ts";
import type { Delivery } from "./cell.ts";
import { type Cell, homeOf, isInRelease, type MatrixParts, runOne } from "./matrix.ts";
import { agrees } from "./predict.ts";
import { asShipped } from "./vendor-build.ts";
import type { Verdict } from "./verdict.ts";

/** The history, and images of trees that are no release. */
export interface Trees {
  /** A digest of the whole history. */
  readonly identity: string;
  readonly history: TreeHistory;
  /** An image, or the first reason why there is none. */
  readonly image: (tree: TreeRelease) => ReleaseImage | string;
}

export interface Blame {
  /** The patch's number, or `config NAME`. */
  readonly patch: string;
  readonly subject: string;
  /** The release does not have it; that is why. */
  readonly isMissing: boolean;
  /** The last release on which it worked. */
  readonly lastWorking: string;
  /** What became of it right after the patch; later ones may have made something else of that. */
  readonly firstVerdict?: Verdict;
}

/** What would become of the tracer if the patch were taken back. */
export type Reverted =
  | { readonly kind: "run"; readonly cell: Cell }
  /** It cannot be taken back alone, or the kernel does not build without it. */
  | { readonly kind: "stuck"; readonly why: string };

export interface BlamedTracer {
  readonly tracer: Tracer;
  readonly delivery: Delivery;
}

/** The file that this release is given is the one that is tried on the others, too. */
const asGiven = (who: BlamedTracer, image: ReleaseImage): BlamedTracer => ({
  ...who,
  tracer: asShipped(who.tracer, image),
});

/** While it goes on it says what it does. */
type Search<T> = Generator<string, T, void>;

interface Span {
  readonly good: TreeRelease;
  readonly bad: TreeRelease;
}

/** A step, and the tree after it, or why that does not build. */
interface Turn {
  readonly step: PathStep;
  readonly image: ReleaseImage | string;
}

/** Patches between two releases of one line are rarely more. */
const WALK_MAX = 12;

/** What stands in a patch's place, and its subject, when the configuration is to blame. */
const configWords = (
  { configName = "" }: ReleaseImage,
  { files }: TreeRelease,
): readonly [patch: string, subject: string] => [
  `config ${configName}`,
  configSummary(files, configName),
];

type Holds = (image: ReleaseImage) => boolean;

export class Blamer {
  readonly #parts: MatrixParts;
  readonly #trees: Trees;
  readonly #works = new Map<ReleaseImage, Map<string, boolean>>();

  constructor(parts: MatrixParts, trees: Trees) {
    this.#parts = parts;
    this.#trees = trees;
  }

  /** A cell that was run anyhow need not be run again. */
  note({ tracer, delivery, release, verdict }: Cell): void {
    this.#known(this.#parts.load(release)).set(`${tracer}\0${delivery}`, verdict === "works");
  }

  /** Undefined for a tracer that works there, never worked, or a tree outside the history. */
  *blame(blamed: BlamedTracer, image: ReleaseImage): Search<Blame | undefined> {
    const who = asGiven(blamed, image);
    const release = this.#releaseOf(image);
    if (release === undefined || this.#worksOn(who, image)) return undefined;
    const { commandLine = "" } = this.#parts;
    const which = { ...who, image, home: homeOf(this.#parts, who.tracer, image), commandLine };
    const what = `blame ${this.#trees.identity}`;
    const known = this.#parts.cells?.get(what, which) as readonly Blame[] | undefined;
    if (known !== undefined) return known[0];
    const blame = yield* this.#search(who, image, release);
    this.#parts.cells?.put(what, which, blame === undefined ? [] : [blame]);
    return blame;
  }

  *#search(
    who: BlamedTracer,
    image: ReleaseImage,
    release: TreeRelease,
  ): Search<Blame | undefined> {
    const plain = this.#unconfigured(image, release);
    if (plain !== undefined) {
      yield `${who.tracer.declaration.name} on ${plain.release}`;
      if (!this.#worksOn(who, plain))
        return (yield* this.blame(who, plain)) ?? this.#blameConfig(who, image, release);
      const [patch, subject] = configWords(image, release);
      return { patch, subject, isMissing: false, lastWorking: plain.release };
    }
    const span = yield* this.#lastWorking(who, release);
    if (span === undefined) return undefined;
    const { good, bad } = span;
    const ownConfig = this.#blameConfig(who, image, release);
    if (good.files === bad.files && ownConfig !== undefined) return ownConfig;
    const works: Holds = (on) => this.#worksOn(who, on);
    const turn = yield* this.#turn(who, good, bad, works);
    if (turn === undefined) return undefined;
    const { step, image: after } = turn;
    const first =
      typeof after === "string" || !isInRelease(who.tracer.declaration, after)
        ? {}
        : { firstVerdict: runOne(this.#parts, who.tracer, who.delivery, after).verdict };
    return {
      patch: step.patch.name.slice(0, 4),
      subject: step.patch.subject,
      isMissing: step.isTaken,
      lastWorking: releaseName(good),
      ...first,
    };
  }

  /** The same source, and its home in another configuration. */
  #blameConfig(
    { tracer: { declaration } }: BlamedTracer,
    image: ReleaseImage,
    release: TreeRelease,
  ): Blame | undefined {
    if (!("home" in declaration)) return undefined;
    const home = this.#parts.load(declaration.home);
    if (this.#releaseOf(home) !== release || home.configName === image.configName) return undefined;
    const isMissing = image.configName === undefined;
    const [patch, subject] = configWords(isMissing ? home : image, release);
    return { patch, subject, isMissing, lastWorking: home.release };
  }

  /** The patch from which on the run is not what was predicted; undefined where it is. */
  *surprise(blamed: BlamedTracer, image: ReleaseImage): Search<string | undefined> {
    const who = asGiven(blamed, image);
    const release = this.#releaseOf(image);
    if (release === undefined || this.#isForeseen(who, image)) return undefined;
    const plain = this.#unconfigured(image, release);
    if (plain !== undefined)
      return this.#isForeseen(who, plain)
        ? configWords(image, release)[0]
        : yield* this.surprise(who, plain);
    const { declaration } = who.tracer;
    const good =
      "home" in declaration
        ? this.#releaseOf(this.#parts.load(declaration.home))
        : (yield* this.#lastWorking(who, release))?.good;
    if (good === undefined) return undefined;
    const turn = yield* this.#turn(who, good, release, (on) => this.#isForeseen(who, on));
    return turn?.step.patch.name.slice(0, 4);
  }

  #isForeseen({ tracer, delivery }: BlamedTracer, image: ReleaseImage): boolean {
    if (!isInRelease(tracer.declaration, image)) return true;
    const { predicted, verdict } = runOne(this.#parts, tracer, delivery, image);
    return agrees(predicted, verdict);
  }

  /** The release without the patch that is to blame. */
  revert(who: BlamedTracer, image: ReleaseImage, blame: Blame): Reverted {
    const release = this.#releaseOf(image);
    const plain = release === undefined ? undefined : this.#unconfigured(image, release);
    if (
      plain !== undefined &&
      release !== undefined &&
      blame.patch === configWords(image, release)[0]
    )
      return { kind: "run", cell: runOne(this.#parts, who.tracer, who.delivery, plain) };
    const patch = this.#patch(blame.patch);
    if (release === undefined || patch === undefined)
      return { kind: "stuck", why: "it is not part of this tree" };
    const files = revertPatchFile(release.files, patch);
    if (!files.ok)
      return { kind: "stuck", why: `it cannot be taken back alone: ${files.error.message}` };
    const localVersion = `-r${blame.patch}`;
    const built = this.#trees.image({ ...release, localVersion, files: files.value, patches: [] });
    if (typeof built === "string")
      return { kind: "stuck", why: `without it the kernel does not build: ${built}` };
    return { kind: "run", cell: runOne(this.#parts, who.tracer, who.delivery, built) };
  }

  #patch(number: string): PatchFile | undefined {
    for (const { steps } of this.#trees.history.branches)
      for (const { patch } of steps) if (patch.name.startsWith(number)) return patch;
    return undefined;
  }

  /** The release of an image; that of an image in another configuration is the release itself. */
  #releaseOf({ release, configName }: ReleaseImage): TreeRelease | undefined {
    return this.#trees.history.releases.find(
      (each) => withConfig(releaseName(each), configName) === release,
    );
  }

  /** The same release in its tree's own configuration, if this is another one. */
  #unconfigured({ configName }: ReleaseImage, release: TreeRelease): ReleaseImage | undefined {
    return configName === undefined ? undefined : this.#parts.load(releaseName(release));
  }

  #worksOn({ tracer, delivery }: BlamedTracer, image: ReleaseImage): boolean {
    const key = `${tracer.declaration.name}\0${delivery}`;
    const known = this.#known(image).get(key);
    if (known !== undefined) return known;
    const works =
      isInRelease(tracer.declaration, image) &&
      runOne(this.#parts, tracer, delivery, image).verdict === "works";
    this.#known(image).set(key, works);
    return works;
  }

  /** By image and not by name: two ways of equal length may lead to trees of one name. */
  #known(image: ReleaseImage): Map<string, boolean> {
    const known = this.#works.get(image) ?? new Map<string, boolean>();
    this.#works.set(image, known);
    return known;
  }

  /** Where it last worked, and the next release after that, on which it did not. */
  *#lastWorking(who: BlamedTracer, release: TreeRelease): Search<Span | undefined> {
    const { declaration } = who.tracer;
    const before = lineOf(this.#trees.history, release).points.slice(0, -1);
    let bad = release;
    for (const { release: good } of before.reverse()) {
      const image = this.#parts.load(releaseName(good));
      yield `${declaration.name} on ${image.release}`;
      if (this.#worksOn(who, image)) return { good, bad };
      if (isInRelease(declaration, image)) bad = good;
    }
    if (!("home" in declaration)) return undefined;
    const home = this.#parts.load(declaration.home);
    const good = this.#releaseOf(home);
    yield `${declaration.name} on ${home.release}`;
    return good !== undefined && this.#worksOn(who, home) ? { good, bad: release } : undefined;
  }

  /** The step between two releases that turns what holds on the one into what does not on the other. */
  *#turn(
    who: BlamedTracer,
    good: TreeRelease,
    bad: TreeRelease,
    holds: Holds,
  ): Search<Turn | undefined> {
    const path = pathBetween(this.#trees.history, good, bad);
    let [works, fails] = [0, path.length];
    while (fails - works > 1) {
      // A short way is walked, so that the first patch is found and not any.
      const middle = fails <= WALK_MAX ? works + 1 : (works + fails) >> 1;
      yield `${who.tracer.declaration.name} after ${path[middle - 1]?.patch.name}`;
      const image = this.#imageAfter(good, path, middle);
      if (typeof image !== "string" && holds(image)) works = middle;
      else fails = middle;
    }
    const step = path[fails - 1];
    return step && { step, image: this.#imageAfter(good, path, fails) };
  }

  /** After so many steps: a release's own image if that is one. */
  #imageAfter(good: TreeRelease, path: readonly PathStep[], count: number): ReleaseImage | string {
    const step = path[count - 1];
    const files = step?.after ?? good.files;
    const release = this.#trees.history.releases.find((each) => each.files === files);
    if (release !== undefined) return this.#parts.load(releaseName(release));
    // As setlocalversion calls a tree that is some commits past a tag.
    const from = step?.isTaken === true ? "r" : "g";
    const localVersion = `-${String(count).padStart(5, "0")}-${from}${step?.patch.name.slice(0, 4)}`;
    return this.#trees.image({ ...good, localVersion, files, patches: [] });
  }
}
