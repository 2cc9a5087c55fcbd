import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EVENT_FIELDS, type KernelEvent } from "#kernel";
import { eventLines, eventSchema } from "../../../src/ui/export/event-schema.ts";

test("docs/event-schema.json is what the catalogue generates", () => {
  const published: unknown = JSON.parse(readFileSync("docs/event-schema.json", "utf8"));
  expect(published, "run npm run docs").toEqual(JSON.parse(JSON.stringify(eventSchema())));
});

test("every kind of the catalogue is in the schema, with its fields and the three common ones", () => {
  const { oneOf } = eventSchema() as { oneOf: { title: string; required: string[] }[] };
  const described = Object.fromEntries(oneOf.map(({ title, required }) => [title, required]));
  const wanted = Object.entries(EVENT_FIELDS).map(([kind, fields]) => [
    kind,
    ["seq", "t", "tid", "kind", ...Object.keys(fields)],
  ]);
  expect(described).toEqual(Object.fromEntries(wanted));
});

test("a file of events is a header and one line an event", () => {
  const event = { seq: 1, t: 5, tid: 0, kind: "panic", text: "a\nb" } as KernelEvent;
  const text = eventLines([event], { seed: 4, release: "r", logHash: "h" });
  const lines = text.split("\n");
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    schema: "quicksand-events",
    version: 1,
    seed: 4,
    release: "r",
    logHash: "h",
  });
  expect(JSON.parse(lines[1] ?? "")).toEqual(event);
});
