/**
 * Writing the patches of a kernel tree: each is edited in a scratch repository, and those behind it are
 * written anew when they slide. A series may name patches that nobody has written yet; they change
 * nothing until somebody does.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPatchFile, type TreeFiles } from "../src/tracers/tree/apply-patch.ts";
import type { TreeSource } from "../src/tracers/tree/history.ts";
import { KABI_FILE, renewKabi } from "../src/tracers/tree/kabi.ts";
import { type PatchFile, type PatchWords, readPatchFile } from "../src/tracers/tree/patch-file.ts";
import { sideOfTree } from "../src/tracers/tree/release-diff.ts";
import { readSeries, type Series } from "../src/tracers/tree/series.ts";
import type { TreeDiagnostic, TreeResult } from "../src/tracers/tree/tree-error.ts";
import { makeImageBuilder } from "../src/ui/host/image-store.ts";
import { readTreeSource } from "../src/ui/host/tree-files.ts";
import { openPatches, Scratch } from "./tree-scratch.ts";
import { formatTreeError } from "./tree-source.ts";

/** An answer for the person at the terminal, and not for a stack trace. */
export class Refusal extends Error {}

export function refuse(error: TreeDiagnostic): never {
  throw new Refusal(formatTreeError(error));
}

export function take<T>(result: TreeResult<T>): T {
  return result.ok ? result.value : refuse(result.error);
}

const NEW_PATCH: PatchWords = {
  author: "quicksand <tree@quicksand.invalid>",
  date: "Thu, 1 Jan 1970 00:00:00 +0000",
  subject: "SUBJECT",
  body: "What changes and why.",
  precedent: "P000",
  witnesses: [],
};

/** A place in a series: a patch, and the tree before it. */
interface Place {
  readonly name: string;
  readonly before: TreeFiles;
}

const isCalled = (name: string, number: string): boolean =>
  name.startsWith(`${number}-`) || name === number;

/** The trunk first: every other branch starts from a tag. */
function allSeries(source: TreeSource): readonly Series[] {
  const all = Object.entries(source.series).flatMap(([name, text]) => take(readSeries(name, text)));
  return all.sort((a, b) => Number(a.from !== undefined) - Number(b.from !== undefined));
}

export class TreeEditor {
  readonly #root: string;
  readonly #say: (text: string) => void;

  constructor(root: string, say: (text: string) => void) {
    this.#root = root;
    this.#say = say;
  }

  /** Opens a scratch repository at a patch that a series names, written or not. */
  edit(number: string): void {
    const found: Place[] = [];
    this.#walk((place) => {
      if (!isCalled(place.name, number)) return this.#after(place.name, place.before);
      found.push(place);
      return undefined;
    });
    const [place] = found;
    if (place === undefined) {
      throw new Refusal(
        `no series names a patch ${number}: add its line to src/kernel/tree/series first`,
      );
    }
    const { name, before } = place;
    const scratch = this.#scratch(name);
    scratch.open(before, this.#after(name, before));
    this.#say(
      `${name} is open in ${scratch.dir}: edit there, then \`npm run tree -- refresh ${number}\``,
    );
  }

  /** Writes a scratch repository back as its patch, and those behind it if they slid. */
  refresh(number: string | undefined): void {
    const open = openPatches(this.#root);
    const meant = number === undefined ? open : open.filter((name) => isCalled(name, number));
    const [name] = meant;
    if (name === undefined) {
      const which = number === undefined ? "no patch" : `no patch ${number}`;
      throw new Refusal(`${which} is open: \`npm run tree -- edit NNNN\` first`);
    }
    if (meant.length > 1) {
      throw new Refusal(
        `${meant.join(", ")} are open: say which, \`npm run tree -- refresh NNNN\``,
      );
    }
    const scratch = new Scratch(this.#root, name);
    this.#write(name, scratch.text(this.#read(name) ?? NEW_PATCH));
    scratch.close();
    this.#say(`wrote ${name}`);
    this.rebase();
  }

  /** Writes every patch anew that slid or no longer fits. */
  rebase(): void {
    this.#walk(({ name, before }) => {
      const patch = this.#read(name);
      if (patch === undefined) {
        this.#say(`${name} is not written yet`);
        return before;
      }
      const after = applyPatchFile(before, patch);
      if (after.ok) return after.value;
      const scratch = this.#scratch(name);
      scratch.open(before, before);
      const deleted = patch.files.filter(({ kind }) => kind === "delete").map(({ path }) => path);
      if (!scratch.applyLoosely(this.#text(name), deleted)) {
        const place = formatTreeError(after.error);
        throw new Refusal(
          `${place}\nmend the .rej files in ${scratch.dir}, then \`npm run tree -- refresh\``,
        );
      }
      this.#write(name, scratch.text(patch));
      scratch.close();
      this.#say(`rebased ${name}`);
      return this.#after(name, before);
    });
  }

  /** Writes the checksums of every Module.kabi anew. */
  kabi(): void {
    const { kbuild } = makeImageBuilder();
    this.#walk(({ name, before }) => {
      const patch = this.#read(name);
      const after = this.#after(name, before);
      const list = after[KABI_FILE];
      if (patch === undefined || list === undefined || list === before[KABI_FILE]) return after;
      const renewed = { ...after, [KABI_FILE]: renewKabi(list, sideOfTree(kbuild, after).exports) };
      if (renewed[KABI_FILE] === list) return after;
      const scratch = this.#scratch(name);
      scratch.open(before, renewed);
      this.#write(name, scratch.text(patch));
      scratch.close();
      this.#say(`rewrote ${name}`);
      return renewed;
    });
  }

  /**
   * Walks every series; `visit` sees each patch once, at its first place, and answers the tree after
   * it, or nothing if it has seen enough.
   */
  #walk(visit: (place: Place) => TreeFiles | undefined): void {
    const source = readTreeSource(this.#root);
    const tags = new Map<string, TreeFiles>();
    const done = new Set<string>();
    for (const series of allSeries(source)) {
      const { from } = series;
      let files = from === undefined ? source.base : (tags.get(`${from.branch} ${from.tag}`) ?? {});
      for (const step of series.steps) {
        if (step.kind === "tag") {
          tags.set(`${series.branch} ${step.tag}`, files);
        } else if (done.has(step.patch)) {
          files = this.#after(step.patch, files);
        } else {
          done.add(step.patch);
          const after = visit({ name: step.patch, before: files });
          if (after === undefined) return;
          files = after;
        }
      }
    }
  }

  #after(name: string, before: TreeFiles): TreeFiles {
    const patch = this.#read(name);
    return patch === undefined ? before : take(applyPatchFile(before, patch));
  }

  /** A repository for this patch, unless somebody is at work in it. */
  #scratch(name: string): Scratch {
    const scratch = new Scratch(this.#root, name);
    if (!scratch.isOpen) return scratch;
    throw new Refusal(
      `${name} is open in ${scratch.dir}: \`npm run tree -- refresh\`, or remove the folder`,
    );
  }

  readonly #path = (name: string): string => join(this.#root, "patches", name);
  readonly #text = (name: string): string => readFileSync(this.#path(name), "utf8");

  #write(name: string, text: string): void {
    writeFileSync(this.#path(name), text);
  }

  /** Undefined as long as nobody has written it. */
  #read(name: string): PatchFile | undefined {
    return existsSync(this.#path(name)) ? take(readPatchFile(name, this.#text(name))) : undefined;
  }
}
