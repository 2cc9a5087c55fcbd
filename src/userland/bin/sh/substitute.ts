/**
 * `$(command)`: its output, without the newlines at the end. Its status becomes `$?`.
 *
 * Source: POSIX.1-2017, XCU 2.6.3.
 */
import { EINTR, O_CLOEXEC } from "#abi";
import { decodeUtf8 } from "#kernel";
import type { UserCall } from "../../libc/trap.ts";
import { exitStatus } from "./jobs.ts";
import { launch } from "./launch.ts";
import type { Shell } from "./state.ts";

export function* substituteCommand(sh: Shell, script: string): UserCall<string> {
  const { sys } = sh.p;
  const ends = yield* sys.pipe(O_CLOEXEC);
  if (typeof ends === "number") return "";
  const [reader, writer] = ends;
  const pid = yield* launch(
    sh,
    { kind: "script", text: script },
    { dups: [[writer, 1]], closes: [reader, writer], pgid: null, terminal: null, detached: false },
  );
  yield* sys.close(writer);
  const bytes = pid < 0 ? new Uint8Array() : yield* sh.p.readAll(reader);
  yield* sys.close(reader);
  if (pid > 0) sh.status = yield* waitFor(sh, pid);
  return typeof bytes === "number" ? "" : decodeUtf8(bytes).replace(/\n+$/, "");
}

function* waitFor(sh: Shell, pid: number): UserCall {
  for (;;) {
    const found = yield* sh.p.sys.wait4(pid);
    if (typeof found !== "number") return exitStatus(found.status);
    if (found !== -EINTR) return 127;
  }
}
