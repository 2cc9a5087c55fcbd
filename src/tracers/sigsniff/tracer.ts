/**
 * sigsniff: a module on utrace that sees the signals of one thread.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const SIGKILL = 9;

/** Every signal that was sent to the thread while it lived: it blocks none. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "sigsniff");
  if (probed === undefined) return [];
  const { target } = probed;
  const died = probed.events.findIndex(({ kind, tid }) => kind === "exit" && tid === target);
  return probed.events
    .slice(0, died < 0 ? undefined : died)
    .flatMap((event) =>
      event.kind === "signal-send" && event.target === target && event.sig !== SIGKILL
        ? [`sigsniff: pid ${target} gets signal ${event.sig} from ${event.tid}`]
        : [],
    );
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "sigsniff",
  summary: "prints the signals that one thread gets, by utrace",
  source: "module/sigsniff.ts",
  home: "2.6.32-37.el6",
  workload: `
sh -c 'trap "echo usr1 > /tmp/usr1" USR1; for i in 1 2 3; do sleep 1; done' &
sleep 0.1
$LOAD pid=$!
kill -USR1 $!
sleep 1
kill -TERM $!
wait
$UNLOAD
`,
  claim,
});
