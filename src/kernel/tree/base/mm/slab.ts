/**
 * Exports of memory and bytes. After mm/slab.c, lib/string.c and arch code of 2.6.32; the work is
 * done by the core.
 */
import { EXPORT_SYMBOL } from "linux/module";
import { kfree, kmalloc, kzalloc } from "linux/slab";
import { memcpy, memset, strcmp, strlcpy } from "linux/string";
import { copy_from_user, copy_to_user, strncpy_from_user_nofault } from "linux/uaccess";

EXPORT_SYMBOL(kmalloc);
EXPORT_SYMBOL(kzalloc);
EXPORT_SYMBOL(kfree);
EXPORT_SYMBOL(memset);
EXPORT_SYMBOL(memcpy);
EXPORT_SYMBOL(strcmp);
EXPORT_SYMBOL(strlcpy);
EXPORT_SYMBOL(copy_from_user);
EXPORT_SYMBOL(copy_to_user);
EXPORT_SYMBOL(strncpy_from_user_nofault);
