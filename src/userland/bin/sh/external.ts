/**
 * Commands that are files: finding them along PATH and becoming them.
 *
 * Source: POSIX.1-2017, XCU 2.9.1.1; messages and statuses 126 and 127 as busybox ash has them.
 */
import { EACCES, ENOENT, ENOEXEC, ENOTDIR, X_OK } from "#abi";
import type { Proc } from "../../libc/proc.ts";
import type { UserCall } from "../../libc/trap.ts";

/** Names to try for a command, in order. */
function candidates(command: string, path: string): readonly string[] {
  if (command.includes("/")) return [command];
  return path.split(":").map((dir) => `${dir === "" ? "." : dir}/${command}`);
}

/** The file that a command name means, or null. */
export function* findCommand(p: Proc, command: string, path: string): UserCall<string | null> {
  for (const file of candidates(command, path)) {
    if ((yield* p.sys.access(file, X_OK)) === 0) return file;
  }
  return null;
}

/** Replaces this process by the command. Comes back with a status when it cannot. */
export function* execCommand(
  p: Proc,
  name: string,
  argv: readonly string[],
  env: readonly string[],
): UserCall {
  const command = argv[0] ?? "";
  const path = env.find((text) => text.startsWith("PATH="))?.slice(5) ?? "/bin:/sbin";
  let failure = -ENOENT;
  for (const file of candidates(command, path)) {
    const result = yield* p.sys.execve(file, argv, env);
    if (result === -ENOEXEC) yield* p.sys.execve("/bin/sh", ["sh", file, ...argv.slice(1)], env);
    // A name that is there but may not be run is worth more as an answer than one that is not.
    if (result !== -ENOENT && result !== -ENOTDIR) failure = result;
  }
  if (failure === -ENOENT) {
    yield* p.error(`${name}: ${command}: not found\n`);
    return 127;
  }
  yield* p.error(`${name}: ${command}: ${p.strerror(failure)}\n`);
  return failure === -EACCES ? 126 : 127;
}
