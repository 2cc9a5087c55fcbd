/** The tracers that come with quicksand: each a folder with one declaration. */

import { tracer as acct } from "./acct/tracer.ts";
import { tracer as bpfcount } from "./bpfcount/tracer.ts";
import { tracer as callmix } from "./callmix/tracer.ts";
import { tracer as careful } from "./careful/tracer.ts";
import { tracer as counter } from "./counter/tracer.ts";
import { tracer as crashcatch } from "./crashcatch/tracer.ts";
import { tracer as crashsuspend } from "./crashsuspend/tracer.ts";
import { tracer as cswatch } from "./cswatch/tracer.ts";
import type { TracerDeclaration } from "./define-tracer.ts";
import { tracer as denier } from "./denier/tracer.ts";
import { tracer as epitaph } from "./epitaph/tracer.ts";
import { tracer as execlog } from "./execlog/tracer.ts";
import { tracer as exitlog } from "./exitlog/tracer.ts";
import { tracer as exitwatch } from "./exitwatch/tracer.ts";
import { tracer as family } from "./family/tracer.ts";
import { tracer as fdwatch } from "./fdwatch/tracer.ts";
import { tracer as firstreport } from "./firstreport/tracer.ts";
import { tracer as functrace } from "./functrace/tracer.ts";
import { tracer as gatekeeper } from "./gatekeeper/tracer.ts";
import { tracer as hasty } from "./hasty/tracer.ts";
import { tracer as heartbeat } from "./heartbeat/tracer.ts";
import { tracer as heldfiles } from "./heldfiles/tracer.ts";
import { tracer as kopen } from "./kopen/tracer.ts";
import { tracer as latency } from "./latency/tracer.ts";
import { tracer as lifelog } from "./lifelog/tracer.ts";
import { tracer as lttng } from "./lttng/tracer.ts";
import { tracer as lttopen } from "./lttopen/tracer.ts";
import { tracer as openret } from "./openret/tracer.ts";
import { tracer as opensnoop } from "./opensnoop/tracer.ts";
import { tracer as openstat } from "./openstat/tracer.ts";
import { tracer as openwatch } from "./openwatch/tracer.ts";
import { tracer as patient } from "./patient/tracer.ts";
import { tracer as peeker } from "./peeker/tracer.ts";
import { tracer as poker } from "./poker/tracer.ts";
import { tracer as proctrace } from "./proctrace/tracer.ts";
import { tracer as secprod } from "./secprod/tracer.ts";
import { tracer as sigsniff } from "./sigsniff/tracer.ts";
import { tracer as stash } from "./stash/tracer.ts";
import { tracer as strace } from "./strace/tracer.ts";
import { tracer as swcount } from "./swcount/tracer.ts";
import { tracer as systrace } from "./systrace/tracer.ts";
import { tracer as taskfinder } from "./taskfinder/tracer.ts";
import { tracer as threads } from "./threads/tracer.ts";
import { tracer as uidwatch } from "./uidwatch/tracer.ts";
import { tracer as uprobe } from "./uprobe/tracer.ts";
import { tracer as vercheck } from "./vercheck/tracer.ts";
import { tracer as vgpu } from "./vgpu/tracer.ts";
import { tracer as vgx } from "./vgx/tracer.ts";

/** Folder name to declaration, in the order in which tables show them. */
export const SHIPPED_TRACERS: Readonly<Record<string, TracerDeclaration>> = {
  strace,
  acct,
  bpfcount,
  callmix,
  careful,
  counter,
  crashcatch,
  crashsuspend,
  cswatch,
  denier,
  epitaph,
  execlog,
  exitlog,
  exitwatch,
  family,
  fdwatch,
  firstreport,
  functrace,
  gatekeeper,
  hasty,
  heartbeat,
  heldfiles,
  kopen,
  latency,
  lifelog,
  lttng,
  lttopen,
  openret,
  opensnoop,
  openstat,
  openwatch,
  patient,
  peeker,
  poker,
  proctrace,
  secprod,
  sigsniff,
  stash,
  swcount,
  systrace,
  taskfinder,
  threads,
  uidwatch,
  uprobe,
  vercheck,
  vgpu,
  vgx,
};
