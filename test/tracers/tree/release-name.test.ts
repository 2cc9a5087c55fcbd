import { describe, expect, test } from "vitest";
import { type ReleaseId, resolveRelease } from "../../../src/tracers/tree/release-name.ts";

const ALL: readonly ReleaseId[] = [
  { branch: "mainline", tag: "v2.6.32", release: "2.6.32-quicksand" },
  { branch: "mainline", tag: "v3.15-rc1", release: "3.15-rc1-quicksand" },
  { branch: "linux-next", tag: "next-20100111", release: "2.6.33-rc3-next-20100111-quicksand" },
  { branch: "vendor", tag: "2.6.32-71.el6", release: "2.6.32-71.el6-quicksand" },
];

describe("a release's name", () => {
  test.each([
    ["v2.6.32", "v2.6.32"],
    ["2.6.32", "v2.6.32"],
    ["2.6.32-quicksand", "v2.6.32"],
    ["mainline v2.6.32", "v2.6.32"],
    ["next-20100111", "next-20100111"],
    ["2.6.33-rc3-next-20100111", "next-20100111"],
    ["vendor 2.6.32-71.el6", "2.6.32-71.el6"],
    ["vendor/2.6.32-71.el6", "2.6.32-71.el6"],
    [" vendor   2.6.32-71.el6 ", "2.6.32-71.el6"],
  ])("%j is found", (name, tag) => {
    const found = resolveRelease(ALL, name);
    expect(found.ok && found.value.tag).toBe(tag);
  });

  test("that nobody has is one error with the nearest ones", () => {
    const found = resolveRelease(ALL, "v3.15-rc2");
    expect(found.ok ? "" : `${found.error.message}; ${found.error.hint}`).toMatchInlineSnapshot(
      `"there is no release called \`v3.15-rc2\`; did you mean \`v3.15-rc1\`, \`v2.6.32\`, \`vendor 2.6.32-71.el6\`?"`,
    );
  });
});
