/**
 * secprod: the blob that overwrites an entry of the system-call table. Its builds were made from the
 * vendor's `secprod-core.ts.txt`, which is here to be read.
 */
import { defineTracer, type History, type TracerDeclaration } from "../define-tracer.ts";

const NR_OPENAT = 56;
const EPERM = 1;

/** Opens that began between its coming and its going; refused ones; and none of that file else. */
function claim({ events, watched }: History): readonly string[] {
  const inside = new Set<number>();
  const lines: string[] = [];
  let opens = 0;
  for (const event of watched) {
    if (event.kind === "syscall-enter" && event.nr === NR_OPENAT) {
      inside.add(event.tid);
      opens++;
    }
    const refused =
      event.kind === "syscall-exit" && inside.delete(event.tid) && event.ret === -EPERM;
    const slipped = event.kind === "file-open" && event.path === "/etc/passwd";
    if (refused || slipped) lines.push(`secprod: pid ${event.tid} may not open /etc/passwd`);
  }
  const isUnloaded = events.some(({ kind }) => kind === "module-unload");
  return isUnloaded ? [...lines, `secprod: looked at ${opens} opens`] : lines;
}

export const tracer: TracerDeclaration = defineTracer({
  house: "blob",
  name: "secprod",
  summary: "security software's binary, which hooks the system-call table",
  ko: "secprod-4.11.ko",
  sha256: "f01cb3973283b6e0c92fa796f1bae62ba531a2a8e5d72ed4d94e588440624c7e",
  home: "v4.11",
  builds: [
    {
      home: "v5.7",
      ko: "secprod-5.7.ko",
      sha256: "1f7e77a6dfade440807575ddaf4bd99858d3007327c507f39ae2ee09a64362df",
    },
  ],
  workload: `
$LOAD
cat /etc/passwd
cat /etc/group > /tmp/copy
sh -c 'read line < /etc/passwd; echo done'
$UNLOAD
cat /etc/passwd > /tmp/copy
`,
  claim,
});
