/**
 * What a binding script of the kernel tree (tree/base/bind) is handed when its release comes up.
 */
import type { Bindings } from "./bound-struct.ts";

export interface BindApi {
  /** Backs fields of the header's struct by core state; the other fields are plain memory. */
  bindStruct<C extends object>(name: string, bindings: Bindings<C>): void;
  /** The address of a variable of the tree's, for a getter to answer. */
  variable(name: string): number;
}
