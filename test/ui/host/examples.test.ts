/** The tracers of `examples/`, by the way that any tracer outside `src/` takes. */
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Cell } from "#tracers";
import { openImages } from "../../../src/ui/host/images.ts";
import { performJob } from "../../../src/ui/host/job-kinds.ts";
import type { TracerJob } from "../../../src/ui/host/tracer-job.ts";
import { testWorkshop } from "../../support/images.ts";

const catalogue = openImages("dist/images");

async function run(
  example: string,
  release?: string,
  deliveries: TracerJob["deliveries"] = "all",
): Promise<readonly Cell[]> {
  const where = release === undefined ? {} : { release };
  const job = { tracer: `examples/${example}`, ...where, deliveries };
  const end = await performJob("tracer", job, testWorkshop(), () => {});
  expect(end.kind).toBe("done");
  return end.kind === "done" ? end.result.map(({ cell }) => cell) : [];
}

const verdicts = (cells: readonly Cell[]): readonly string[] =>
  cells.map(({ delivery, verdict }) => `${delivery}: ${verdict}`);

test("every example runs where it is at home", async () => {
  for (const example of readdirSync("examples"))
    expect([
      example,
      ...(await run(example, undefined, "first")).map(({ verdict }) => verdict),
    ]).toEqual([example, "works"]);
});

describe("endings, a module", () => {
  test("works at home in every delivery", async () => {
    expect(verdicts(await run("endings", "v2.6.32"))).toEqual([
      "rebuilt: works",
      "prebuilt: works",
      "forced: works",
    ]);
  });

  test("needs a new build for the next release", async () => {
    expect(verdicts(await run("endings", "v3.15-rc2"))).toEqual([
      "rebuilt: works",
      "prebuilt: load refused",
      "forced: oops",
    ]);
  });

  test("no longer builds once its probe is told more than it takes", async () => {
    const [cell] = await run("endings", "v6.16", "first");
    expect(cell).toMatchObject({ verdict: "build fails", predicted: "build fails" });
    expect(cell?.evidence.buildLog[0]).toMatch(
      /^examples\/endings\/endings\.ts:24:44: QS2103: .*bool/,
    );
  });
});

test("opens, a program over ptrace(2), works on every release", async () => {
  const cells: Cell[] = [];
  for (const { release } of catalogue.releases) cells.push(...(await run("opens", release)));
  expect(cells).toHaveLength(catalogue.releases.length);
  expect(new Set(verdicts(cells))).toEqual(new Set(["installed: works"]));
});

test("latecomer, which is wrong about ptrace(2), works until another schedule is tried", async () => {
  const target = { kind: "tracer", tracer: "examples/latecomer" } as const;
  const seeds = Array.from({ length: 64 }, (_, seed) => seed);
  const end = await performJob("explore", { target, seeds }, testWorkshop(), () => {});
  const outcomes = end.kind === "done" ? end.result : [];
  expect(outcomes[0]).toBe("works");
  expect(new Set(outcomes)).toEqual(new Set(["works", "reports wrong data"]));
});
