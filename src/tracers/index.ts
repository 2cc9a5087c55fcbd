/**
 * The tracers' door: what the layer above may use.
 */
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
