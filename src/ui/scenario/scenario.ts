/**
 * A scenario: prose and fenced blocks of one Markdown file, in order. What the blocks mean is in
 * `docs/scenario-format.md`; how they are read is `parse.ts`, how they are played `player.ts`.
 */
import type { ClaimPattern } from "./claim-pattern.ts";

export interface FrontMatter {
  readonly title: string;
  /** The question that the scenario answers. */
  readonly question: string;
  readonly release: string;
  /** Line of `release:` in the file. */
  readonly releaseLine: number;
  readonly seed: number;
  /** How long a reader takes. */
  readonly minutes: number;
}

/** Lines of the file, from 1; `end` is the last one. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Markdown shown as it is: everything between two blocks. */
export interface ProseBlock {
  readonly kind: "prose";
  readonly markdown: string;
  readonly lines: LineRange;
}

/** One command of a console block, with the output that should follow. */
export interface ConsoleCommand {
  readonly prompt: "$" | "#";
  /** Typed with a newline; lines that the source continues with `> ` are joined by newlines. */
  readonly text: string;
  /** The status that `? N` asks for. */
  readonly status: number | undefined;
  readonly expected: readonly string[];
  /** Line of the prompt. */
  readonly line: number;
  /** Line where the expected output starts, or would start. */
  readonly outputLine: number;
}

export interface ConsoleBlock {
  readonly kind: "console";
  readonly commands: readonly ConsoleCommand[];
  readonly lines: LineRange;
}

export interface Choice {
  readonly says: string;
  /** What the next console block must show if this choice is the right one: all of them. */
  readonly when: readonly ClaimPattern[];
}

/** A question to answer before looking. The console block that follows decides. */
export interface PredictBlock {
  readonly kind: "predict";
  readonly question: string;
  readonly choices: readonly Choice[];
  /** The author's answer, an index of `choices`: the run must agree. */
  readonly answer: number;
  readonly lines: LineRange;
}

/** An excerpt of the kernel tree, checked against it: a patch by number, or a source file. */
export interface ExcerptBlock {
  readonly kind: "patch" | "source";
  /** The patch's number, or the tree path. */
  readonly name: string;
  /** For a source: the release it is taken from, by default the one that runs. */
  readonly release: string | undefined;
  readonly expected: readonly string[];
  readonly lines: LineRange;
}

/** A file written into the machine's file system. */
export interface FileBlock {
  readonly kind: "file";
  readonly path: string;
  readonly text: string;
  readonly lines: LineRange;
}

export type Block = ProseBlock | ConsoleBlock | PredictBlock | ExcerptBlock | FileBlock;

export interface Scenario {
  readonly file: string;
  /** The whole source; `--update` edits it. */
  readonly text: string;
  readonly front: FrontMatter;
  readonly blocks: readonly Block[];
}
