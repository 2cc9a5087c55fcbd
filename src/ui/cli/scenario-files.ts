/**
 * Scenarios by name or by path. The shipped ones stand in `scenarios/` as `NN-name.md` and answer to
 * `NN-name`, `name` and `NN`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { nearNames } from "../near-names.ts";
import { usageError } from "./exit-code.ts";

export interface ScenarioFile {
  readonly name: string;
  /** As messages show it. */
  readonly file: string;
}

/** The shipped scenarios, in the order of their numbers. */
export function shippedScenarios(folder: string): readonly ScenarioFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d\d-.*\.md$/.test(name))
    .sort()
    .map((name) => ({
      name: name.slice(0, -3),
      file: relative(process.cwd(), join(folder, name)),
    }));
}

/** The file that an argument means. */
export function findScenario(argument: string, folder: string): ScenarioFile {
  const shipped = shippedScenarios(folder);
  const found = shipped.find(
    ({ name }) => name === argument || name.slice(3) === argument || name.slice(0, 2) === argument,
  );
  if (found !== undefined) return found;
  if (existsSync(argument) && argument.endsWith(".md"))
    return { name: basename(argument, ".md"), file: argument };
  const near = nearNames(
    argument,
    shipped.map(({ name }) => name),
  );
  const hint =
    near.length > 0 ? `did you mean ${near.join(" or ")}?` : "quicksand list shows all of them";
  const what = argument.endsWith(".md") ? `no such file: ${argument}` : `no scenario "${argument}"`;
  throw usageError("QS1102", what, hint);
}

/** The text, or the reason why it cannot be read. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? "error";
    throw usageError("QS1103", `cannot read ${file}: ${reason}`);
  }
}
