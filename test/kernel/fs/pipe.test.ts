import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import {
  EAGAIN,
  EPIPE,
  ERESTARTSYS,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  SIGPIPE,
} from "#abi";
import { openInode } from "../../../src/kernel/fs/open.ts";
import type { OpenFile } from "../../../src/kernel/fs/open-file.ts";
import { makeCaller, makeWorld, now, start, type TestCaller } from "./fixture.ts";

let caller: TestCaller;
let reader: OpenFile;
let writer: OpenFile;
const bytes = (size: number, value = 1): Uint8Array => new Uint8Array(size).fill(value);
const read = (count: number) => reader.ops.read?.(reader, 0, count, caller) ?? -1;
const write = (data: Uint8Array) => writer.ops.write?.(writer, 0, data, caller) ?? -1;

beforeEach(() => {
  const { vfs } = makeWorld();
  caller = makeCaller();
  const inode = vfs.makePipe();
  reader = openInode(vfs, inode, O_RDONLY, caller) as OpenFile;
  writer = openInode(vfs, inode, O_WRONLY, caller) as OpenFile;
});

test("a read takes what is there, even if it is less than asked", () => {
  write(Uint8Array.of(1, 2, 3));
  expect([now(read(2)), now(read(10))]).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)]);
});

test("a read of an empty pipe waits until data come", () => {
  const waiting = start(read(5));
  expect(waiting.sleep).toMatchObject({ interruptible: true });
  write(Uint8Array.of(7));
  expect(waiting.resume()).toEqual(Uint8Array.of(7));
});

test("a read of an empty pipe ends when the last writer goes", () => {
  const waiting = start(read(5));
  writer.release();
  expect(waiting.resume()).toEqual(new Uint8Array(0));
});

test("a signal ends a waiting read, to be restarted", () => {
  const waiting = start(read(5));
  caller.pending = true;
  expect(waiting.resume()).toBe(-ERESTARTSYS);
});

test("O_NONBLOCK turns waiting into EAGAIN", () => {
  reader.flags |= O_NONBLOCK;
  writer.flags |= O_NONBLOCK;
  expect(read(1)).toBe(-EAGAIN);
  write(bytes(65536));
  expect(write(bytes(1))).toBe(-EAGAIN);
});

test("writing where nobody can read is SIGPIPE and EPIPE", () => {
  reader.release();
  expect([write(bytes(1)), caller.raised]).toEqual([-EPIPE, [SIGPIPE]]);
});

test("a waiting writer gets SIGPIPE when the reader goes", () => {
  write(bytes(65536));
  const waiting = start(write(bytes(1)));
  reader.release();
  expect([waiting.resume(), caller.raised]).toEqual([-EPIPE, [SIGPIPE]]);
});

describe("atomicity", () => {
  test("4096 bytes wait for room for all of them", () => {
    write(bytes(65536 - 4095));
    const waiting = start(write(bytes(4096, 2)));
    expect(waiting.sleep).toMatchObject({ interruptible: true });
    read(1);
    expect(waiting.resume()).toBe(4096);
  });

  test("without blocking they are EAGAIN, and 4097 are written in part", () => {
    writer.flags |= O_NONBLOCK;
    write(bytes(65536 - 100));
    expect(write(bytes(4096))).toBe(-EAGAIN);
    expect(write(bytes(4097))).toBe(100);
  });

  test("a long write that a signal interrupts answers what was written", () => {
    const waiting = start(write(bytes(70000)));
    caller.pending = true;
    expect(waiting.resume()).toBe(65536);
  });
});

test("poll tells each end what it can do", () => {
  const poll = (file: OpenFile): number => file.ops.poll?.(file) ?? -1;
  expect([poll(reader) & POLLIN, poll(writer) & POLLOUT]).toEqual([0, POLLOUT]);
  write(bytes(65536));
  expect([poll(reader) & POLLIN, poll(writer) & POLLOUT]).toEqual([POLLIN, 0]);
  writer.release();
  expect(poll(reader) & POLLHUP).toBe(POLLHUP);
  reader.release();
});

test("a writer without reader polls POLLERR", () => {
  reader.release();
  expect((writer.ops.poll?.(writer) ?? 0) & POLLERR).toBe(POLLERR);
});

test("whatever the sizes, bytes come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3000, max: 3000 }), { maxLength: 50 }), (steps) => {
      const { vfs } = makeWorld();
      const inode = vfs.makePipe();
      const out = openInode(vfs, inode, O_RDONLY | O_NONBLOCK, caller) as OpenFile;
      const into = openInode(vfs, inode, O_WRONLY | O_NONBLOCK, caller) as OpenFile;
      let put = 0;
      let got = 0;
      for (const step of steps) {
        if (step > 0) {
          const data = Uint8Array.from({ length: step }, (_, i) => (put + i) & 0xff);
          put += Math.max(0, into.ops.write?.(into, 0, data, caller) as number);
        } else {
          const data = out.ops.read?.(out, 0, -step, caller);
          if (!(data instanceof Uint8Array)) continue;
          for (const byte of data) expect(byte).toBe(got++ & 0xff);
        }
      }
      expect(got).toBeLessThanOrEqual(put);
    }),
  );
});
