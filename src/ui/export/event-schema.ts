/**
 * The published form of the event log: a JSON Schema made from the catalogue, and the JSON lines that
 * follow it. The first line of a file names the schema's version.
 */
import { EVENT_FIELDS, EVENT_SCHEMA_VERSION, type KernelEvent } from "#kernel";

type Json = Readonly<Record<string, unknown>>;

const ALWAYS: Readonly<Record<string, Json>> = {
  seq: { type: "integer", description: "place in the log, over all boots of a session" },
  t: { type: "number", description: "virtual nanoseconds since boot" },
  tid: { type: "integer", description: "task on the processor, 0 for the machine itself" },
};

/** What one line after the first may be. */
export function eventSchema(): Json {
  const kinds = Object.entries(EVENT_FIELDS).map(([kind, fields]) => {
    const own = Object.entries(fields).map(([name, type]) => [
      name,
      { type: type === "num" ? "number" : "string" },
    ]);
    const properties = { ...ALWAYS, kind: { const: kind }, ...Object.fromEntries(own) };
    const required = Object.keys(properties);
    return { title: kind, type: "object", properties, required, additionalProperties: false };
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `quicksand-events-${EVENT_SCHEMA_VERSION}`,
    title: "One event of a quicksand run",
    description: "The first line of a file of events is its header, of the form $defs.header.",
    $defs: { header: headerSchema() },
    oneOf: kinds,
  };
}

function headerSchema(): Json {
  const properties = {
    schema: { const: "quicksand-events" },
    version: { const: EVENT_SCHEMA_VERSION },
    seed: { type: "integer" },
    release: { type: "string" },
    logHash: { type: "string" },
  };
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

export interface RunIdentity {
  readonly seed: number;
  readonly release: string;
  readonly logHash: string;
}

/** A whole file of events. */
export function eventLines(events: readonly KernelEvent[], run: RunIdentity): string {
  const { seed, release, logHash } = run;
  const header = { schema: "quicksand-events", version: EVENT_SCHEMA_VERSION };
  const lines = [JSON.stringify({ ...header, seed, release, logHash })];
  for (const event of events) lines.push(JSON.stringify(event));
  return `${lines.join("\n")}\n`;
}
