import { expect, test } from "vitest";
import { WorkerClient } from "../../../src/ui/host/worker-client.ts";
import { WORKER_SETUP } from "../../support/worker-setup.ts";

/** A worker whose whole program is `code`. */
const workerOf = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`);

const PORT = 'import { parentPort } from "node:worker_threads";';

test("a worker that hangs is ended and reported as our bug", async () => {
  const hang = `${PORT} parentPort.on("message", () => { for (;;); });`;
  const client = new WorkerClient(workerOf(hang), WORKER_SETUP, 300);
  const reply = await client.command({ op: "run", until: "input" });
  expect(reply).toMatchObject({
    kind: "bug",
    message: "the machine did not answer for 0.3 s and was stopped",
  });
  expect(client.state.status).toBe("error");
});

test("a worker that dies is reported as our bug", async () => {
  const die = `${PORT} parentPort.on("message", () => { process.exit(3); });`;
  const client = new WorkerClient(workerOf(die), WORKER_SETUP, 5000);
  expect(await client.command({ op: "dispose" })).toMatchObject({ kind: "bug" });
});

test("slices of a busy worker keep the watchdog quiet and arrive in order", async () => {
  const slow = `${PORT} parentPort.on("message", async ({ id }) => {
    const state = { status: "waiting", release: "r", seed: 1, timeNs: 0, boot: 1 };
    for (let seq = 0; seq < 5; seq++) {
      await new Promise((r) => setTimeout(r, 100));
      parentPort.postMessage({ kind: "slice", batch: [{ seq }], state });
    }
    parentPort.postMessage({ kind: "reply", id, reply: { kind: "done", answer: {}, state, logHash: "h" } });
  });`;
  const client = new WorkerClient(workerOf(slow), WORKER_SETUP, 400);
  expect(await client.command({ op: "dispose" })).toMatchObject({ kind: "done", logHash: "h" });
  expect(client.events.map((e) => e.seq)).toEqual([0, 1, 2, 3, 4]);
});
