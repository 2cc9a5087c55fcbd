import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../../../scripts/build-hart.ts";

test("the executor is what npm run hart writes from the instruction table", () => {
  expect(readFileSync("src/kernel/hw/hart/execute.generated.ts", "utf8")).toBe(generate());
});
