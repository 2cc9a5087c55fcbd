/**
 * Open files by their descriptors. After fs/file.c and fs/file_table.c of 2.6.32.
 */
import { file_of_descriptor } from "core/port";
import { file, fput, get_file } from "linux/fs";
import { EXPORT_SYMBOL } from "linux/module";
import { ptr, unsigned_int } from "linux/types";

export function fcheck(fd: unsigned_int): ptr<file> {
  return file_of_descriptor(fd);
}

EXPORT_SYMBOL(fcheck);
EXPORT_SYMBOL(get_file);
EXPORT_SYMBOL(fput);
