/**
 * What a loadable module says about itself and about the symbols it gives to others.
 * After include/linux/module.h and moduleparam.h of 2.6.32. Left out: device tables.
 */
import { cstring, int, voidp } from "linux/types";
export { core_initcall, early_initcall, module_exit, module_init } from "linux/init";

export declare function MODULE_LICENSE(license: cstring): void;
export declare function MODULE_AUTHOR(author: cstring): void;
export declare function MODULE_DESCRIPTION(description: cstring): void;
export declare function MODULE_VERSION(version: cstring): void;
export declare function MODULE_INFO(key: cstring, value: cstring): void;
export declare function module_param(variable: unknown, type: cstring, permission: int): void;
/** A parameter whose name is not the variable's. */
export declare function module_param_named(
  name: cstring,
  variable: unknown,
  type: cstring,
  permission: int,
): void;
/** What `modinfo` says of a parameter. */
export declare function MODULE_PARM_DESC(parameter: unknown, description: cstring): void;
export declare function MODULE_ALIAS(alias: cstring): void;
export declare function EXPORT_SYMBOL(symbol: unknown): void;
export declare function EXPORT_SYMBOL_GPL(symbol: unknown): void;

/** Keeps the module that owns `address` loaded; 0 when it is on its way out. */
export declare function try_module_get(address: voidp): int;
export declare function module_put(address: voidp): void;
