/**
 * What kernel code sees of exec. After include/linux/binfmts.h of 2.6.32.
 */
import { cstring, int, struct } from "linux/types";

export interface linux_binfmt extends struct<"linux_binfmt"> {
  name: cstring;
}

export interface linux_binprm extends struct<"linux_binprm"> {
  filename: cstring;
  interp: cstring;
  argc: int;
  envc: int;
}
