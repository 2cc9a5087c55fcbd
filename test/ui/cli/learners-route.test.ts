/** The README's section on a tracer of one's own, played as it stands there. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../../support/quicksand.ts";

const README = readFileSync("README.md", "utf8");
const SECTION = /## A tracer of your own\n([\s\S]*?)\n## /.exec(README)?.[1] ?? "";
/** What stands between backquotes, code blocks left out; lines are joined. */
const SAID = [...SECTION.replace(/```[\s\S]*?```/g, "").matchAll(/``(.+?)``|`([^`]+)`/gs)].map(
  ([, double, single]) => (double ?? single ?? "").replace(/\s+/g, " "),
);
const COMMANDS = [...SECTION.matchAll(/^npm start -- (.*?) +#/gm)].map(([, line]) =>
  (line ?? "").split(" "),
);

const said = (beginning: string): string => {
  const found = SAID.find((code) => code.startsWith(beginning));
  if (found === undefined) throw new Error(`the README does not say ${beginning}`);
  return found;
};

let desk: Desk;
beforeAll(() => {
  desk = new Desk();
});
afterAll(() => desk.clear());

test("new, run, edit, boot the next release, read why it broke, mend it", () => {
  const [create, first, next, broken, why] = COMMANDS as string[][];
  expect(COMMANDS).toHaveLength(5);

  expect(desk.run(...(create ?? [])).status).toBe(0);
  expect(desk.run(...(first ?? []))).toMatchObject({
    status: 0,
    out: expect.stringContaining("works"),
  });

  desk.edit("mine/mine.ts", "  ended++;", `  ended++;\n  ${said("printk(")}`);
  expect(desk.run(...(first ?? []))).toMatchObject({
    status: 1,
    out: expect.stringContaining("reports wrong data"),
  });
  desk.edit("mine/tracer.ts", /\[`mine: .* tasks ended`\]/, said("[...watched"));
  expect(desk.run(...(first ?? [])).out).toContain("mine: pid 4\n");
  expect(desk.run(...(next ?? []))).toMatchObject({ status: 0 });

  const later = desk.run(...(broken ?? []));
  expect(later.status).toBe(1);
  expect(later.out).toMatch(/^mine\/mine\.ts:\d+:\d+: QS2103: .*task_struct \*, bool/);
  expect(later.out).toContain("build fails");
  const told = desk.run(...(why ?? []));
  expect(told.status).toBe(0);
  expect(told.out).toContain("build: prototype-changed register_trace_sched_process_exit");

  desk.edit("mine/mine.ts", "task_struct>): void", `task_struct>, ${said("group_dead")}): void`);
  desk.edit("mine/mine.ts", "import { int,", "import { bool, int,");
  expect(desk.run(...(broken ?? []))).toMatchObject({
    status: 0,
    out: expect.stringContaining("mine on 6.16-quicksand: works"),
  });
  expect(desk.run(...(first ?? [])).out).toContain("build fails");
}, 30_000);

test("one over ptrace(2) works where the module does not build", () => {
  const words = said("new tracer mine --house").split(" ");
  expect(desk.run(...words.map((word) => (word === "mine" ? "yours" : word))).status).toBe(0);
  expect(desk.run("run", "--tracer", "yours", "--release", "v6.16")).toMatchObject({ status: 0 });
});
