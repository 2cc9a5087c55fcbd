/** A learner's tracer folder as `quicksand new tracer` writes it, then spoilt by a test. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cell } from "#tracers";
import { tracerFiles } from "../../src/ui/cli/new-tracer.ts";
import { openImages } from "../../src/ui/host/images.ts";
import { type JobEnd, performJob } from "../../src/ui/host/job-kinds.ts";
import { testWorkshop } from "./images.ts";

const catalogue = openImages("dist/images");

export class TracerFolder {
  readonly #root: string = mkdtempSync(join(tmpdir(), "quicksand-"));
  readonly path: string = join(this.#root, "mine");

  constructor(house: "quicksand" | "rock" = "quicksand") {
    mkdirSync(this.path);
    const files = tracerFiles("mine", house, catalogue.defaultRelease);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.path, name), text);
  }

  /** Puts `text` where `mark` stands, or at the end. */
  edit(file: string, mark: string, text: string): this {
    const path = join(this.path, file);
    const before = readFileSync(path, "utf8");
    if (!before.includes(mark)) throw new Error(`${file} has no ${mark}`);
    writeFileSync(
      path,
      before.replace(mark, () => text),
    );
    return this;
  }

  append(file: string, text: string): this {
    const path = join(this.path, file);
    writeFileSync(path, readFileSync(path, "utf8") + text);
    return this;
  }

  /** `run --tracer`, in this thread. */
  async run(
    release?: string,
  ): Promise<{ readonly end: JobEnd<"tracer">; readonly cells: readonly Cell[] }> {
    const end = await performJob(
      "tracer",
      {
        tracer: this.path,
        ...(release === undefined ? {} : { release }),
        deliveries: "first",
      },
      testWorkshop(),
      () => {},
    );
    return { end, cells: end.kind === "done" ? end.result.map(({ cell }) => cell) : [] };
  }

  /** The messages that stopped the job, without the folder's path. */
  async complaints(): Promise<readonly string[]> {
    const { end } = await this.run();
    if (end.kind !== "refused") throw new Error(`was not refused: ${JSON.stringify(end)}`);
    return end.diagnostics.map(({ file, line, column, code, message }) =>
      `${file}:${line}:${column}: ${code}: ${message}`.replace(`${this.path}/`, ""),
    );
  }

  clear(): void {
    rmSync(this.#root, { recursive: true });
  }
}
