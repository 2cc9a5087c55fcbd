/**
 * A `.ko` is a file that anybody can edit. Whatever is in it, the machine refuses it in words, runs
 * it, or fails as a kernel does; the host never notices.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { boot, type KernelEvent } from "#kernel";
import { SHIPPED_TRACERS } from "#tracers";
import { cellParts, imageOf } from "../../support/images.ts";

const RELEASE = "v2.6.32";
const parts = cellParts(1);
const image = imageOf(RELEASE);

function builtModule(): string {
  const declaration = SHIPPED_TRACERS["openwatch"];
  if (declaration?.house !== "quicksand") throw new Error("openwatch is no module");
  const text = readFileSync(`src/tracers/openwatch/${declaration.source}`, "utf8");
  const built = parts.builds.build({ declaration, text }, image);
  if (!built.ok) throw new Error("openwatch does not build");
  return built.ko;
}

const GOOD = builtModule();

/** What the machine wrote down while it loaded the file, used it, and unloaded it. */
function load(ko: string | Uint8Array): readonly KernelEvent[] {
  const machine = boot({
    image,
    seed: 1,
    root: {
      ...parts.root,
      "/openwatch.ko": ko,
      "/tmp": { dir: true },
      "/root/try":
        "insmod -f /openwatch.ko\ncat /etc/passwd > /dev/null\nrmmod openwatch\npoweroff\n",
    },
    evaluate: parts.evaluate,
    init: ["/sbin/init", "/bin/sh", "/root/try"],
  });
  machine.log.keep();
  machine.slice({ untilNs: 10e9, eventsMax: 50_000, atInput: true });
  return machine.log.events;
}

type Outcome = "loaded" | "refused" | "failed" | "said nothing";

function outcomeOf(events: readonly KernelEvent[]): Outcome {
  const kinds = new Set(events.map(({ kind }) => kind));
  if (["oops", "lockup", "panic"].some((kind) => kinds.has(kind as KernelEvent["kind"])))
    return "failed";
  const refused = events.find((event) => event.kind === "module-refused");
  if (refused?.kind === "module-refused") return refused.reason === "" ? "said nothing" : "refused";
  return kinds.has("module-load") ? "loaded" : "said nothing";
}

test("as it was built, it loads", () => {
  expect(outcomeOf(load(GOOD))).toBe("loaded");
});

test("cut off anywhere, it is refused", () => {
  for (let i = 0; i < 24; i++) {
    const length = Math.floor((GOOD.length * i) / 24);
    expect([length, outcomeOf(load(GOOD.slice(0, length)))]).toEqual([length, "refused"]);
  }
});

test("with bytes flipped, it is refused, runs, or fails as a kernel does", () => {
  const bytes = new TextEncoder().encode(GOOD);
  const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(flips, (places) => {
      const edited = bytes.slice();
      for (const [at, mask] of places) edited[at] = (edited[at] ?? 0) ^ mask;
      expect(outcomeOf(load(edited))).not.toBe("said nothing");
    }),
    { numRuns: 40, seed: 20260101 },
  );
});

test("with numbers changed, it is refused, runs, or fails as a kernel does", () => {
  const numbers = [...GOOD.matchAll(/\b(0x[0-9a-f]+|\d+)\b/g)];
  const edit = fc.tuple(
    fc.nat(numbers.length - 1),
    fc.constantFrom("0", "1", "8", "4096", "281474976710655", "0x888000000000"),
  );
  fc.assert(
    fc.property(edit, ([which, number]) => {
      const { index = 0, 0: old = "" } = numbers[which] ?? {};
      const edited = GOOD.slice(0, index) + number + GOOD.slice(index + old.length);
      expect(outcomeOf(load(edited))).not.toBe("said nothing");
    }),
    { numRuns: 40, seed: 20260101 },
  );
});
