/**
 * Exports of symbol names, module references and kernel-made files. After kernel/kallsyms.c,
 * kernel/module.c and fs/debugfs/file.c of 2.6.32; the work is done by the core.
 */
import { debugfs_create_file, seq_printf, simple_strtol } from "linux/debugfs";
import { kallsyms_lookup_name, sprint_symbol } from "linux/kallsyms";
import { EXPORT_SYMBOL, EXPORT_SYMBOL_GPL, module_put, try_module_get } from "linux/module";
import { sched_clock } from "linux/time";

EXPORT_SYMBOL_GPL(kallsyms_lookup_name);
EXPORT_SYMBOL_GPL(sprint_symbol);
EXPORT_SYMBOL(try_module_get);
EXPORT_SYMBOL(module_put);
EXPORT_SYMBOL_GPL(debugfs_create_file);
EXPORT_SYMBOL(seq_printf);
EXPORT_SYMBOL(simple_strtol);
EXPORT_SYMBOL_GPL(sched_clock);
