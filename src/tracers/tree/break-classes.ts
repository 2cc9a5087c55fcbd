/**
 * The ways in which a change of the kernel's internals breaks what stands on them, from the loud to the
 * quiet: names break a build, types a build or a relocation, meanings and contexts break in use. A
 * patch's `Class:` names one of these.
 */

/** Name, as a patch's trailer has it, to what it means. */
export const BREAK_CLASSES = {
  // Can the symbol be reached at all?
  "symbol-removed": "a function or variable is gone",
  "symbol-unexported": "it is still there, and modules may not link to it",
  "symbol-made-gpl-only": "an export, or what a header's inline reaches, is for GPL modules only",
  "policy-gate": "a new rule stands in front of an old call",
  // The shape of a call.
  "function-renamed": "the same job under a new name",
  "signature-changed": "parameters come, go or change places",
  "callback-prototype-changed": "the kernel calls back with other arguments",
  "return-semantics-changed": "the same call, and its result means something else",
  "macro-inline-conversion":
    "a macro, an inline, a function or a variable becomes another of these",
  "api-conversion": "a whole way of doing something is replaced",
  "ops-struct-replaced": "the table that is filled in has another type",
  // The shape of data.
  "struct-field-renamed": "the same member under a new name",
  "struct-field-moved": "a member lies elsewhere: at another offset, or in another struct",
  "struct-field-type-changed": "a member has another width, sign or wrapper",
  "struct-made-opaque": "members are for accessors only",
  "data-structure-replaced": "the container is walked in another way",
  "enum-value-renumbered": "a constant keeps its name and changes its number",
  "config-dependent": "layout or availability hangs on how the kernel was configured",
  // Rules that no prototype shows.
  "locking-rule-changed": "another lock, or another holder of it",
  "refcount-rule-changed": "another owner of a reference, or one where there was none",
  "calling-context-changed": "atomic where it could sleep, or the other way round",
  "unit-or-meaning-changed": "the same name and type, and another unit",
  // Places to watch from.
  "tracepoint-format-changed": "an event tells more, less, or in another order",
  "inlined-or-isra": "there is no body left to put a probe on",
  // The source as such.
  "header-moved": "it is declared in another header",
  "build-system-changed": "the same source, and the build has another opinion of it",
} as const;

export type BreakClass = keyof typeof BREAK_CLASSES;

export const isBreakClass = (name: string): name is BreakClass => name in BREAK_CLASSES;
