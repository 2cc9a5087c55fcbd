/**
 * A session for a command: in a watched worker from the bundle, in this thread from the sources.
 */
import type { Catalogue } from "../host/catalogue.ts";
import type { SessionClient } from "../host/client.ts";
import { openImages } from "../host/images.ts";
import { usageError } from "./exit-code.ts";
import type { Places } from "./places.ts";

export function openCatalogue(places: Places): Catalogue {
  try {
    return openImages(places.images);
  } catch (error) {
    throw usageError("QS1108", (error as Error).message);
  }
}

export async function openClient(places: Places, catalogue: Catalogue): Promise<SessionClient> {
  if (places.worker !== undefined) {
    const { WorkerClient } = await import("../host/worker-client.ts");
    return new WorkerClient(places.worker, {
      imagesPath: places.images,
      tracersPath: places.tracers,
      guestsPath: places.guests,
    });
  }
  const { LocalClient } = await import("../host/local-client.ts");
  const { moduleSources } = await import("../host/module-sources.ts");
  const { sessionParts } = await import("../host/session-parts.ts");
  const { guestPrograms } = await import("../host/guest-programs.ts");
  const files = { ...moduleSources(places.tracers), ...guestPrograms(places.guests) };
  return new LocalClient(sessionParts(catalogue, files));
}
