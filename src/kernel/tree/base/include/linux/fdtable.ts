/**
 * From descriptors to files. After include/linux/fdtable.h of 2.6.32. Left out: the table itself.
 */
import { file } from "linux/fs";
import { ptr, unsigned_int } from "linux/types";

/**
 * The open file behind a descriptor of the current task, or NULL. Called under rcu_read_lock(), which
 * keeps it there; nobody holds it for the caller.
 */
export declare function fcheck(fd: unsigned_int): ptr<file>;
