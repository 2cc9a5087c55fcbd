/**
 * Every helper that programs may call, by number. All kinds of tracing programs may call all of them.
 */
import type { HelperRow } from "./helper.ts";
import { MAP_HELPERS } from "./map-helpers.ts";
import { READ_HELPERS } from "./read-helpers.ts";
import { TASK_HELPERS } from "./task-helpers.ts";

export const HELPERS: readonly HelperRow[] = [
  ...MAP_HELPERS,
  ...READ_HELPERS,
  ...TASK_HELPERS,
].sort((a, b) => a.number - b.number);

const BY_NUMBER: ReadonlyMap<number, HelperRow> = new Map(
  HELPERS.map((helper) => [helper.number, helper]),
);

export const helperByNumber = (number: number): HelperRow | undefined => BY_NUMBER.get(number);

export const helperByName = (name: string): HelperRow | undefined =>
  HELPERS.find((helper) => helper.name === name);
