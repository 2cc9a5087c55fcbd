import { describe, expect, test } from "vitest";
import { WorkerPool } from "../../../src/ui/host/worker-pool.ts";
import { WORKER_SETUP } from "../../support/worker-setup.ts";

/** A worker that knows `say` and `end`, and does `code` with each job. */
const workerOf = (code: string): URL => {
  const program = `import { parentPort, threadId } from "node:worker_threads";
    const say = (doing, file) => parentPort.postMessage({ kind: "news", news: { kind: "step", doing, file } });
    const done = (result) => parentPort.postMessage({ kind: "job-end", end: { kind: "done", result } });
    const end = (end) => parentPort.postMessage({ kind: "job-end", end });
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    parentPort.on("message", async ({ job }) => { ${code} });`;
  return new URL(`data:text/javascript,${encodeURIComponent(program)}`);
};

/** Jobs are known by their release here. */
const jobs = (...names: readonly string[]) =>
  names.map((release) => ({ release, tracers: [], blame: false }));

const poolOf = (code: string, size: number, own = 10_000): WorkerPool =>
  new WorkerPool(workerOf(code), WORKER_SETUP, {
    size,
    patience: { learner: Math.min(own, 1000), own },
  });

/** A pool whose jobs take as many milliseconds as their name says; all its workers are up. */
async function sleepers(size: number, code: string): Promise<WorkerPool> {
  const pool = poolOf(`await sleep(Number(job.release)); ${code}`, size);
  await pool.run("column", jobs(...Array.from({ length: size }, () => "0")));
  return pool;
}

describe("a pool", () => {
  test("answers in the order of the jobs, whatever ends first", async () => {
    const pool = await sleepers(3, "done(job.release);");
    const ended: number[] = [];
    const end = await pool.run("column", jobs("900", "450", "1"), {
      result: (index) => ended.push(index) > 0,
    });
    await pool.close();
    expect(ended).toEqual([2, 1, 0]);
    expect(end).toEqual({ kind: "done", results: ["900", "450", "1"] });
  });

  test("gives each worker one job after the other, and no more workers than its size", async () => {
    const pool = poolOf("await sleep(20); done(threadId);", 2);
    const end = await pool.run("column", jobs("a", "b", "c", "d", "e", "f"));
    await pool.close();
    expect(end.kind === "done" && new Set(end.results).size).toBe(2);
  });

  test("tells what a job says, with the job's number", async () => {
    const pool = poolOf("say('on ' + job.release); done(null);", 1);
    const said: string[] = [];
    await pool.run("column", jobs("a", "b"), {
      news: (index, news) => said.push(`${index} ${news.kind === "step" ? news.doing : ""}`),
    });
    await pool.close();
    expect(said).toEqual(["0 on a", "1 on b"]);
  });

  test("begins nothing more once a result was enough, and ends what comes before it", async () => {
    const pool = await sleepers(2, "done(job.release);");
    const end = await pool.run("column", jobs("600", "1", "1", "1"), {
      result: (index) => index !== 1,
    });
    await pool.close();
    expect(end).toEqual({ kind: "done", results: ["600", "1", undefined, undefined] });
  });

  test("fails with the first of the jobs that fail, and not with the fastest", async () => {
    const fail = "job.release === '0' ? done(0) : end({ kind: 'bug', message: job.release });";
    const pool = await sleepers(2, fail);
    expect(await pool.run("column", jobs("600", "1"))).toEqual({ kind: "bug", message: "600" });
    await pool.close();
  });

  test("goes on after a worker has died, with another", async () => {
    const pool = poolOf("if (job.release === 'die') process.exit(3); done(job.release);", 1);
    expect(await pool.run("column", jobs("die", "x"))).toMatchObject({ kind: "bug" });
    expect(await pool.run("column", jobs("x"))).toEqual({ kind: "done", results: ["x"] });
    await pool.close();
  });

  test("ends a worker that says nothing for long, and one that speaks may take its time", async () => {
    const pool = poolOf(
      "if (job.release === 'hang') for (;;); for (let i = 0; i < 8; i++) { await sleep(50); say('x'); } done(1);",
      1,
      250,
    );
    expect(await pool.run("column", jobs("long"))).toEqual({ kind: "done", results: [1] });
    expect(await pool.run("column", jobs("hang"))).toEqual({
      kind: "bug",
      message: "x: the worker went on for more than 0.25 s and was ended",
    });
    await pool.close();
  });
});
