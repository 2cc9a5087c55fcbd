/** `quicksand why`: one tracer on one release, with the evidence. */
import type { Command } from "commander";
import type { TracerJob } from "../host/tracer-job.ts";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit-code.ts";
import { checkWhich, openRelease, type WhichRelease } from "./open-client.ts";
import { runJobs } from "./open-pool.ts";
import { CMDLINE_OPTION, CONFIG_OPTION, NO_CACHE_OPTION, TREE_OPTION } from "./options.ts";

interface WhyOptions extends WhichRelease {
  readonly cache: boolean;
  readonly cmdline?: string;
}

export function addWhyCommand(program: Command, context: CliContext): void {
  program
    .command("why <tracer> [release]")
    .summary("one tracer on one release, with the evidence")
    .description(
      "Runs one tracer (a shipped one's name, or a folder) on one release in every delivery it " +
        "has, and shows what was built, said and claimed.",
    )
    .option(...CONFIG_OPTION)
    .option(...TREE_OPTION)
    .option(...CMDLINE_OPTION)
    .option(...NO_CACHE_OPTION)
    .action(async (tracer: string, named: string | undefined, options: WhyOptions) => {
      const { cache, cmdline, ...others } = options;
      const which = named === undefined ? others : { ...others, release: named };
      checkWhich(which);
      const { catalogue, release } = await openRelease(context.places, which);
      if (release === undefined)
        throw usageError("QS1131", "why on which release?", "quicksand why counter v5.14");
      const job: TracerJob = { tracer, release, deliveries: "all", why: true };
      const results = await runJobs("tracer", [job], {
        catalogue,
        context,
        noCache: !cache,
        cmdline,
        watch: {
          news: (_, news) => {
            if (news.kind === "step") context.terminal.progress?.(news.doing);
          },
        },
      });
      const told = results?.[0] ?? [];
      const { explainCells } = await import("../export/why-text.ts");
      for (const line of explainCells(told)) context.terminal.out(line);
    });
}
