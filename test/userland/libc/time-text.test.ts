import { expect, test } from "vitest";
import { isoDateText } from "#userland";

test.each([
  [0, "1970-01-01T00:00:00"],
  [-1, "1969-12-31T23:59:59"],
  [951_782_400, "2000-02-29T00:00:00"],
  [1_263_000_000, "2010-01-09T01:20:00"],
  [4_107_542_399, "2100-02-28T23:59:59"],
  [4_107_542_400, "2100-03-01T00:00:00"],
])("%d seconds after 1970 are %s", (seconds, text) => {
  expect(isoDateText(seconds)).toBe(text);
});
