/**
 * What the verifier has to know of the world around a program: the helpers it may call, and what its
 * context holds.
 *
 * Source: struct bpf_func_proto and struct bpf_verifier_ops, include/linux/bpf.h, 6.16.
 */

/** What a helper wants in an argument register. Linux: enum bpf_arg_type. */
export type HelperArgument =
  | "anything"
  | "map"
  | "key"
  | "value"
  /** Memory that the helper reads or writes; the next argument is its size. */
  | "mem"
  | "uninit-mem"
  | "size"
  | "size-or-zero";

/** Linux: enum bpf_return_type. `task` is a trusted pointer to the running task. */
export type HelperResult = "integer" | "map-value-or-null" | "task";

export interface HelperSignature {
  readonly number: number;
  /** With its `bpf_`. */
  readonly name: string;
  readonly args: readonly HelperArgument[];
  readonly result: HelperResult;
  readonly gplOnly: boolean;
}

/** What a load from the context answers. */
export type ContextRead =
  | { readonly kind: "scalar" }
  | { readonly kind: "object"; readonly type: number }
  | { readonly kind: "problem"; readonly text?: string };

export interface ProgramShape {
  readonly readContext: (off: number, size: number) => ContextRead;
  readonly helper: (number: number) => HelperSignature | undefined;
  /** Helper names that exist but are not for this kind of program. */
  readonly helperName: (number: number) => string;
}
