/** The file that a command name means, along PATH: what a tracer launches. */
import type { Proc, UserCall } from "#userland";

/** The path, or null after a message in `tracer`'s name. */
export function* findProgram(p: Proc, tracer: string, name: string): UserCall<string | null> {
  const directories = (p.env.get("PATH") ?? "/bin").split(":");
  const candidates = name.includes("/") ? [name] : directories.map((dir) => `${dir}/${name}`);
  let result = 0;
  for (const path of candidates) {
    result = yield* p.sys.access(path, 1);
    if (result === 0) return path;
  }
  yield* p.error(`${tracer}: Can't stat '${name}': ${p.strerror(result)}\n`);
  return null;
}
