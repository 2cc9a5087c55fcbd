/**
 * Which of a vendor's builds a release is given: the newest that was made on it or on an older one, or
 * else the first. So it goes with drivers whose vendor builds now and then: on the releases in between
 * one has the last that there is.
 */
import type { ReleaseImage } from "#kernel";
import type { Tracer } from "../define-tracer.ts";
import { versionCode } from "../kbuild/preprocess.ts";

/** The tracer with the file, and the home, that the vendor ships for the release. */
export function asShipped(tracer: Tracer, image: ReleaseImage): Tracer {
  const { declaration, builds: texts = [] } = tracer;
  if (declaration.house !== "blob") return tracer;
  const { builds = [], ...first } = declaration;
  const release = versionCode(image.release);
  const at = builds.findLastIndex(({ home }) => versionCode(home.replace(/^v/, "")) <= release);
  const [build, text] = [builds[at], texts[at]];
  if (build === undefined || text === undefined)
    return { ...tracer, declaration: first, builds: [] };
  return { ...tracer, declaration: { ...first, ...build }, text, builds: [] };
}
