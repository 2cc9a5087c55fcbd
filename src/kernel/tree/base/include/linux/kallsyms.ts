/**
 * Names of text addresses. After include/linux/kallsyms.h of 2.6.32.
 */
import { char, cstring, int, ptr, unsigned_long } from "linux/types";

/** Writes `symbol+0x0/0x0 [module]` and returns its length. */
export declare function sprint_symbol(buffer: ptr<char>, address: unsigned_long): int;
/** Address of a kernel symbol, 0 if there is none. */
export declare function kallsyms_lookup_name(name: cstring): unsigned_long;
