/**
 * What the compiler itself brings to every build: the checker's own library (nothing of a host is in
 * it, so that `Date`, `Map` or `process` are unknown names) and the headers that kbuild provides:
 * `linux/types` always, `linux/module` and `linux/init` when a release has none of its own.
 *
 * Source: include/linux/types.h, include/linux/module.h and include/linux/init.h of Linux 2.6.32.
 * Left out: a C library; a kernel has none. Double-word and floating types.
 */

/** The interfaces that TypeScript insists on. A string is indexable as `const char *` is. */
export const CHECKER_LIBRARY = `interface Array<T> { [index: number]: T }
interface ReadonlyArray<T> { readonly [index: number]: T }
interface Boolean {}
interface CallableFunction {}
interface Function {}
interface IArguments {}
interface NewableFunction {}
interface Number {}
interface Object {}
interface RegExp {}
interface String { [index: number]: number }
`;

/** Spelling in a header, name in prototypes, bytes, signed. Two spellings may be one C type. */
export const INTEGER_TYPES: readonly (readonly [string, string, 1 | 2 | 4 | 8, boolean])[] = [
  ["char", "char", 1, false],
  ["s8", "s8", 1, true],
  ["u8", "u8", 1, false],
  ["short", "short", 2, true],
  ["s16", "short", 2, true],
  ["u16", "u16", 2, false],
  ["unsigned_short", "u16", 2, false],
  ["umode_t", "u16", 2, false],
  ["int", "int", 4, true],
  ["s32", "int", 4, true],
  ["pid_t", "int", 4, true],
  ["unsigned_int", "unsigned_int", 4, false],
  ["u32", "unsigned_int", 4, false],
  ["uid_t", "unsigned_int", 4, false],
  ["gid_t", "unsigned_int", 4, false],
  ["gfp_t", "unsigned_int", 4, false],
  ["long", "long", 8, true],
  ["ssize_t", "long", 8, true],
  ["time_t", "long", 8, true],
  ["unsigned_long", "unsigned_long", 8, false],
  ["size_t", "unsigned_long", 8, false],
  ["s64", "s64", 8, true],
  ["loff_t", "s64", 8, true],
  ["u64", "u64", 8, false],
];

/** `linux/types`: kbuild knows everything in it by name. */
export const LINUX_TYPES = `// linux/types: the C types and the compiler's builtins. kbuild provides this header.
${INTEGER_TYPES.map(([name]) => `export type ${name} = number;`).join("\n")}
export type bool = boolean;
/** const char * */
export type cstring = string;
/** char[N] */
export type chars<N extends number> = string & { readonly __length?: N };
/** T[N] */
export interface array<T, N extends number> { readonly __length?: N; [index: number]: T }
/** void * and const void *: convert to and from any pointer to data. */
export type voidp = object;
export type const_voidp = object;
/** A struct is an interface that extends this; the name is its tag. */
export interface struct<Tag extends string> { readonly __tag?: Tag }
export interface scalar_ptr<T> { readonly __pointee?: T; [index: number]: T }
/** T *: of a struct, its members are read with a dot; of anything else, by deref, store or an index. */
export type ptr<T> = T extends number | boolean | string ? scalar_ptr<T> : T;
export type const_ptr<T> = ptr<T>;
/** A member that is there only under a configuration option. */
export type config<Option extends string, T> = T;
/** The rest parameter of a function like printk. */
export type varargs = unknown[];

export declare const NULL: null;
/** &lvalue */
export declare function addr<T>(lvalue: T): ptr<T>;
/** *p */
export declare function deref<T>(p: scalar_ptr<T>): T;
/** *p = value */
export declare function store<T>(p: scalar_ptr<T>, value: T): T;
/** (T)value */
export declare function cast<T>(value: unknown): T;
export declare function sizeof<T>(): size_t;
export declare function offsetof<T>(member: keyof T & string): size_t;
export declare function container_of<T>(p: object, member: keyof T & string): ptr<T>;
export declare function likely(condition: unknown): bool;
export declare function unlikely(condition: unknown): bool;
`;

export const LINUX_MODULE = `// linux/module: provided by kbuild for a release that has no header of this name.
import { cstring, int } from "linux/types";
export { core_initcall, device_initcall, early_initcall, module_exit, module_init } from "linux/init";
export declare function MODULE_LICENSE(license: cstring): void;
export declare function MODULE_AUTHOR(author: cstring): void;
export declare function MODULE_DESCRIPTION(description: cstring): void;
export declare function MODULE_VERSION(version: cstring): void;
export declare function MODULE_INFO(key: cstring, value: cstring): void;
export declare function module_param(variable: unknown, type: cstring, permission: int): void;
export declare function MODULE_PARM_DESC(parameter: unknown, description: cstring): void;
export declare function EXPORT_SYMBOL(symbol: unknown): void;
export declare function EXPORT_SYMBOL_GPL(symbol: unknown): void;
`;

export const LINUX_INIT = `// linux/init: provided by kbuild for a release that has no header of this name.
import { int } from "linux/types";
export declare function module_init(f: () => int): void;
export declare function module_exit(f: () => void): void;
export declare function early_initcall(f: () => int): void;
export declare function core_initcall(f: () => int): void;
export declare function device_initcall(f: () => int): void;
`;

/** The headers that kbuild puts under a release's own. */
export const COMPILER_HEADERS: Readonly<Record<string, string>> = {
  "linux/types": LINUX_TYPES,
  "linux/module": LINUX_MODULE,
  "linux/init": LINUX_INIT,
};
