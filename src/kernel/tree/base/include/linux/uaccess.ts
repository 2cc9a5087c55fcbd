/**
 * User memory of the current task. After include/linux/uaccess.h of 2.6.32.
 */
import { char, cstring, long, ptr, size_t, unsigned_long, voidp } from "linux/types";

/** Each returns how many bytes were left over: 0 is success. They may sleep. */
export declare function copy_from_user(to: voidp, from: unsigned_long, size: size_t): unsigned_long;
export declare function copy_to_user(to: unsigned_long, from: voidp, size: size_t): unsigned_long;
/** Bytes with the NUL, `size` if the string was cut, or -EFAULT. Never sleeps: a page that is not there is -EFAULT. */
export declare function strncpy_from_user_nofault(
  to: ptr<char>,
  from: unsigned_long,
  size: size_t,
): long;
