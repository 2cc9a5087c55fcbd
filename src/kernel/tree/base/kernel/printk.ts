/**
 * Exports of the kernel's voice. After kernel/printk.c and kernel/panic.c of 2.6.32; the work is
 * done by the core.
 */
import { bug, warn_slowpath } from "linux/bug";
import { panic, printk, snprintf } from "linux/kernel";
import { EXPORT_SYMBOL } from "linux/module";

EXPORT_SYMBOL(printk);
EXPORT_SYMBOL(snprintf);
EXPORT_SYMBOL(panic);
EXPORT_SYMBOL(warn_slowpath);
EXPORT_SYMBOL(bug);
