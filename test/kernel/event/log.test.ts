import { describe, expect, test } from "vitest";
import {
  EVENT_FIELDS,
  EVENT_KINDS,
  type KernelEvent,
} from "../../../src/kernel/event/catalogue.ts";
import { EventLog, KIND } from "../../../src/kernel/event/log.ts";

const stamped = (): EventLog => {
  const log = new EventLog();
  log.attachStamp({ now: 7, tid: 3 });
  return log;
};

describe("the event log", () => {
  test("keeps an event as its kind's fields, stamped with time and task", () => {
    const log = stamped();
    log.keep("signal-send");
    log.emitNumbers(KIND["signal-send"], 12, 9, 0);
    expect(log.events).toEqual([
      { seq: 1, t: 7, tid: 3, kind: "signal-send", target: 12, sig: 9, code: 0 },
    ]);
  });

  test("makes no object of a kind that nobody asked for, but hashes it", () => {
    const log = stamped();
    const before = log.hash();
    log.emit("printk", 6, "hello");
    expect(log.events).toEqual([]);
    expect(log.hash()).not.toBe(before);
  });

  test("hashes the same whether events are kept or not", () => {
    const [kept, unkept] = [stamped(), stamped()];
    kept.keep();
    for (const log of [kept, unkept]) {
      log.emit("exec", "/bin/ls", "ls -l", 4);
      log.emitNumbers(KIND.exit, 256);
    }
    expect(kept.hash()).toBe(unkept.hash());
  });

  test("tells apart histories that differ in one argument", () => {
    const [one, other] = [stamped(), stamped()];
    one.emit("printk", 6, "ab");
    other.emit("printk", 6, "ba");
    expect(one.hash()).not.toBe(other.hash());
  });

  test("calls a listener for its kind alone, until it is taken off", () => {
    const log = stamped();
    const seen: KernelEvent[] = [];
    const stop = log.on("exit", (event) => seen.push(event));
    log.emitNumbers(KIND.exit, 0);
    log.emitNumbers(KIND.reap, 3, 0);
    stop();
    log.emitNumbers(KIND.exit, 1);
    expect(seen.map((event) => event.kind)).toEqual(["exit"]);
  });

  test("has room for every kind's fields in one numbers-only event", () => {
    for (const kind of EVENT_KINDS)
      expect(Object.keys(EVENT_FIELDS[kind]).length).toBeLessThanOrEqual(7);
  });
});
