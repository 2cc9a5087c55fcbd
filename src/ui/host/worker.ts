/**
 * The worker that holds the machine. It is locked down before any other code runs, and knows the
 * main thread only by messages.
 */
import "./lockdown.ts";
import { parentPort, workerData } from "node:worker_threads";
import { KernelBug } from "#kernel";
import { openImages } from "./images.ts";
import { moduleSources } from "./module-sources.ts";
import { Session } from "./session.ts";
import { sessionParts } from "./session-parts.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";

const port = parentPort;
if (port === null) throw new KernelBug("worker.ts was started without a parent");

const { imagesPath, tracersPath } = workerData as WorkerSetup;
const say = (message: FromWorker): void => port.postMessage(message);

const session = new Session({
  ...sessionParts(openImages(imagesPath), moduleSources(tracersPath)),
  publish: (batch, state) => say({ kind: "slice", batch, state }),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
});

let last: Promise<void> = Promise.resolve();
port.on("message", ({ id, command }: ToWorker) => {
  last = last.then(async () => say({ kind: "reply", id, reply: await session.handle(command) }));
});
