/**
 * A release as it boots: what the image builder makes from one tag of the kernel tree and `boot`
 * takes. Plain JSON, so that an image can be a file, a message to a worker or a value in a test.
 *
 * Left out: compression; the largest image is a few hundred kilobytes.
 */
import type { Layouts } from "./kmem/layout.ts";

/** One exported symbol of Module.symvers. */
export interface ExportedSymbol {
  readonly name: string;
  readonly crc: number;
  readonly gplOnly: boolean;
  /** The source file that exports it, as a tree path. */
  readonly file: string;
}

/** One compiled source file of the tree, or of a module: see `module/ko.ts` for the sections. */
export interface ObjectText {
  /** Tree path of the source, for back traces. */
  readonly file: string;
  /** The text of a `.ko`, header line and sections. */
  readonly ko: string;
  /** `ko`'s code after the loader's transformation, made when the image is built. */
  readonly linked?: string;
}

export interface ReleaseImage {
  readonly format: "quicksand-image 1";
  readonly branch: string;
  /** The tag in its series, e.g. `v2.6.32`. */
  readonly tag: string;
  /** What uname -r prints, e.g. `2.6.32-quicksand`. */
  readonly release: string;
  readonly vermagic: string;
  readonly config: Readonly<Record<string, boolean | number | string>>;
  readonly layouts: Layouts;
  readonly exports: readonly ExportedSymbol[];
  /** Header path (`linux/sched`) to source text, for kbuild and for reading. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tree path to source text of every non-header file, for reading. */
  readonly sources: Readonly<Record<string, string>>;
  /** Built-in objects in link order. */
  readonly objects: readonly ObjectText[];
  /** Binding scripts, compiled: they bind header fields to core state. */
  readonly bindings: readonly { readonly file: string; readonly code: string }[];
  /** Patches since the parent release, newest last. */
  readonly patches: readonly string[];
}
