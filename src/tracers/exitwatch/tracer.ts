/**
 * exitwatch: bytecode on a tracepoint, reading the kernel's structures through CO-RE.
 */
import { hungBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Who ended while the program hung there; names and parents as the machine wrote them down. */
function claim({ events }: History): readonly string[] {
  const watched = new Set(hungBy(events, "on_exit"));
  const names = new Map<number, string>();
  const parents = new Map<number, number>();
  const lines: string[] = [];
  for (const event of events) {
    if (event.kind === "task-new") {
      names.set(event.child, names.get(event.tid) ?? event.comm);
      parents.set(event.child, event.tid);
    } else if (event.kind === "exec") names.set(event.tid, baseName(event.path));
    else if (event.kind === "exit" && watched.has(event)) {
      const [name, parent] = [names.get(event.tid), parents.get(event.tid)];
      lines.push(`pid ${event.tid} (${name}), child of ${parent}`);
    }
  }
  return lines;
}

/** The text in `view` up to its NUL. */
function textAt(view: DataView, at: number): string {
  let text = "";
  for (let i = at; i < view.byteLength && view.getUint8(i) !== 0; i++)
    text += String.fromCharCode(view.getUint8(i));
  return text;
}

export const tracer: TracerDeclaration = defineTracer({
  house: "bytecode",
  name: "exitwatch",
  summary: "tells which tasks end and whose children they were, by bytecode on a tracepoint",
  source: "exitwatch.bpf",
  workload: "$TRACE sh -c 'cat /etc/passwd > /tmp/copy; ls /etc > /tmp/list; sleep 1'",
  report: ({ ended = [] }) =>
    ended.map(({ key, value }) => {
      const [pid, parent] = [key.getUint32(0, true), value.getUint32(0, true)];
      return `pid ${pid} (${textAt(value, 4)}), child of ${parent}`;
    }),
  claim,
});
