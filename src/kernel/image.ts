/**
 * A release as it boots: what the image builder makes from one tag of the kernel tree and `boot`
 * takes. Plain JSON, so that an image can be a file, a message to a worker or a value in a test.
 *
 * Left out: compression; the largest image is a few hundred kilobytes.
 */
import type { Layouts } from "./kmem/layout.ts";
import type { KoFile } from "./module/ko.ts";
import type { LinkedText } from "./module/transform.ts";

/** One exported symbol of Module.symvers. */
export interface ExportedSymbol {
  readonly name: string;
  readonly crc: number;
  readonly gplOnly: boolean;
  /** Whoever uses it has to import this; EXPORT_SYMBOL_NS. */
  readonly namespace?: string;
  /** The module that exports it; none for the kernel itself. */
  readonly module?: string;
  /** The source file that exports it, as a tree path. */
  readonly file: string;
}

/** One compiled source file of the tree: what `module/compile.ts` makes of its `.ko` text. */
export interface BuiltinObject {
  /** Tree path of the source. */
  readonly file: string;
  readonly ko: KoFile;
  readonly linked: LinkedText;
}

export interface ReleaseImage {
  readonly format: "quicksand-image 1";
  readonly branch: string;
  /** The tag in its series, e.g. `v2.6.32`. */
  readonly tag: string;
  /** Its name, which no other has, e.g. `2.6.32-quicksand`. */
  readonly release: string;
  /** What uname -r prints: the same, unless it was configured and not renamed. */
  readonly uname: string;
  readonly vermagic: string;
  /** The configuration's name, if it is not the tree's own. */
  readonly configName?: string;
  /** What the build defines: the options, and LINUX_VERSION_CODE. */
  readonly config: Readonly<Record<string, boolean | number | string>>;
  readonly layouts: Layouts;
  /** The headers' types in BTF, in base64; empty unless CONFIG_DEBUG_INFO_BTF is set. */
  readonly btf: string;
  readonly exports: readonly ExportedSymbol[];
  /** Header path (`linux/sched`) to source text, for kbuild and for reading. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tree path to source text of every non-header file, for reading. */
  readonly sources: Readonly<Record<string, string>>;
  /** Built-in objects in link order. */
  readonly objects: readonly BuiltinObject[];
  /** Binding scripts, compiled: they bind header fields to core state. */
  readonly bindings: readonly { readonly file: string; readonly code: string }[];
  /** Patches since the parent release, newest last. */
  readonly patches: readonly string[];
}
