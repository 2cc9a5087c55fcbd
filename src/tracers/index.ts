/**
 * The tracers' door: what the layer above may use.
 */

export { callNumbers, callsEntered, type Probed, probedBy } from "./claims.ts";
export { COVERAGE } from "./coverage/coverage.ts";
export {
  checkDeclaration,
  type DeclarationProblem,
  defineTracer,
  filesOf,
  type History,
  type House,
  type Tracer,
  type TracerDeclaration,
  type VendorBuild,
} from "./define-tracer.ts";
export { Explorer, type Shrunk } from "./explore/explore.ts";
export { FUNCTRACE } from "./functrace/functrace.ts";
export type { ApiChange, ApiSide, ChangeKind } from "./kbuild/api-diff.ts";
export { changesFor } from "./kbuild/api-diff.ts";
export { BuildKeys } from "./kbuild/build-key.ts";
export type { Feature } from "./kbuild/feature-tests.ts";
export type { HeaderSet } from "./kbuild/header-set.ts";
export {
  type CompileInput,
  type CompileResult,
  createKbuild,
  type Kbuild,
} from "./kbuild/kbuild.ts";
export type { Diagnostic } from "./kbuild/messages.ts";
export type { ModuleUses } from "./kbuild/module-uses.ts";
export type { ModuleSource } from "./kbuild/own-sources.ts";
export { witnessSource } from "./kbuild/witness.ts";
export { argText, entryText, exitText, resultText } from "./kit/call-text.ts";
export { type CallView, callName, viewEntry, viewExit } from "./kit/call-view.ts";
export { catchInterrupts, tracerProgram } from "./kit/ptrace-program.ts";
export { PtraceTracer, type TracerOptions } from "./kit/ptrace-tracer.ts";
export { type RegisterValues, readRegisters, writeRegisters } from "./kit/registers.ts";
export { siginfoText } from "./kit/siginfo-text.ts";
export type { RawCall, Stop, StopKind } from "./kit/stop.ts";
export { readMemory, readString, readText, writeMemory } from "./kit/tracee-memory.ts";
export { type Blame, Blamer, type Reverted, type Trees } from "./matrix/blame.ts";
export { BuildCache } from "./matrix/build-cache.ts";
export { type CellResult, type Delivery, runCell } from "./matrix/cell.ts";
export { CellCache } from "./matrix/cell-cache.ts";
export { cellRoot } from "./matrix/cell-root.ts";
export { EXPLAINED } from "./matrix/explained.ts";
export {
  type Cell,
  changesBetween,
  DELIVERIES,
  homeOf,
  isInRelease,
  type MatrixParts,
  runOne,
} from "./matrix/matrix.ts";
export { agrees, type Prediction } from "./matrix/predict.ts";
export type { ResultStore } from "./matrix/result-store.ts";
export { judgeReport, VERDICTS, type Verdict } from "./matrix/verdict.ts";
export { WORKLOADS, withWorkload } from "./matrix/workload.ts";
export { QDB } from "./qdb/qdb.ts";
export { SHIPPED_TRACERS } from "./shipped.ts";
export { tracer as STRACE_TRACER } from "./strace/tracer.ts";
export { applyPatchFile, type TreeFiles } from "./tree/apply-patch.ts";
export { BREAK_CLASSES, type BreakClass } from "./tree/break-classes.ts";
export {
  type BuildComplaint,
  buildImage,
  type ImageBuilder,
  type ImageResult,
} from "./tree/build-image.ts";
export { configNames, configSummary, isConfigFile } from "./tree/config.ts";
export {
  configured,
  findRelease,
  readHistory,
  type TreeBranch,
  type TreeHistory,
  type TreeRelease,
  type TreeSource,
} from "./tree/history.ts";
export { KABI_FILE, kabiSymbols } from "./tree/kabi.ts";
export { type PatchFile, readDiff, readPatchFile } from "./tree/patch-file.ts";
export { lineOf, type PathStep, pathBetween } from "./tree/path.ts";
export { type AttributedChange, diffPatch, diffReleases, sideOfTree } from "./tree/release-diff.ts";
export { releaseName, splitConfig, withConfig } from "./tree/release-name.ts";
export { done, failed, type TreeDiagnostic, type TreeResult } from "./tree/tree-error.ts";
