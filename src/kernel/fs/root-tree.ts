/**
 * What a machine's root file system holds at boot, by absolute path. Missing directories are made;
 * text that begins with `#!` and programs are executable.
 */
import type { ProgramImage } from "../exec/program.ts";

export type RootEntry =
  | string
  | Uint8Array
  | ProgramImage
  | { readonly dir: true }
  | { readonly link: string };

export type RootTree = Readonly<Record<string, RootEntry>>;
