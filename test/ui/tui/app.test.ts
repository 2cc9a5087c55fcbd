import { afterEach, describe, expect, it } from "vitest";
import type { AppProps } from "../../../src/ui/tui/app.tsx";
import type { OpenedSession } from "../../../src/ui/tui/session-driver.ts";
import { fakeSession } from "./fake-session.ts";
import { KEY, openScreen, type Screen } from "./render.ts";

type FakeSession = ReturnType<typeof fakeSession>;

let screen: Screen | undefined;
afterEach(() => screen?.unmount());

async function atQuestion(columns = 80, rows = 24): Promise<Screen> {
  screen = openScreen(columns, rows);
  await screen.press(KEY.enter);
  await readOn(screen);
  await screen.press(" ");
  await readOn(screen);
  return screen;
}

/** Space, until all of the page has been in view. */
async function readOn(one: Screen): Promise<void> {
  while (one.text().includes("Space: read on")) await one.press(" ");
}

const lastLine = (one: Screen): string => one.text().split("\n").at(-1)?.trim() ?? "";

describe("the chooser", () => {
  it("shows title, question, minutes and release, and the free shell", () => {
    screen = openScreen(80, 24);
    const text = screen.text();
    for (const part of [
      "One tracer per task",
      "Why can only one debugger",
      "8 min",
      "2.6.32",
      "Free shell",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("names releases in one way, and says which of how many is pointed at", async () => {
    const scenarios = ["v6.16", "2.6.32-71.el6-quicksand"].map((release, at) => ({
      ...{ name: `s${at}`, title: `Title ${at}`, minutes: 5, question: "Why?", release },
    }));
    screen = openScreen(80, 24, { props: { scenarios } });
    expect(screen.text()).toMatch(/5 min {2}6\.16$/m);
    expect(screen.text()).toMatch(/5 min {2}2\.6\.32-71\.el6$/m);
    await screen.press(KEY.down);
    expect(screen.text().split("\n")[0]).toMatch(/2 of 3$/);
  });

  it("shows the question of each of six scenarios at 80 by 24", () => {
    const question =
      "Why can only one debugger watch a process, and can engines do better, do you think?";
    const scenarios = [1, 2, 3, 4, 5, 6].map((n) => ({
      ...{ name: `s${n}`, title: `Title ${n}`, minutes: n, release: "2.6.32-71.el6-quicksand" },
      question: n % 2 === 0 ? "How can you watch it?" : question,
    }));
    screen = openScreen(80, 24, { props: { scenarios } });
    expect(screen.text().match(/Why can only|How can you/g)).toHaveLength(6);
    expect(screen.text()).toContain("Boot a machine");
  });

  it("ends with q, with Esc and with Ctrl-C", async () => {
    for (const key of ["q", KEY.escape, KEY.controlC]) {
      const one = openScreen(80, 24);
      await one.press(key);
      await expect(one.ended).resolves.toBeUndefined();
    }
  });

  it("says in one line that a terminal is too small, and comes back when it has grown", async () => {
    screen = openScreen(80, 24);
    await screen.resize(60, 20);
    expect(screen.text()).toBe("quicksand needs 80x24; this terminal is 60x20. Esc quits.");
    await screen.resize(80, 24);
    expect(screen.text()).toContain("Free shell");
  });
});

describe.each([
  [80, 24],
  [120, 40],
  [160, 50],
])("the player at %i by %i", (columns, rows) => {
  it("fills the screen, no line wider and no row more", async () => {
    const { text, press } = await atQuestion(columns, rows);
    for (const key of ["3", " ", KEY.tab, KEY.tab, KEY.home, "?"]) {
      await press(key);
      const lines = text().split("\n");
      expect(lines).toHaveLength(rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    }
  });

  it("runs a step, asks, and confronts the answer with the run", async () => {
    const one = await atQuestion(columns, rows);
    expect(one.text()).toContain("What do you think? 1 to 3");
    await one.press(" ");
    expect(lastLine(one)).toMatch(/make a prediction first/);
    await one.press("2", " ");
    expect(one.text().replace(/\s+|│/g, " ")).toMatch(/You said "the kernel refuses/);
    expect(one.text()).toContain("tainted PF");
  });

  it("shows a question whole before it asks for the answer", async () => {
    const one = await atQuestion(columns, rows);
    const story = one.text().replace(/│.*│$|\s+/gm, " ");
    for (const choice of ["1. it counts", "2. the kernel refuses", "3. it reads a wrong field"])
      expect(one.text()).toContain(choice);
    expect(story).not.toContain("more below");
  });

  it("goes back a step and forward again without running anything", async () => {
    const one = await atQuestion(columns, rows);
    const events = one.session.client.events.length;
    await one.press("b");
    expect(one.text()).toContain("1/5");
    expect(one.text()).toContain("Space: forward again");
    expect(one.text()).not.toMatch(/\+\+\+ exited|motd done/);
    await one.press(" ");
    expect(one.text()).toContain("+++ exited");
    expect(one.session.client.events).toHaveLength(events);
  });
});

describe("time", () => {
  it("moves the cursor an event, a screen, a landmark, or to either end, and all panes with it", async () => {
    const one = await atQuestion();
    const position = (): string => /event (\d+\/\d+)/.exec(one.text())?.[1] ?? "none";
    const seen = [position()];
    for (const key of [KEY.left, KEY.left, KEY.right, "p", KEY.pageUp, KEY.pageDown, KEY.end]) {
      await one.press(key);
      seen.push(position());
    }
    expect(seen).toEqual(["88/88", "87/88", "86/88", "87/88", "82/88", "20/88", "82/88", "88/88"]);
    await one.press(KEY.home);
    expect(one.text()).toContain("before the first event");
    expect(one.text()).toContain("─ past ─");
    expect(one.text()).not.toContain("toy. Type help");
    await one.press(KEY.left);
    expect(lastLine(one)).toBe("the cursor is at the first event already");
  });

  it("shows who traces whom at the cursor's moment", async () => {
    const one = await atQuestion(160, 50);
    const stop = one.session.client.events.findIndex((event) => event.kind === "ptrace-stop");
    await one.press(KEY.home);
    for (let moves = 0; moves < stop + 2; moves++) await one.pressNow(KEY.right);
    const tasks = one
      .text()
      .split("\n")
      .filter((line) => /\d [RSt] .*(init|sh|strace|cat)/.test(line))
      .map((line) => line.split("││")[1]?.trimEnd());
    expect(tasks).toMatchInlineSnapshot(`
      [
        "    1 S init  in wait4",
        "    2 S └─sh  sleeping",
        "    3 S   └─strace  sleeping",
        "    4 t     └─cat ← traced by 3  in openat",
      ]
    `);
  });
});

describe("keys pressed early", () => {
  function slowSession(): { props: Partial<AppProps>; ready: () => void; session: FakeSession } {
    const session = fakeSession();
    let ready = (): void => undefined;
    const made = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const openSession = async (name: string | undefined): Promise<OpenedSession> => {
      await made;
      const { client, release, seed } = session;
      return name === undefined ? { title: "Free shell", client, release, seed } : session;
    };
    return { props: { openSession }, ready, session };
  }

  it("wait for the machine that is being made", async () => {
    const { props, ready, session } = slowSession();
    screen = openScreen(80, 24, { props });
    await screen.press(KEY.down, KEY.enter, "l", "s", KEY.enter);
    expect(lastLine(screen)).toMatch(/^making the machine/);
    ready();
    await screen.press("q");
    expect(session.client.typed).toEqual(["l", "s", "\n", "q"]);
  });

  it("act one after the other, each on what the one before it made", async () => {
    const { props, ready } = slowSession();
    screen = openScreen(160, 50, { props });
    await screen.press(KEY.enter, " ", "3");
    ready();
    await screen.press("b");
    expect(screen.text()).toContain("2/5");
    await screen.press(" ", " ");
    expect(screen.text()).toContain("As you said");
  });

  it("do not keep Esc from leaving a machine that is being made", async () => {
    const { props, ready } = slowSession();
    screen = openScreen(80, 24, { props });
    await screen.press(KEY.enter, " ", KEY.escape);
    expect(lastLine(screen)).toMatch(/choose/);
    ready();
    await screen.press(KEY.down);
    expect(screen.text()).toContain("▸ Free shell");
  });

  it("that come in one piece act one after the other too", async () => {
    const one = await atQuestion(160, 50);
    await one.press("3b  ");
    expect(one.text()).toContain("As you said");
  });
});

describe("a step that goes another way than the scenario says", () => {
  it("shows what was expected and what came", async () => {
    screen = openScreen(160, 50);
    screen.session.failWith(["the end", "+++ exited with 1 +++"]);
    await screen.press(KEY.enter, " ");
    const story = screen.text();
    for (const line of [
      "This is not what the scenario expects",
      "- +++ exited with 0 +++",
      "+ +++ exited with 1 +++",
      "  the end",
    ])
      expect(story).toContain(line);
  });
});

describe("a zoomed pane", () => {
  it("has the whole width until z is pressed again or a step is taken", async () => {
    const one = await atQuestion();
    await one.press("z");
    expect(one.text()).toMatch(/story ─ console ─ tasks ─ log ─ source ─+ 2\/5 ─┐$/m);
    await one.press(KEY.tab);
    expect(one.text()).toMatch(/^┌─ story ─ ▸ console ─/m);
    await one.press("z", "z", "b");
    expect(one.text()).toMatch(/^┌─ story ─.*┐┌─ ▸ console/m);
  });
});

describe("typing", () => {
  it("passes every key to the machine until Esc, and shows its echo", async () => {
    screen = openScreen(80, 24);
    await screen.press(KEY.down, KEY.enter);
    expect(lastLine(screen)).toMatch(/^keys go to the machine/);
    await screen.press("l", "s", "q", "?", KEY.tab, KEY.controlC, KEY.enter);
    expect(screen.session.client.typed).toEqual(["l", "s", "q", "?", "\t", "\x03", "\n"]);
    expect(screen.text()).toContain("only a fake");
    await screen.press(KEY.escape, " ");
    expect(lastLine(screen)).toMatch(/there is no scenario here/);
    await screen.press(KEY.escape);
    expect(screen.text()).toContain("Free shell");
  });

  it("leaves nothing of a line that was begun in the way of a step's commands", async () => {
    const one = await atQuestion();
    await one.press("1", KEY.enter, KEY.enter, "l", KEY.escape);
    expect(one.session.client.typed).toEqual(["l"]);
    await one.press(" ");
    expect(one.session.client.typed).toEqual(["l", "\x15"]);
  });

  it("does not begin with the Enter that somebody puts behind the number of an answer", async () => {
    const one = await atQuestion();
    await one.press("1", KEY.enter);
    expect(lastLine(one)).toMatch(/^the answer is taken/);
    await one.press(KEY.enter);
    expect(lastLine(one)).toMatch(/^keys go to the machine/);
  });

  it("says when the machine takes no more keys", async () => {
    screen = openScreen(80, 24);
    await screen.press(KEY.down, KEY.enter);
    const { client } = screen.session;
    client.state = { ...client.state, status: "halted" };
    client.append((script) => script.add("halt", { reason: "poweroff", argument: "" }));
    await screen.press("x");
    expect(lastLine(screen)).toMatch(/^the machine has halted/);
    expect(client.typed).toEqual([]);
  });

  it("brings the cursor back to now", async () => {
    const one = await atQuestion();
    await one.press("1", KEY.home, KEY.enter, "x");
    expect(one.text()).not.toContain("─ past ─");
    expect(one.session.client.typed).toEqual(["x"]);
  });
});

describe("help", () => {
  it("lists the keys of the place it was called from, and any of several keys closes it", async () => {
    const one = await atQuestion();
    await one.press("?");
    expect(one.text()).toContain("On the timeline");
    expect(one.text()).not.toContain("…");
    expect(one.text()).toContain("to the first event, to the newest event");
    await one.press(KEY.escape);
    expect(one.text()).toContain("2/5");
  });
});

describe("plain terminals", () => {
  it("get ASCII marks and borders, and no colour with NO_COLOR", async () => {
    screen = openScreen(80, 24, { env: { LANG: "C", NO_COLOR: "1" } });
    await screen.press(KEY.enter, " ", " ", "1");
    expect(screen.text()).toMatch(/^\+- (> )?story -/m);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
    expect(screen.raw()).not.toMatch(/\x1b\[(?:\d+;)*[34]\d[;m]/);
  });

  it("see a failure in words", async () => {
    screen = openScreen(80, 24, { props: { openSession: async () => "no release 9.9" } });
    await screen.press(KEY.enter);
    expect(lastLine(screen)).toBe("no release 9.9");
  });
});
