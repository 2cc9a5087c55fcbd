import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boot } from "#kernel";
import { EINVAL, ENOEXEC } from "../../../src/kernel/abi/errno.ts";
import { parseElf } from "../../../src/kernel/exec/elf.ts";
import { EMPTY_RELEASE } from "../../support/bare-machine.ts";
import { buildElf } from "../../support/elf-builder.ts";

const CODE = 0x10000;
/** write(1, sp, 0) fails nowhere; exit(a0 + 7). */
const WORDS = [0x00700513, 0x05d00893, 0x00000073];
const code = new Uint8Array(new Int32Array(WORDS).buffer);
const image = (): Uint8Array => buildElf(CODE, [{ vaddr: CODE, bytes: code, flags: 5 }]);

/** Boots with the file as init; pid 1's wait status, or the panic when it could not start. */
function bootWith(bytes: Uint8Array): { status: number | undefined; panic: string | undefined } {
  const machine = boot({
    image: EMPTY_RELEASE,
    seed: 1,
    root: { "/sbin/init": bytes },
    evaluate: () => undefined,
  });
  machine.log.keep();
  machine.slice({ untilNs: 1e9, eventsMax: 1e5, atInput: false });
  const { events } = machine.log;
  const exit = events.find((event) => event.kind === "exit");
  const panic = events.find((event) => event.kind === "panic");
  return {
    status: exit?.kind === "exit" ? exit.status : undefined,
    panic: panic?.kind === "panic" ? panic.text : undefined,
  };
}

describe("an ELF file", () => {
  test("runs on the hart and exits with its own status", () => {
    expect(bootWith(image()).status).toBe(7 << 8);
  });

  test("dies of SIGILL, SIGSEGV or SIGTRAP where an instruction fails", () => {
    const one = (word: number): Uint8Array =>
      buildElf(CODE, [
        { vaddr: CODE, bytes: new Uint8Array(new Int32Array([word]).buffer), flags: 5 },
      ]);
    expect((bootWith(one(0)).status as number) & 127).toBe(4);
    expect((bootWith(one(0x00002003)).status as number) & 127).toBe(11);
    expect((bootWith(one(0x00100073)).status as number) & 127).toBe(5);
  });

  test("is refused when it is cut short, of another machine, or overlaps itself", () => {
    expect(parseElf(image().subarray(0, 63))).toBe(-ENOEXEC);
    const other = image();
    other[18] = 62;
    expect(parseElf(other)).toBe(-ENOEXEC);
    const segment = { vaddr: CODE, bytes: code, flags: 5 };
    expect(parseElf(buildElf(CODE, [segment, { ...segment, vaddr: CODE + 8 }]))).toBe(-EINVAL);
  });

  test("whatever is done to its headers, gives an errno or segments that can be mapped", () => {
    const change = fc.tuple(fc.nat(119), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = image();
        for (const [at, byte] of changes) bytes[at] = byte;
        const parsed = parseElf(bytes);
        if (typeof parsed === "number") expect(parsed).toBeLessThan(0);
        else bootWith(bytes);
      }),
      { numRuns: 100 },
    );
  });
});
