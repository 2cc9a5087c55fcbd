import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { builtDigests, GUEST_FOLDERS, programNames, sourceDigest } from "../../scripts/guests.ts";
import { everyNth } from "../support/all-tests.ts";
import { FOLDER, hostLog, hostObstacle, machineLog, recordedLog } from "../support/conformance.ts";
import { imageOf, treeHistory } from "../support/images.ts";

const folder = mkdtempSync(join(tmpdir(), "quicksand-abi-"));
afterAll(() => rmSync(folder, { recursive: true }));

const obstacle = hostObstacle();
const images = treeHistory().releases.map(({ tag }) => imageOf(tag));

describe("a conformance program", () => {
  const names = programNames(FOLDER);
  describe.each(names)("%s", (name) => {
    test.skipIf(obstacle !== undefined)(
      `says on this host's Linux what is recorded${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
      () => {
        expect(hostLog(name, folder)).toBe(recordedLog(name));
      },
    );

    test("says in the machine, whatever the release, what is recorded of Linux", () => {
      const expected = recordedLog(name);
      for (const image of everyNth(images, 8, names.indexOf(name)))
        expect(`${image.release}\n${machineLog(name, image)}`).toBe(
          `${image.release}\n${expected}`,
        );
    });
  });
});

describe.each(GUEST_FOLDERS)("the ELF files of $folder", (guests) => {
  test("are built from the sources beside them (npm run guests)", () => {
    const digests = programNames(guests.folder).map((name) => [name, sourceDigest(guests, name)]);
    expect(builtDigests(guests.folder)).toEqual(Object.fromEntries(digests));
  });
});
