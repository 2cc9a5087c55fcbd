/** What lies on the disk of every cell: the usual programs, and strace, which is as usual as they are. */
import type { RootTree } from "#kernel";
import { userlandRoot } from "#userland";
import { STRACE } from "../strace/strace.ts";

export const cellRoot = (): RootTree => ({ ...userlandRoot(), "/usr/bin/strace": STRACE });
