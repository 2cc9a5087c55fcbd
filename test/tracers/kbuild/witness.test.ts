/**
 * Severities of the API diff against what really happens: each change between two successive
 * releases gets its witness module, which is built, loaded and run on both.
 */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import {
  type ApiChange,
  type ApiSide,
  type Cell,
  createKbuild,
  type Delivery,
  defineTracer,
  runOne,
  witnessSource,
} from "#tracers";
import { cellParts, imageOf, treeHistory } from "../../support/images.ts";
import { successiveReleases } from "../../support/successive.ts";

const kbuild = createKbuild(ts);
const parts = cellParts(1);

const sideOf = (image: ReleaseImage): ApiSide => ({
  headers: kbuild.readHeaders(image.headers, image.config),
  exports: image.exports,
});

function run(source: string, home: string, delivery: Delivery, image: ReleaseImage): Cell {
  const declaration = defineTracer({
    house: "quicksand",
    name: "witness",
    summary: "uses one thing",
    source: "witness.ts",
    home,
    workload: "$LOAD\n$UNLOAD",
    claim: () => [],
  });
  return runOne(parts, { declaration, text: source }, delivery, image);
}

const DELIVERY: Readonly<Record<ApiChange["severity"], Delivery>> = {
  build: "rebuilt",
  load: "prebuilt",
  silent: "rebuilt",
};
const OUTCOME: Readonly<Record<ApiChange["severity"], string>> = {
  build: "build fails",
  load: "load refused",
  silent: "works",
};

/** Nothing that was there is different, or it is code that moved from here to there. */
const hasNoWitness = ({ kind }: ApiChange): boolean =>
  kind === "symbol-added" || kind === "field-added";

/** Does the message name what has changed, or the line that uses it? */
const points = (said: readonly string[], source: string, name: string): boolean =>
  said.some((message) => {
    const [, line] = /^witness\.ts:(\d+):/.exec(message) ?? [];
    const at = line === undefined ? "" : source.split("\n").slice(Number(line) - 2, Number(line));
    return `${message} ${at}`.includes(name);
  });

const cells = new Map<string, Cell>();
/** Many changes have the same witness. */
function once(source: string, home: string, delivery: Delivery, image: ReleaseImage): Cell {
  const key = [source.replace(/^.*\n/, ""), home, delivery, image.release].join("\0");
  const cell = cells.get(key) ?? run(source, home, delivery, image);
  cells.set(key, cell);
  return cell;
}

describe.each(successiveReleases(treeHistory()))("from %s to %s", (before, after) => {
  const [old, now] = [imageOf(before), imageOf(after)];
  const changes = kbuild.apiDiff(sideOf(old), sideOf(now));
  const broken = new Set(changes.flatMap((c) => (c.severity === "build" ? [c.name] : [])));
  // What breaks loudly in one way can not be silent in another.
  const told = changes.filter(
    (change) => !hasNoWitness(change) && (change.severity !== "silent" || !broken.has(change.name)),
  );

  test("every change does what its severity says, and its witness shows it", () => {
    const wrong = told.flatMap((change) => {
      const source = witnessSource(ts, sideOf(old), change);
      const title = `${change.severity}: ${change.kind} ${change.name}`;
      if (source === undefined) return [`${title}: no witness`];
      const delivery = DELIVERY[change.severity];
      const [first, second] = [old, now].map((image) => once(source, before, delivery, image));
      const name =
        change.kind === "inline-unlinkable"
          ? change.after
          : change.name.slice(change.name.lastIndexOf(".") + 1);
      const said = [...(second?.evidence.buildLog ?? []), ...(second?.evidence.dmesg ?? [])];
      if (first?.verdict !== "works")
        return [`${title}: on ${before} ${first?.verdict} ${first?.evidence.buildLog}`];
      if (second?.verdict !== OUTCOME[change.severity])
        return [`${title}: on ${after} ${second?.verdict} ${said}`];
      return change.severity === "silent" || points(said, source, name)
        ? []
        : [`${title}: ${said}`];
    });
    expect(wrong).toEqual([]);
  });
});
