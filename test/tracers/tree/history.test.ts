import { describe, expect, test } from "vitest";
import { readHistory, type TreeSource } from "../../../src/tracers/tree/history.ts";

const PATCH = `From 0000 Mon Sep 17 00:00:00 2001
From: A <a@b>
Date: Thu, 1 Jan 2026 00:00:00 +0000
Subject: [PATCH] change

Precedent: P001
---
diff --git a/a b/a
--- a/a
+++ b/a
@@ -1 +1 @@
-one
+two
`;

const source = (series: Record<string, string>): TreeSource => ({
  base: { a: "one\n" },
  patches: { "0001-change.patch": PATCH },
  series,
});

const mistake = (series: Record<string, string>): string => {
  const history = readHistory(source(series));
  return history.ok ? "" : `${history.error.file}:${history.error.line}: ${history.error.message}`;
};

describe("a history", () => {
  test("has a tree for each tag, and branches that start where others were", () => {
    const history = readHistory(
      source({
        side: "from mainline v1\n0001-change.patch\ntag next-1 1.1-next-1\n",
        mainline: "tag v1\n0001-change.patch\ntag v2\n",
      }),
    );
    const seen = history.ok
      ? history.value.releases.map(({ branch, tag, version, files, patches }) => [
          branch,
          tag,
          version,
          files["a"],
          patches.length,
        ])
      : [];
    expect(seen).toEqual([
      ["mainline", "v1", "1", "one\n", 0],
      ["mainline", "v2", "2", "two\n", 1],
      ["side", "next-1", "1.1-next-1", "two\n", 1],
    ]);
  });

  test.each([
    [{ mainline: "0002-other.patch\n" }, "series/mainline:1: there is no patches/0002-other.patch"],
    [
      { mainline: "tag v1\nfrobnicate now\n" },
      "series/mainline:2: `frobnicate now` is neither a patch (0001-subject.patch) nor `tag NAME [VERSION]` nor, after a tag, `config NAME`",
    ],
    [
      { mainline: "config debug\ntag v1\n" },
      "series/mainline:1: `config debug` is neither a patch (0001-subject.patch) nor `tag NAME [VERSION]` nor, after a tag, `config NAME`",
    ],
    [
      { mainline: "tag v1\nconfig debug\n" },
      "series/mainline:1: 1-quicksand has no configuration `debug`",
    ],
    [{ side: "from trunk v1\n" }, "series/side:1: there is no branch `trunk`"],
    [
      { mainline: "tag v1\n", side: "from mainline v2\n" },
      "series/side:1: branch `mainline` has no tag `v2`",
    ],
    [{ a: "from b v1\n", b: "from a v1\n" }, "series/b:1: branch `a` starts from itself"],
  ])("says in one line what is wrong with %j", (series, message) => {
    expect(mistake(series as Record<string, string>)).toBe(message);
  });

  test("stops at a patch that does not fit", () => {
    expect(mistake({ mainline: "0001-change.patch\n0001-change.patch\n" })).toMatch(
      /0001-change.patch:11: the hunk for a does not apply/,
    );
  });
});
