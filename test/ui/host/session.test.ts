import { expect, test } from "vitest";
import type { ReleaseImage } from "#kernel";
import type { Reply } from "../../../src/ui/host/client.ts";
import { LocalClient } from "../../../src/ui/host/local-client.ts";
import { bootFake } from "./fake-machine.ts";

const RELEASES = ["1-quicksand", "2-quicksand"];

function openSession(): LocalClient {
  return new LocalClient({
    catalogue: {
      releases: [],
      builder: "",
      identity: "",
      ownImages: [],
      defaultRelease: "1-quicksand",
      load: (name) =>
        RELEASES.includes(name)
          ? ({ release: name } as ReleaseImage)
          : { code: "QS1101", message: `no release "${name}"`, file: "", line: 0, column: 0 },
      patch: () => undefined,
      patchNumbers: [],
    },
    boot: bootFake,
  });
}

const boot = (client: LocalClient): Promise<Reply> =>
  client.command({ op: "boot", release: "1-quicksand", seed: 7 });

async function type(client: LocalClient, text: string): Promise<Reply> {
  await client.command({ op: "type", text });
  return client.command({ op: "run", until: "input" });
}

/** Resolves when the first slice of a run has been published. */
const underWay = (client: LocalClient): Promise<unknown> =>
  new Promise((resolve) => client.on.once("state", resolve));

test("a run returns when the console waits for input", async () => {
  const client = openSession();
  await boot(client);
  expect(await type(client, "echo hi\n")).toMatchObject({ kind: "done", answer: { end: "input" } });
  expect(client.events.map((e) => e.kind)).toEqual(["boot", "tty-write"]);
  expect(client.state).toMatchObject({ status: "waiting", seed: 7, boot: 1 });
});

test("reboot continues the log and the root file system on the named release", async () => {
  const client = openSession();
  await boot(client);
  await client.command({ op: "write", path: "/root/a", text: "kept" });
  expect(await type(client, "reboot 2-quicksand\n")).toMatchObject({ answer: { end: "input" } });
  expect(client.state).toMatchObject({ release: "2-quicksand", boot: 2 });
  expect(client.events.map((e) => e.seq)).toEqual([1, 2]);
  const reply = await client.command({ op: "read", path: "/root/a" });
  expect(reply).toMatchObject({ answer: { text: "kept" } });
});

test("a machine that never waits is stopped by a limit of virtual time", async () => {
  const client = openSession();
  await boot(client);
  expect(await type(client, "spin\n")).toMatchObject({ answer: { end: "limit" } });
});

test("a key reaches a machine in the middle of a run, and what it types is the next thing that happens", async () => {
  const client = openSession();
  await boot(client);
  await client.command({ op: "type", text: "spin\n" });
  const running = client.command({ op: "run", until: "input" });
  await underWay(client);
  await client.command({ op: "key", text: "stop\n" });
  expect(await running).toMatchObject({ kind: "done", answer: { end: "input" } });
  expect(client.state.timeNs).toBeLessThan(1e9);
});

test("a session that is left stops its run and does nothing more", async () => {
  const client = openSession();
  await boot(client);
  await client.command({ op: "type", text: "spin\n" });
  const running = client.command({ op: "run", until: "input" });
  await underWay(client);
  client.abandon();
  await running;
  expect(client.state.timeNs).toBeGreaterThan(0);
  expect(client.state.timeNs).toBeLessThan(1e9);
  expect(await type(client, "echo hi\n")).toMatchObject({ kind: "bug" });
});

test("a run of some virtual nanoseconds stops there", async () => {
  const client = openSession();
  await boot(client);
  await client.command({ op: "type", text: "spin\n" });
  const reply = await client.command({ op: "run", until: { ns: 123_456_789 } });
  expect(reply).toMatchObject({ answer: { end: "limit" }, state: { timeNs: 123_456_789 } });
});

test("whatever escapes the machine is a bug with the seed, and ends the session", async () => {
  const client = openSession();
  await boot(client);
  expect(await type(client, "bug\n")).toMatchObject({
    kind: "bug",
    message: "assertion failed",
    seed: 7,
  });
  expect(client.state.status).toBe("error");
  expect(await type(client, "echo hi\n")).toMatchObject({ kind: "bug" });
});

test("an unknown release and a missing machine are refused with a diagnostic", async () => {
  const client = openSession();
  expect(await type(client, "x")).toMatchObject({ kind: "refused", diagnostics: [{}] });
  expect(await client.command({ op: "boot", release: "3", seed: 1 })).toMatchObject({
    kind: "refused",
    diagnostics: [{ code: "QS1101" }],
  });
});
