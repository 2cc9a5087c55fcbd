/**
 * denier: a module on utrace that turns system calls off.
 */
import { probedBy } from "../claims.ts";
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const WRITING = 3;
/** What the shell says of a redirection whose open(2) was turned off: ENOSYS. */
const REFUSED = /(\/\S+): Function not implemented/g;

/** Files that the thread opened for writing, and should not have; files that it could not open. */
function claim({ events }: History): readonly string[] {
  const probed = probedBy(events, "denier");
  if (probed === undefined) return [];
  const { target } = probed;
  const paths = probed.events.flatMap((event) => {
    if (event.tid !== target) return [];
    if (event.kind === "file-open") return (event.flags & WRITING) !== 0 ? [event.path] : [];
    if (event.kind !== "tty-write") return [];
    return [...event.text.matchAll(REFUSED)].map(([, path]) => path);
  });
  return paths.map((path) => `denier: pid ${target} may not write ${path}`);
}

export const tracer: TracerDeclaration = defineTracer({
  house: "quicksand",
  name: "denier",
  summary: "lets one thread open no file for writing, by utrace",
  source: "module/denier.ts",
  home: "2.6.32-71.el6",
  workload: `
sh -c 'sleep 1; echo a > /tmp/a; read line < /etc/passwd; echo b > /tmp/b; sleep 1; echo c > /tmp/c' &
$LOAD pid=$!
sleep 1.5
$UNLOAD
wait
`,
  claim,
});
