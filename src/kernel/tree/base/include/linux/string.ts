/**
 * Bytes and strings. After include/linux/string.h of 2.6.32.
 */
import { char, cstring, int, ptr, size_t, voidp } from "linux/types";

export declare function memset(to: voidp, value: int, size: size_t): voidp;
export declare function memcpy(to: voidp, from: voidp, size: size_t): voidp;
export declare function strcmp(a: cstring, b: cstring): int;
export declare function strlcpy(to: ptr<char>, from: cstring, size: size_t): size_t;
