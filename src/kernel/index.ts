/**
 * The kernel's door: what the layers above may use.
 */
export {
  EVENT_FIELDS,
  EVENT_KINDS,
  EVENT_SCHEMA_VERSION,
  type EventKind,
  type EventOf,
  type KernelEvent,
} from "./event/catalogue.ts";
export type { ReleaseImage } from "./image.ts";
export { KernelBug } from "./lib/assert.ts";
