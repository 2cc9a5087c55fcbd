/**
 * The configuration of a kernel: the tree's own, and fragments that are laid over it.
 *
 * Source: `make NAME.config`, which merges kernel/configs/NAME.config into .config
 * (scripts/kconfig/merge_config.sh). Left out: dependencies between options, and Kconfig itself.
 */
import type { TreeFiles } from "./apply-patch.ts";

export type ConfigOptions = Readonly<Record<string, boolean | number | string>>;

const CONFIG_FILE = "config";
const FRAGMENT = /^kernel\/configs\/([a-z0-9]+)\.config$/;

/** Files of a tree that are configuration and not source. */
export const isConfigFile = (path: string): boolean => path === CONFIG_FILE || FRAGMENT.test(path);

/** The fragments that a tree has, by name. */
export const configNames = (files: TreeFiles): readonly string[] =>
  Object.keys(files).flatMap((path) => FRAGMENT.exec(path)?.[1] ?? []);

const fragmentOf = (files: TreeFiles, name: string): string =>
  files[`kernel/configs/${name}.config`] ?? "";

/** What its author says of a fragment: its first comment. */
export const configSummary = (files: TreeFiles, name: string): string =>
  /^# (.*)$/m.exec(fragmentOf(files, name))?.[1] ?? "";

/** Lines `CONFIG_X=y`, `=100` or `="text"`, and `# CONFIG_X is not set`; other comments are comments. */
function applyLine(options: Record<string, boolean | number | string>, line: string): void {
  const [, unset] = /^# (CONFIG_\w+) is not set$/.exec(line) ?? [];
  if (unset !== undefined) delete options[unset];
  const [, name, value] = /^(CONFIG_\w+)=(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) return;
  if (value === "y") options[name] = true;
  else options[name] = /^\d+$/.test(value) ? Number(value) : value.replace(/^"(.*)"$/, "$1");
}

/** A tree's options, with a fragment's over them. */
export function readConfig(files: TreeFiles, fragment?: string): ConfigOptions {
  const options: Record<string, boolean | number | string> = {};
  const texts = [
    files[CONFIG_FILE] ?? "",
    fragment === undefined ? "" : fragmentOf(files, fragment),
  ];
  for (const text of texts) for (const line of text.split("\n")) applyLine(options, line);
  return options;
}
