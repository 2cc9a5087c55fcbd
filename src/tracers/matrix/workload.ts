/**
 * Another workload in the place of a tracer's own. A claim is a function of what really happened, so
 * it holds for any workload that the machine's record can tell; tracers whose claims lean on their own
 * workload say so in their declaration (`ownWorkload`).
 *
 * A script that says where to put the tracer (`$LOAD`, `$TRACE`) is taken as it is; any other is run
 * under the tracer, as its kind is used. Tracers in the tree are left out, too: only their own workloads
 * know how to switch them on.
 */
import type { Tracer } from "../define-tracer.ts";

/** Scripts with a name, for who has none of their own. */
export const WORKLOADS: Readonly<Record<string, string>> = {
  files: `for f in /etc/passwd /etc/nothing /etc/group; do cat $f > /tmp/copy; done
ls /etc
rm /tmp/copy
`,
  processes: `for i in 1 2 3 4; do /bin/true & done
wait
sh -c 'exit 3'
`,
  signals: `sh -c 'trap "echo again" USR1; kill -USR1 $$; sleep 0.01'
sh -c 'kill -TERM $$'
`,
  pipes: `cat /etc/passwd | grep root | wc -l
yes | head -20 > /tmp/copy
`,
};

const PLACES = /\$(LOAD|UNLOAD|TRACE)\b/;
/** What a claim tells of is what its tracer is asked for. */
const TRACE_OPTIONS = /\$TRACE((?: -\w+ \S+)*)/;
/** A module that watches one task is told which. */
const TAKES_PID = /\$LOAD pid=/;

/** Undefined for a tracer that has to have its own. */
export function withWorkload(tracer: Tracer, script: string): Tracer | undefined {
  const { declaration } = tracer;
  if (declaration.house === "in-tree" || declaration.ownWorkload !== undefined) return undefined;
  const workload = PLACES.test(script) ? script : placed(declaration, script);
  return { ...tracer, declaration: { ...declaration, workload } };
}

function placed({ house, workload }: Tracer["declaration"], script: string): string {
  const lines = script.trimEnd();
  if (house === "rock" || house === "bytecode") {
    const [, options = ""] = TRACE_OPTIONS.exec(workload) ?? [];
    return `$TRACE${options} sh -c '${lines.replaceAll("'", "'\\''")}'\n`;
  }
  return TAKES_PID.test(workload)
    ? `(\nsleep 0.1\n${lines}\n) &\n$LOAD pid=$!\nwait\n$UNLOAD\n`
    : `$LOAD\n(\n${lines}\n)\n$UNLOAD\n`;
}
