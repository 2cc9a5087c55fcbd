/** Images of the tree's releases, built one after the other. */
import { expect, test } from "vitest";
import { buildImage } from "../../../src/tracers/tree/build-image.ts";
import { makeImageBuilder } from "../../../src/ui/host/image-store.ts";
import { releaseOf, treeHistory } from "../../support/images.ts";

const history = treeHistory();
const older = releaseOf(history, "v6.15");
const newer = releaseOf(history, "v6.16");

test("a release built after another one is what it is when it is built alone", () => {
  const builder = makeImageBuilder();
  buildImage(builder, older);
  const before = builder.objects.size;
  const after = buildImage(builder, newer);
  expect(after).toEqual(buildImage(makeImageBuilder(), newer));
  // And most of it was not compiled again.
  expect(builder.objects.size - before).toBeLessThan(before / 2);
});

test("a tree that does not build is told of again, and leaves nothing behind", () => {
  const builder = makeImageBuilder();
  const path = "include/linux/sched.ts";
  const files = {
    ...newer.files,
    [path]: `${newer.files[path]}\nexport declare let wrong: nothing;\n`,
  };
  const [first, again] = [0, 1].map(() => buildImage(builder, { ...newer, files }));
  expect(first).toMatchObject({ ok: false });
  expect(again).toEqual(first);
  expect(buildImage(builder, newer)).toMatchObject({ ok: true });
});
