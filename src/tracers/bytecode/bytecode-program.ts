/**
 * The user-space half of a bytecode tracer, the same for all: `NAME -o FILE COMMAND...` loads the
 * object, hangs its programs, runs the command, takes them off, and writes what the tracer makes of
 * its maps.
 */
import { O_CREAT, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram, type Proc, type UserCall } from "#userland";
import { findProgram } from "../kit/find-program.ts";
import { BpfLoader, type MapEntry } from "./loader.ts";
import type { BpfObject } from "./object.ts";

/** All maps of an object by name. */
export type MapContents = Readonly<Record<string, readonly MapEntry[]>>;

/** Makes a report, a line each, of what the maps hold in the end. */
export type MapReport = (maps: MapContents) => readonly string[];

const COMMAND_ENTRY = "command";

function* command(p: Proc): UserCall {
  const order = JSON.parse(p.sys.readString(p.arg)) as {
    readonly path: string;
    readonly argv: readonly string[];
    readonly env: readonly string[];
  };
  yield* p.sys.execve(order.path, order.argv, order.env);
  return 127;
}

function* run(p: Proc, name: string, argv: readonly string[]): UserCall {
  const path = yield* findProgram(p, name, argv[0] ?? "");
  if (path === null) return 127;
  const env = [...p.env].map(([key, value]) => `${key}=${value}`);
  const mark = p.sys.mark();
  const order = p.sys.pushString(JSON.stringify({ path, argv, env }));
  const pid = yield* p.sys.spawn(p.entry(COMMAND_ENTRY), order);
  p.sys.popTo(mark);
  const ended = pid < 0 ? pid : yield* p.sys.wait4(pid);
  return typeof ended === "number" ? ended : 0;
}

export function bytecodeProgram(name: string, object: BpfObject, report: MapReport): ProgramImage {
  function* main(p: Proc): UserCall {
    const [, , file = "", ...argv] = p.argv;
    const loader = new BpfLoader(p, object);
    if ((yield* loader.load()) < 0) return 1;
    if ((yield* loader.attach()) < 0) return 1;
    const status = yield* run(p, name, argv);
    yield* loader.detach();
    const maps: Record<string, readonly MapEntry[]> = {};
    for (const map of object.maps) maps[map.name] = yield* loader.entries(map.name);
    const out = yield* p.sys.open(file, O_WRONLY | O_CREAT | O_TRUNC);
    if (out < 0) return 1;
    for (const line of report(maps)) yield* p.writeAll(out, `${line}\n`);
    return status < 0 ? 1 : 0;
  }
  return defineProgram(name, main, { [COMMAND_ENTRY]: command });
}
