/**
 * `quicksand run --tracer DIR`: builds and runs one tracer on one release, and says whether it
 * reported what really happened.
 */
import { type Cell, runOne, type Tracer } from "#tracers";
import type { CliContext } from "./context.ts";
import { AuthorError, EXIT } from "./exit-code.ts";
import { findTracers } from "./matrix-command.ts";
import { openCatalogue } from "./open-client.ts";

export interface TracerRunOptions {
  readonly release?: string;
  readonly json?: true;
}

export async function runTracer(
  name: string,
  options: TracerRunOptions,
  context: CliContext,
): Promise<void> {
  const { terminal } = context;
  const catalogue = openCatalogue(context.places);
  const tracer = (await findTracers(context, name))[0] as Tracer;
  const { declaration } = tracer;
  const release =
    options.release ?? ("home" in declaration ? declaration.home : catalogue.defaultRelease);
  const image = catalogue.load(release);
  if ("message" in image) throw new AuthorError(image);
  const { matrixParts } = await import("../host/matrix-parts.ts");
  const parts = matrixParts(catalogue, [tracer], [image.release]);
  const delivery =
    declaration.house === "quicksand"
      ? "rebuilt"
      : declaration.house === "blob"
        ? "prebuilt"
        : "installed";
  const cell = runOne(parts, tracer, delivery, image);
  if (options.json === true) terminal.out(JSON.stringify(cell, null, 2));
  else for (const line of tellCell(cell)) terminal.out(line);
  context.exit(cell.verdict === "works" ? EXIT.ok : EXIT.failed);
}

function tellCell({ evidence, tracer, release, verdict }: Cell): readonly string[] {
  const differs = verdict === "misses events" || verdict === "reports wrong data";
  return [
    ...evidence.buildLog,
    ...evidence.reported,
    ...(verdict === "works" ? [] : evidence.dmesg.slice(-12).map((line) => `[dmesg] ${line}`)),
    ...(differs ? ["what really happened:", ...evidence.claimed.map((line) => `  ${line}`)] : []),
    `${tracer} on ${release}: ${verdict}`,
  ];
}
