/**
 * Messages and the helpers that everything uses.
 * After include/linux/kernel.h of 2.6.32. Left out: rate limits, log levels above the text.
 */
import { char, cstring, int, ptr, size_t, varargs } from "linux/types";

/** Levels are the first characters of a message, as in <linux/kernel.h>. */
export const KERN_EMERG = "<0>";
export const KERN_ERR = "<3>";
export const KERN_WARNING = "<4>";
export const KERN_INFO = "<6>";
export const KERN_DEBUG = "<7>";

export declare function printk(fmt: cstring, ...args: varargs): int;
export declare function snprintf(buf: ptr<char>, size: size_t, fmt: cstring, ...args: varargs): int;
export declare function panic(fmt: cstring, ...args: varargs): void;
