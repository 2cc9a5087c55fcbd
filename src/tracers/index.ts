/**
 * The tracers' door: what the layer above may use.
 */

export {
  checkDeclaration,
  defineTracer,
  fileOf,
  type History,
  type House,
  type Tracer,
  type TracerDeclaration,
} from "./define-tracer.ts";
export type { ApiChange, ApiSide, ChangeKind } from "./kbuild/api-diff.ts";
export { changesFor } from "./kbuild/api-diff.ts";
export type { HeaderSet } from "./kbuild/header-set.ts";
export {
  type CompileInput,
  type CompileResult,
  createKbuild,
  type Kbuild,
} from "./kbuild/kbuild.ts";
export type { Diagnostic } from "./kbuild/messages.ts";
export type { ModuleUses } from "./kbuild/module-uses.ts";
export type { CellResult, Delivery } from "./matrix/cell.ts";
export { type Cell, DELIVERIES, type MatrixParts, runMatrix, runOne } from "./matrix/matrix.ts";
export { judgeReport, VERDICTS, type Verdict } from "./matrix/verdict.ts";
