import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../../../scripts/build-bpf.ts";

test("the executor is what npm run bpf writes from the instruction table", () => {
  expect(readFileSync("src/kernel/bpf/vm/execute.generated.ts", "utf8")).toBe(generate());
});
