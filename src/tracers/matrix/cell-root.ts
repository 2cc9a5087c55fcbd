/**
 * What lies on the disk of every cell: the usual programs, strace and nm, which are as usual as they
 * are, and our C programs for those who trace ELF files.
 */
import type { RootTree } from "#kernel";
import { userlandRoot } from "#userland";
import { NM } from "../nm/nm.ts";
import { STRACE } from "../strace/strace.ts";

export const cellRoot = (guests: RootTree): RootTree => ({
  ...userlandRoot(),
  ...guests,
  "/usr/bin/nm": NM,
  "/usr/bin/strace": STRACE,
});
