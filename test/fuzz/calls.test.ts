import { describe, expect, test } from "vitest";
import { boot } from "#kernel";
import { EMPTY_RELEASE } from "../support/bare-machine.ts";
import { randomCalls } from "../support/random-calls.ts";

/** QUICKSAND_FUZZ_CALLS=1000000 for the long run, QUICKSAND_FUZZ_SEED for another. */
const CALLS = Number(process.env["QUICKSAND_FUZZ_CALLS"] ?? 40_000);
const SEED = Number(process.env["QUICKSAND_FUZZ_SEED"] ?? 1);
const CALLS_A_MACHINE = 20_000;
const EVENTS_MAX = 20_000_000;

describe("random system calls of several processes and threads", () => {
  test(`leave the machine in order (${CALLS} calls from seed ${SEED})`, () => {
    for (let seed = SEED, left = CALLS; left > 0; seed++, left -= CALLS_A_MACHINE) {
      const made = { calls: 0 };
      const machine = boot({
        image: EMPTY_RELEASE,
        seed,
        root: {
          "/sbin/init": randomCalls(seed, Math.min(left, CALLS_A_MACHINE), made),
          "/tmp": { dir: true },
        },
        evaluate: () => undefined,
      });
      try {
        machine.slice({ untilNs: Number.POSITIVE_INFINITY, eventsMax: EVENTS_MAX, atInput: false });
      } catch (error) {
        throw new Error(`seed ${seed}, after ${made.calls} calls`, { cause: error });
      }
      expect({ seed, halt: machine.halt?.reason }).toEqual({ seed, halt: "poweroff" });
    }
  });
});
