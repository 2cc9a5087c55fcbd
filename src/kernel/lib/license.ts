/**
 * Which licences let a module, or a program of bytecode, use what is for the kernel's own kind.
 *
 * Source: license_is_gpl_compatible(), include/linux/license.h.
 */

const GPL_COMPATIBLE: ReadonlySet<string> = new Set([
  "GPL",
  "GPL v2",
  "GPL and additional rights",
  "Dual BSD/GPL",
  "Dual MIT/GPL",
  "Dual MPL/GPL",
]);

export const isGplCompatible = (license: string): boolean => GPL_COMPATIBLE.has(license);
