/**
 * Assertions of kernel code. After include/asm-generic/bug.h of 2.6.32.
 */
import { bool, cstring } from "linux/types";

export declare function warn_slowpath(text: cstring): void;
export declare function bug(text: cstring): void;

/** Complains once each time and goes on; returns the condition. */
export function WARN_ON(condition: bool, text: cstring): bool {
  if (condition) warn_slowpath(text);
  return condition;
}

/** Kills the current task: the kernel does not know how to go on. */
export function BUG_ON(condition: bool, text: cstring): void {
  if (condition) bug(text);
}
