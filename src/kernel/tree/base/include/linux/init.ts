/**
 * When a function runs: at boot, in this order, or when its module comes and goes.
 * After include/linux/init.h of 2.6.32. Left out: the other six levels of initcalls.
 */
import { int } from "linux/types";

export declare function early_initcall(f: () => int): void;
export declare function core_initcall(f: () => int): void;
export declare function module_init(f: () => int): void;
export declare function module_exit(f: () => void): void;
