/**
 * Which functions must not be probed, said beside the function: what runs while a hit is handled, and
 * whatever that calls. After include/asm-generic/kprobes.h of 4.12; 2.6.32 writes __kprobes before the
 * function's name instead, which is the same to who probes.
 */

/** Puts the function's address into the section _kprobe_blacklist. */
export declare function NOKPROBE_SYMBOL(fn: unknown): void;
