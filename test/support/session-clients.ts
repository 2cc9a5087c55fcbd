/** Sessions as the program opens them, in this thread and in a worker. */
import { pathToFileURL } from "node:url";
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
