/** Numbers that the executor and its slow ways tell each other. */

/** Why a run ended. */
export const EXIT_BUDGET = 0;
/** At an ECALL, which counts as executed; pc still points to it. */
export const EXIT_ECALL = 1;
/** A load, store or fetch that the memory refused: `faultAddress`, `faultAccess`. */
export const EXIT_FAULT = 2;
export const EXIT_ILLEGAL = 3;
export const EXIT_BREAKPOINT = 4;
/** An atomic operation whose address is not a multiple of its size, in `faultAddress`. */
export const EXIT_MISALIGNED = 5;

/** What a slow store did; a store into code leaves decoded instructions stale. */
export const STORE_FAULT = 0;
export const STORE_DONE = 1;
export const STORE_CODE = 2;

/** What a cold instruction did, or an EXIT_*. */
export const COLD_DONE = -1;
export const COLD_CODE = -2;

/** Entries of the TLB less one; each is four words: read tag, write tag, fetch tag, frame's address. */
export const TLB_MASK = 1023;

/** Kinds of access; PROT_READ, PROT_WRITE and PROT_EXEC. */
export const ACCESS_READ = 1;
export const ACCESS_WRITE = 2;
export const ACCESS_FETCH = 4;
