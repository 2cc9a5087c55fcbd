/**
 * Who a task is, as far as permissions go. After include/linux/cred.h of 2.6.32.
 * Left out: capabilities, keyrings, security modules.
 */
import { gid_t, int, struct, uid_t } from "linux/types";

export interface cred extends struct<"cred"> {
  usage: int;
  uid: uid_t;
  gid: gid_t;
  suid: uid_t;
  sgid: gid_t;
  euid: uid_t;
  egid: gid_t;
  fsuid: uid_t;
  fsgid: gid_t;
}
