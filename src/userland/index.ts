/**
 * The userland's door: libc for authors of programs, the programs, and the root file system that
 * they make.
 */
export { dkmsProgram } from "./bin/dkms.ts";
export {
  type BuildProblem,
  type BuildRequest,
  type BuildResult,
  type ModuleBuilder,
  makeProgram,
} from "./bin/make.ts";
export { type ModuleRule, makefileModules, moduleRule, ruleProblem } from "./bin/makefile.ts";
export { type ModuleSigner, signFileProgram } from "./bin/sign-file.ts";
export { defineProgram, type ProcMain } from "./libc/define-program.ts";
export { readDirectory } from "./libc/directory.ts";
export type { DirEntry, Stat } from "./libc/file-calls.ts";
export { type Options, parseOptions } from "./libc/options.ts";
export { Proc } from "./libc/proc.ts";
export type { CloneArgs, WaitResult } from "./libc/process-calls.ts";
export { type SignalAction, sigsetSignals, sigsetWords } from "./libc/signal-calls.ts";
export { signalText } from "./libc/signal-text.ts";
export { Sys } from "./libc/system-calls.ts";
export { isoDateText } from "./libc/time-text.ts";
export type { UserCall } from "./libc/trap.ts";
export { userlandRoot } from "./root.ts";
