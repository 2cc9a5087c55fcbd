/**
 * The worker that holds the machine. It is locked down before any other code runs, and knows the
 * main thread only by messages.
 */
import "./lockdown.ts";
import { parentPort, workerData } from "node:worker_threads";
import { KernelBug, type RootTree } from "#kernel";
import { CodeMeter } from "./code-meter.ts";
import { guestPrograms } from "./guest-programs.ts";
import { openImages } from "./images.ts";
import { type JobKind, type JobOf, performJob } from "./job-kinds.ts";
import { moduleSources } from "./module-sources.ts";
import { Session } from "./session.ts";
import { sessionParts } from "./session-parts.ts";
import { openTrees } from "./trees.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker-protocol.ts";
import { Workshop } from "./workshop.ts";

const port = parentPort;
if (port === null) throw new KernelBug("worker.ts was started without a parent");

const {
  imagesPath,
  ownImages,
  tracersPath,
  guestsPath,
  treePath,
  cachePath,
  resultsPath,
  cellsAnew = false,
  commandLine,
  place,
} = workerData as WorkerSetup;
const say = (message: FromWorker): void => port.postMessage(message);
const catalogue = openImages(imagesPath, ownImages);

const sessionFiles = (): RootTree => ({
  ...moduleSources(tracersPath),
  ...guestPrograms(guestsPath),
});

const openSession = (): Session =>
  new Session({
    ...sessionParts(catalogue, sessionFiles()),
    publish: (batch, state) => say({ kind: "slice", batch, state }),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  });

let workshop: Workshop | undefined;

async function runJob<K extends JobKind>(kind: K, job: JobOf<K>): Promise<void> {
  workshop ??= new Workshop({
    catalogue,
    guestsPath,
    tracersPath,
    trees: openTrees(treePath, cachePath, catalogue),
    meter: new CodeMeter(place),
    ...(resultsPath === undefined ? {} : { resultsPath }),
    ...(commandLine === undefined ? {} : { commandLine }),
    cellsAnew,
    sessionFiles,
  });
  const end = await performJob(kind, job, workshop, (news) => say({ kind: "news", news }));
  say({ kind: "job-end", end });
}

let session: Session | undefined;
let last: Promise<void> = Promise.resolve();
port.on("message", (message: ToWorker) => {
  if ("job" in message) {
    void runJob(message.kind, message.job);
    return;
  }
  const { id, command } = message;
  session ??= openSession();
  const current = session;
  const carryOut = async (): Promise<void> =>
    say({ kind: "reply", id, reply: await current.handle(command) });
  if (command.op === "key") void carryOut();
  else last = last.then(carryOut);
});
