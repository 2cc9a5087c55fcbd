/**
 * A pointer that may hold an error number: no object lies in the last page of the address space.
 * After include/linux/err.h of 2.6.32.
 */
import { bool, cast, long, voidp } from "linux/types";

export const MAX_ERRNO = 4095;

export function ERR_PTR(error: long): voidp {
  return cast<voidp>(error);
}

export function PTR_ERR(pointer: voidp): long {
  return cast<long>(pointer);
}

export function IS_ERR(pointer: voidp): bool {
  const value: long = cast<long>(pointer);
  return value < 0 && value >= -MAX_ERRNO;
}
