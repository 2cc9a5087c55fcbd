/**
 * The tasks pane: the tree of processes and threads with Linux's state letters, who traces whom, and
 * the engines and probes that hang on each.
 */
import type { FoldState, ProbeView, TaskView } from "../fold.ts";
import { stateWords } from "../model/describe.ts";
import { syscallName, waitStatusText } from "../model/names.ts";
import { taintLetters } from "../model/taint.ts";
import type { Glyphs, Line, Span, Tone } from "../theme.ts";

const STATE_TONES: Readonly<Record<string, Tone>> = {
  R: "good",
  T: "warn",
  t: "warn",
  Z: "bad",
  D: "info",
};

type Children = ReadonlyMap<number, readonly TaskView[]>;

/** Tasks by the task they are drawn under: threads under their leader, processes under the parent. */
function childrenOf(state: FoldState): Children {
  const children = new Map<number, TaskView[]>();
  for (const task of state.tasks.values()) {
    const above = task.tgid !== task.tid ? task.tgid : task.parent;
    const under = state.tasks.has(above) && above !== task.tid ? above : 0;
    const list = children.get(under);
    if (list === undefined) children.set(under, [task]);
    else list.push(task);
  }
  return children;
}

function doing(task: TaskView): string {
  if (task.state === "Z" && task.exitStatus !== undefined) return waitStatusText(task.exitStatus);
  if (task.call >= 0) return `in ${syscallName(task.call)}`;
  return task.state === "R" ? "" : stateWords(task.state);
}

function taskLine(task: TaskView, stem: string, state: FoldState, glyphs: Glyphs): Line {
  const thread = task.tgid !== task.tid;
  const spans: Span[] = [
    { text: `${String(task.tid).padStart(4)} ` },
    { text: task.state, tone: STATE_TONES[task.state] ?? "plain" },
    { text: ` ${stem}`, tone: "dim" },
    { text: thread ? `{${task.comm}}` : task.comm, tone: "strong" },
  ];
  if (task.tid === state.running && task.state === "R")
    spans.push({ text: " on cpu", tone: "good" });
  if (task.tracer !== 0) {
    spans.push({ text: ` ${glyphs.traces} traced by ${task.tracer}`, tone: "warn" });
  }
  const note = doing(task);
  if (note !== "") spans.push({ text: `  ${note}`, tone: "dim" });
  return spans;
}

function probeLine(probe: ProbeView, stem: string, glyphs: Glyphs): Line {
  return [
    { text: `       ${stem}`, tone: "dim" },
    { text: `${glyphs.marks.probe} `, tone: "callback" },
    { text: probe.owner, tone: "callback" },
    { text: ` ${probe.what}` },
  ];
}

function probesOn(state: FoldState, target: number): readonly ProbeView[] {
  return [...state.probes.values()].filter((probe) => probe.target === target);
}

function treeLines(state: FoldState, glyphs: Glyphs): Line[] {
  const children = childrenOf(state);
  const lines: Line[] = [];
  const walk = (under: number, stem: string): void => {
    const tasks = children.get(under) ?? [];
    for (const [index, task] of tasks.entries()) {
      const last = index === tasks.length - 1;
      const root = under === 0;
      const mine = root ? "" : stem + (last ? glyphs.lastBranch : glyphs.branch);
      const below = root ? "" : stem + (last ? "  " : glyphs.trunk);
      lines.push(taskLine(task, mine, state, glyphs));
      for (const probe of probesOn(state, task.tid)) lines.push(probeLine(probe, below, glyphs));
      walk(task.tid, below);
    }
  };
  walk(0, "");
  return lines;
}

function kernelLines(state: FoldState, glyphs: Glyphs): Line[] {
  const lines: Line[] = [];
  const everywhere = probesOn(state, 0);
  if (everywhere.length > 0) lines.push([{ text: " all tasks", tone: "dim" }]);
  for (const probe of everywhere) lines.push(probeLine(probe, "", glyphs));
  for (const [name, forced] of state.modules) {
    const calls = state.callbacks.get(name) ?? 0;
    lines.push([
      { text: "module ", tone: "dim" },
      { text: name, tone: "callback" },
      { text: calls > 0 ? `  called ${calls} times` : "" },
      { text: forced ? "  forced" : "", tone: "bad" },
    ]);
  }
  const letters = taintLetters(state.taint);
  if (letters !== "") {
    lines.push([
      { text: "kernel ", tone: "dim" },
      { text: `tainted: ${letters}`, tone: "bad" },
    ]);
  }
  return lines;
}

export function taskLines(state: FoldState, glyphs: Glyphs): readonly Line[] {
  if (state.tasks.size === 0) return [[{ text: "no task yet", tone: "dim" }]];
  const kernel = kernelLines(state, glyphs);
  const head: Line = [{ text: " PID S COMMAND", tone: "dim" }];
  return [head, ...treeLines(state, glyphs), ...(kernel.length > 0 ? [[], ...kernel] : [])];
}
