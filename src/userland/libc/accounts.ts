/**
 * User and group names from /etc/passwd and /etc/group, as getpwuid(3) finds them.
 */
import type { Proc } from "./proc.ts";
import type { UserCall } from "./trap.ts";

/** Number to name, of a file whose lines are `name:x:number:...`. */
export function* accountNames(p: Proc, path: string): UserCall<Map<number, string>> {
  const names = new Map<number, string>();
  const text = yield* p.readFile(path);
  if (typeof text === "number") return names;
  for (const line of text.split("\n")) {
    const [name = "", , number = ""] = line.split(":");
    if (/^\d+$/.test(number) && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}
