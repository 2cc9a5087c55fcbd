import { beforeEach, describe, expect, test } from "vitest";
import {
  ECHO,
  EIO,
  ENOTTY,
  ERESTARTSYS,
  ICANON,
  O_RDWR,
  SIGHUP,
  SIGINT,
  SIGTSTP,
  SIGTTIN,
  TCGETS,
  TCSETS,
  TIOCGPGRP,
  TIOCGWINSZ,
  TIOCSPGRP,
} from "#abi";
import type { FileOps, IoctlMemory } from "../../../src/kernel/fs/file-ops.ts";
import { OpenFile } from "../../../src/kernel/fs/open-file.ts";
import { Tty } from "../../../src/kernel/fs/tty.ts";
import { decodeUtf8 } from "../../../src/kernel/lib/text.ts";
import { makeCaller, makeWorld, now, start, type TestCaller } from "./fixture.ts";

let screen: string;
let signals: [number, number][];
let tty: Tty;
let caller: TestCaller;
let file: OpenFile;
let ops: FileOps;

const read = (count = 100) => ops.read?.(file, 0, count, caller) ?? -1;
const readText = (count?: number): string | number => {
  const result = now(read(count));
  return result instanceof Uint8Array ? decodeUtf8(result) : result;
};
const memory: IoctlMemory & { bytes: Uint8Array } = {
  bytes: new Uint8Array(64),
  read: (size) => new DataView(memory.bytes.slice(0, size).buffer),
  write: (bytes) => {
    memory.bytes.set(bytes);
    return 0;
  },
};
const ioctl = (command: number): unknown => ops.ioctl?.(file, command, 1, memory, caller);

beforeEach(() => {
  screen = "";
  signals = [];
  tty = new Tty({
    output: (text) => {
      screen += text;
    },
    signalGroup: (pgid, sig) => signals.push([pgid, sig]),
  });
  caller = makeCaller();
  tty.acquire(caller);
  ops = tty.open();
  const { vfs } = makeWorld();
  file = new OpenFile(vfs.makePipe(), O_RDWR, ops);
});

describe("canonical mode", () => {
  test("a read waits for a whole line and gets one line only", () => {
    tty.type("one");
    const waiting = start(read());
    expect([waiting.sleep, tty.waitingReaders]).toMatchObject([{ interruptible: true }, 1]);
    tty.type("\ntwo\n");
    expect(waiting.resume()).toEqual(new TextEncoder().encode("one\n"));
    expect([readText(), tty.waitingReaders]).toEqual(["two\n", 0]);
  });

  test("a short read leaves the rest of the line", () => {
    tty.type("abcdef\n");
    expect([readText(2), readText(2), readText()]).toEqual(["ab", "cd", "ef\n"]);
  });

  test("Return is a newline; what is typed is echoed", () => {
    tty.type("ls\r");
    expect([readText(), screen]).toEqual(["ls\n", "ls\n"]);
  });

  test("backspace takes one character back, whatever its size in UTF-8", () => {
    tty.type("aé\x7fb\n");
    expect([readText(), screen]).toEqual(["ab\n", "aé\b \bb\n"]);
  });

  test("^U empties the line, ^W takes a word, and neither goes past its start", () => {
    tty.type("junk\x15ab cd  \x17ef\x7f\x7f\x7f\x7f\x7f\x7f\x7fx\n");
    expect(readText()).toBe("x\n");
  });

  test("^D ends a line without a newline, and is end of file on an empty one", () => {
    tty.type("ab\x04\x04");
    expect([readText(), readText()]).toEqual(["ab", ""]);
  });
});

describe("signals from the keyboard", () => {
  test("^C goes to the foreground group, throws the line away and shows as ^C", () => {
    tty.type("half\x03");
    expect([signals, screen, tty.hasInput]).toEqual([[[1, SIGINT]], "half^C", false]);
  });

  test("^Z goes to whoever is in the foreground now", () => {
    tty.foregroundPgid = 42;
    tty.type("\x1a");
    expect(signals).toEqual([[42, SIGTSTP]]);
  });
});

describe("settings", () => {
  test("without ICANON and ECHO every byte is read as it comes, unseen", () => {
    ioctl(TCGETS);
    const view = new DataView(memory.bytes.buffer);
    view.setUint32(12, view.getUint32(12, true) & ~(ICANON | ECHO), true);
    expect(ioctl(TCSETS)).toBe(0);
    tty.type("x\x7f");
    expect([readText(), screen]).toEqual(["x\x7f", ""]);
  });

  test("the window has a size", () => {
    tty.resize(50, 160);
    ioctl(TIOCGWINSZ);
    expect([memory.bytes[0], memory.bytes[2]]).toEqual([50, 160]);
  });
});

describe("job control", () => {
  test("a reader in the background gets SIGTTIN for its group", () => {
    caller = makeCaller({ pgid: 9 });
    expect([read(), signals]).toEqual([-ERESTARTSYS, [[9, SIGTTIN]]]);
  });

  test("if it ignores that or its group is orphaned, the read is EIO", () => {
    caller = makeCaller({ pgid: 9, ignores: () => true });
    expect(read()).toBe(-EIO);
    caller = makeCaller({ pgid: 9, isGroupOrphaned: () => true });
    expect([read(), signals]).toEqual([-EIO, []]);
  });

  test("the foreground group is read and set by ioctl, within the session", () => {
    new DataView(memory.bytes.buffer).setInt32(0, 77, true);
    expect(ioctl(TIOCSPGRP)).toBe(0);
    expect([tty.foregroundPgid, ioctl(TIOCGPGRP), memory.bytes[0]]).toEqual([77, 0, 77]);
    caller = makeCaller({ sid: 5 });
    expect(ioctl(TIOCGPGRP)).toBe(-ENOTTY);
  });

  test("when the session ends, its foreground group hangs up", () => {
    tty.endSession(1);
    expect([signals[0], tty.session]).toEqual([[1, SIGHUP], 0]);
  });
});

test("a character written in two pieces appears whole", () => {
  const [first, ...rest] = new TextEncoder().encode("é!");
  ops.write?.(file, 0, Uint8Array.of(first as number), caller);
  expect(screen).toBe("");
  ops.write?.(file, 0, Uint8Array.from(rest), caller);
  expect(screen).toBe("é!");
});
