import { expect, test } from "vitest";
import { ENOSPC, ENXIO, O_RDWR } from "#abi";
import { installDevices } from "../../../src/kernel/fs/devices.ts";
import { openPath } from "../../../src/kernel/fs/open.ts";
import { Tty } from "../../../src/kernel/fs/tty.ts";
import { makeCaller, makeWorld, now } from "./fixture.ts";

const make = () => {
  const world = makeWorld();
  const tty = new Tty({ output: () => undefined, signalGroup: () => undefined });
  let word = 0;
  installDevices(world.vfs, { tty, nextWord: () => ++word });
  return { ...world, tty };
};

test.each([
  ["null", [], 2],
  ["zero", [0, 0, 0], 2],
  ["full", [0, 0, 0], -ENOSPC],
  ["urandom", [1, 2, 3], 2],
])("/dev/%s reads %s and takes a write with %d", (name, bytes, written) => {
  const { open } = make();
  const file = open(`/dev/${name}`, O_RDWR);
  if (typeof file === "number") throw new Error(`open: ${file}`);
  const caller = makeCaller();
  const read = now(file.ops.read?.(file, 0, 3, caller) ?? -1);
  expect(read).toEqual(Uint8Array.from(bytes));
  expect(file.ops.write?.(file, 0, Uint8Array.of(1, 2), caller)).toBe(written);
});

test("/dev/tty is there for a session that owns the terminal, which opening tty1 gives it", () => {
  const { vfs, root } = make();
  const caller = makeCaller({ sid: 3, pgid: 3 });
  const open = (path: string) =>
    openPath(vfs, root, vfs.root, { path, flags: O_RDWR, mode: 0 }, caller);
  expect(open("/dev/tty")).toBe(-ENXIO);
  expect(typeof open("/dev/console")).toBe("object");
  expect(open("/dev/tty")).toBe(-ENXIO);
  expect(typeof open("/dev/tty1")).toBe("object");
  expect(typeof open("/dev/tty")).toBe("object");
});
