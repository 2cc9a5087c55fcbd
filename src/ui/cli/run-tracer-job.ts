/**
 * Carries out a tracer job for a command, and tells what stopped it.
 */
import type { Catalogue } from "../host/catalogue.ts";
import type { JobNews, TracerJob } from "../host/tracer-job.ts";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT } from "./exit-code.ts";
import { treeFault, workerSetup } from "./open-client.ts";

export type TellCell = (news: Extract<JobNews, { readonly kind: "cell" }>) => void;

/** False when it did not get to its end; then that has been told. */
export async function runTracerJob(
  job: TracerJob,
  catalogue: Catalogue,
  context: CliContext,
  tellCell: TellCell,
): Promise<boolean> {
  const { tracers: tracersPath, tree, cache, worker } = context.places;
  const { runJobHere, runJobInWorker } = await import("../host/job-client.ts");
  const { openTrees } = await import("../host/trees.ts");
  const tell = (news: JobNews): void => {
    if (news.kind === "cell") tellCell(news);
  };
  const end =
    worker === undefined
      ? runJobHere(
          job,
          { catalogue, tracersPath, trees: openTrees(tree, cache, catalogue.builder) },
          tell,
        )
      : await runJobInWorker(worker, workerSetup(context.places, catalogue), job, tell);
  if (end.kind === "done") return true;
  if (end.kind === "refused") {
    context.terminal.progress?.("");
    throw new AuthorError(...end.diagnostics);
  }
  if (catalogue.ownImages.length > 0) throw treeFault(end.message);
  context.reportBug(end);
  context.exit(EXIT.bug);
  return false;
}
