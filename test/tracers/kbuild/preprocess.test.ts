import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preprocess, versionCode } from "../../../src/tracers/kbuild/preprocess.ts";

const DEFINED = {
  macros: { CONFIG_SMP: true, CONFIG_HZ: 100, LINUX_VERSION_CODE: versionCode("3.15-rc2") },
  hasHeader: (path: string) => path === "linux/sched",
};

const compiled = (text: string): string => preprocess(text, DEFINED).text;
const holds = (condition: string): boolean =>
  compiled(`//#if ${condition}\nyes\n//#endif`).includes("yes");
const complaint = (text: string): unknown =>
  preprocess(text, DEFINED).errors.map(({ line, key }) => `${line} ${key}`);

describe("a condition", () => {
  test.each([
    ["defined(CONFIG_SMP)", true],
    ["!defined CONFIG_SMP", false],
    ["CONFIG_HZ == 100 && CONFIG_SMP", true],
    ["CONFIG_NUMA || CONFIG_HZ < 100", false],
    ["IS_ENABLED(CONFIG_SMP) && !IS_ENABLED(CONFIG_NUMA)", true],
    ["LINUX_VERSION_CODE >= KERNEL_VERSION(3, 15, 0)", true],
    ["LINUX_VERSION_CODE >= KERNEL_VERSION(3,16,0)", false],
    ["defined(constructor)", false],
    ["(0 || 1) && !(1 && 0)", true],
    ['__has_include(<linux/sched>) && !__has_include("linux/utrace")', true],
  ])("%s: %s", (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });

  test("a sublevel has one byte", () => {
    expect(versionCode("4.4.300")).toBe(versionCode("4.4.255"));
    expect(versionCode("2.6.32-71.el6")).toBe(0x020620);
  });
});

describe("directives", () => {
  test("leave every line where it was", () => {
    const text =
      "a\n//#ifdef CONFIG_NUMA\nb\n  //#ifdef CONFIG_SMP\nc\n  //#else\nd\n//#endif\n//#elif 1\ne\n//#else\nf\n//#endif\ng";
    expect(compiled(text).split("\n")).toEqual([
      "a",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "",
      "e",
      "",
      "",
      "",
      "g",
    ]);
  });

  test("are complained of where they stand", () => {
    expect(complaint("//#ifdef X\n")).toEqual(["1 unterminatedIf"]);
    expect(complaint("\n//#endif")).toEqual(["2 withoutIf"]);
    expect(complaint("//#if 1\n//#else\n//#elif 1\n//#endif")).toEqual(["3 withoutIf"]);
    expect(complaint("//#if 1 +\n//#endif")).toEqual(["1 badCondition"]);
    expect(complaint("//#define X")).toEqual(["1 badDirective"]);
    expect(complaint("//#if 1\n//#error no\n//#endif\n//#if 0\n//#error no\n//#endif")).toEqual([
      "2 errorDirective",
    ]);
  });

  test("make no mistake of ours out of whatever stands there", () => {
    const line = fc.oneof(
      fc.constantFrom("//#if 1", "//#else", "//#endif", "//#elif 0", "//#ifndef X", "code"),
      fc.string().map((text) => `//#if ${text.replaceAll("\n", " ")}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const { text } = preprocess(lines.join("\n"), DEFINED);
        expect(text.split("\n")).toHaveLength(Math.max(lines.length, 1));
      }),
    );
  });
});
