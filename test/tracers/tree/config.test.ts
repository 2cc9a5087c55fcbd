import { expect, test } from "vitest";
import { configNames, configSummary, readConfig } from "../../../src/tracers/tree/config.ts";

const FILES = {
  config: '# comment\nCONFIG_SMP=y\nCONFIG_HZ=100\nCONFIG_NAME="a"\n# CONFIG_NUMA is not set\n',
  "kernel/configs/up.config": "# one processor\n# CONFIG_SMP is not set\nCONFIG_HZ=250\n",
  "kernel/configs/README.md": "",
};

test("options are words, numbers and texts; what is not set is not there", () => {
  expect(readConfig(FILES)).toEqual({ CONFIG_SMP: true, CONFIG_HZ: 100, CONFIG_NAME: "a" });
});

test("a fragment is laid over the tree's own, and can take an option away", () => {
  expect(readConfig(FILES, "up")).toEqual({ CONFIG_HZ: 250, CONFIG_NAME: "a" });
  expect(configNames(FILES)).toEqual(["up"]);
  expect(configSummary(FILES, "up")).toBe("one processor");
});
