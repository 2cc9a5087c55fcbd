/**
 * struct new_utsname: six fields of 65 bytes, each ended by a NUL.
 *
 * Source: linux/utsname.h of Linux 6.1.
 */
import { readCString, writeCString } from "./struct.ts";

const FIELDS = ["sysname", "nodename", "release", "version", "machine", "domainname"] as const;
const FIELD_SIZE_BYTES = 65;

export type Utsname = Readonly<Record<(typeof FIELDS)[number], string>>;
export const UTSNAME_SIZE_BYTES = 390;

export function encodeUtsname(name: Utsname): Uint8Array {
  const bytes = new Uint8Array(UTSNAME_SIZE_BYTES);
  for (const [index, field] of FIELDS.entries()) {
    writeCString(bytes, index * FIELD_SIZE_BYTES, FIELD_SIZE_BYTES, name[field]);
  }
  return bytes;
}

export function decodeUtsname(bytes: Uint8Array): Utsname {
  const texts = FIELDS.map((field, index) => [
    field,
    readCString(bytes, index * FIELD_SIZE_BYTES, FIELD_SIZE_BYTES),
  ]);
  return Object.fromEntries(texts) as Utsname;
}
