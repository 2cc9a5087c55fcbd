/**
 * Commands that run in child processes: pipelines, subshells, background jobs, external commands.
 *
 * Source: POSIX.1-2017, XCU 2.9.2, 2.9.3, 2.11; the terminal's part is glibc's manual, "Implementing
 * a Job Control Shell".
 */
import { O_CLOEXEC } from "#abi";
import type { UserCall } from "../../libc/trap.ts";
import type { ListItem, Node } from "./ast.ts";
import { addJob, deathText, forgetJob, isDone, type Job, jobLine, waitForJob } from "./jobs.ts";
import { type ChildPlace, type ChildWork, launch } from "./launch.ts";
import type { Shell } from "./state.ts";

const IN_PLACE: ChildPlace = {
  dups: [],
  closes: [],
  pgid: null,
  terminal: null,
  detached: false,
};

/** Starts one child in front and waits for it. */
export function* runForeground(sh: Shell, work: ChildWork, text: string): UserCall {
  const place = { ...IN_PLACE, ...groupOf(sh, 0, true) };
  const pid = yield* launch(sh, work, place);
  if (pid < 0) return 1;
  const pgid = sh.jobControl ? pid : 0;
  return yield* waitInFront(sh, addJob(sh, { pgid, pids: [pid], text, background: false }));
}

export function runSubshell(
  sh: Shell,
  node: Extract<Node, { kind: "subshell" }>,
  text: string,
): UserCall {
  const body: Node = { kind: "group", body: node.body, redirects: node.redirects };
  return runForeground(sh, { kind: "node", node: body }, text);
}

export function* runPipeline(sh: Shell, stages: readonly Node[], text: string): UserCall {
  const started = yield* startStages(sh, stages, true);
  if (started.length === 0) return 1;
  const pgid = sh.jobControl ? (started[0] ?? 0) : 0;
  return yield* waitInFront(sh, addJob(sh, { pgid, pids: started, text, background: false }));
}

/** `command &`: prints `[1] 12` when interactive. */
export function* runBackground(sh: Shell, item: ListItem): UserCall {
  const { node, text } = item;
  const plain = node.kind === "pipeline" && !node.negate;
  const pids = yield* startStages(sh, plain ? node.stages : [node], false);
  const last = pids.at(-1);
  if (last === undefined) return 1;
  const pgid = sh.jobControl ? (pids[0] ?? 0) : 0;
  const job = addJob(sh, { pgid, pids, text, background: true });
  sh.lastBackground = last;
  if (sh.interactive) yield* sh.p.error(`[${job.id}] ${last}\n`);
  return 0;
}

function groupOf(
  sh: Shell,
  pgid: number,
  front: boolean,
): Pick<ChildPlace, "pgid" | "terminal" | "detached"> {
  if (!sh.jobControl) return { pgid: null, terminal: null, detached: !front };
  return { pgid, terminal: front ? sh.terminal : null, detached: false };
}

/** Starts every stage with pipes between them; answers the pids. */
function* startStages(sh: Shell, stages: readonly Node[], front: boolean): UserCall<number[]> {
  const { sys } = sh.p;
  const pids: number[] = [];
  let input = -1;
  for (const [index, node] of stages.entries()) {
    const ends = index === stages.length - 1 ? null : yield* sys.pipe(O_CLOEXEC);
    if (typeof ends === "number") break;
    const dups: (readonly [number, number])[] = [];
    if (input >= 0) dups.push([input, 0]);
    if (ends !== null) dups.push([ends[1], 1]);
    const closes = [input, ends?.[0] ?? -1, ends?.[1] ?? -1].filter((fd) => fd >= 0);
    const group = groupOf(sh, pids[0] ?? 0, front);
    const detached = group.detached && index === 0;
    const place = { ...group, dups, closes, detached };
    const pid = yield* launch(sh, { kind: "node", node }, place);
    if (pid > 0) pids.push(pid);
    if (input >= 0) yield* sys.close(input);
    if (ends !== null) yield* sys.close(ends[1]);
    input = ends?.[0] ?? -1;
  }
  return pids;
}

/** Waits for a job that has the terminal, then takes the terminal back. */
export function* waitInFront(sh: Shell, job: Job): UserCall {
  const status = yield* waitForJob(sh, job, false);
  if (sh.jobControl && sh.terminal !== null) yield* sh.p.sys.tcsetpgrp(sh.terminal, sh.pid);
  if (isDone(job)) {
    forgetJob(sh, job);
    const text = sh.interactive ? deathText(job) : "";
    if (text !== "") yield* sh.p.error(text);
  } else {
    job.background = true;
    yield* sh.p.error(`\n${jobLine(sh, job)}`);
  }
  return status;
}
