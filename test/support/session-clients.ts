/** Sessions as the program opens them, in this thread and in a worker. */
import { pathToFileURL } from "node:url";
import type { ExtraFiles } from "../../src/ui/host/client.ts";
import { guestPrograms } from "../../src/ui/host/guest-programs.ts";
import { openImages } from "../../src/ui/host/images.ts";
import { LocalClient } from "../../src/ui/host/local-client.ts";
import { moduleSources } from "../../src/ui/host/module-sources.ts";
import { sessionParts } from "../../src/ui/host/session-parts.ts";
import { WorkerClient } from "../../src/ui/host/worker-client.ts";
import { WORKER_SETUP } from "./worker-setup.ts";

export const WORKER = "dist/worker.js";

export const sessionCatalogue = openImages("dist/images");

const root = { ...moduleSources("src/tracers"), ...guestPrograms("programs/built") };

export const localClient = (): LocalClient => new LocalClient(sessionParts(sessionCatalogue, root));

export const workerClient = (): WorkerClient =>
  new WorkerClient(pathToFileURL(WORKER), WORKER_SETUP);

/** A shell on a whole machine: commands in, output out. */
export async function openShell(files: ExtraFiles, release = "v2.6.32") {
  const client = localClient();
  await client.command({ op: "boot", release, seed: 1, files });
  await client.command({ op: "run", until: "input" });
  const run = async (command: string): Promise<string> => {
    const from = client.events.length;
    await client.command({ op: "type", text: `${command}\n` });
    await client.command({ op: "run", until: "input" });
    const shown = client.events
      .slice(from)
      .map((event) => (event.kind === "tty-write" ? event.text : ""))
      .join("");
    return shown.replaceAll("\r", "").replace(/^.*\n/, "").replace(/# $/, "");
  };
  return { run, end: () => client.command({ op: "dispose" }) };
}
