import { expect, test } from "vitest";
import { boot, bootLoaderFile, policyOf, readCommandLine } from "#kernel";
import { defineProgram } from "#userland";
import { imageOf } from "../../support/images.ts";

const policy = (text: string): ReturnType<typeof policyOf> => policyOf({}, readCommandLine(text));
const complaints = (text: string): readonly string[] =>
  readCommandLine(text).complaints.map(([, line]) => line);

test.each([
  ["module.sig_enforce", { enforcesSignatures: true }],
  ["module.sig-enforce=on", { enforcesSignatures: true }],
  ["module.sig_enforce=1 module.sig_enforce=n", { enforcesSignatures: false }],
  ["lockdown=integrity", { lockdown: "integrity" }],
  ["oops=panic panic_on_warn=1", { panicOnOops: true, panicOnWarn: true }],
  ["oops=halt panic_on_warn=0", { panicOnOops: false, panicOnWarn: false }],
  ["sysctl.kernel.modules_disabled=1", { modulesDisabled: true }],
  ["sysctl.kernel.panic_on_warn=1", { panicOnWarn: true }],
  ["-- lockdown=integrity", { lockdown: "none" }],
])("%s is understood", (text, expected) => {
  expect(policy(text)).toMatchObject(expected);
  expect(complaints(text)).toEqual([]);
});

test.each([
  ["lockdown=strict", "Malformed early option 'lockdown'"],
  ["lockdown=none", "Malformed early option 'lockdown'"],
  ["oops", "Malformed early option 'oops'"],
  [
    "module.sig_enforce=maybe",
    "Booting kernel: `maybe' invalid for parameter `module.sig_enforce'",
  ],
  ["panic_on_warn", "Booting kernel: `' invalid for parameter `panic_on_warn'"],
  ["panic_on_warn=yes", "Booting kernel: `yes' invalid for parameter `panic_on_warn'"],
  [
    "sysctl.kernel.modules_disabled=2",
    "Failed to set sysctl parameter 'kernel.modules_disabled=2': invalid value",
  ],
  ["sysctl.kernel.x=1", "Failed to set sysctl parameter 'kernel.x=1': parameter not found"],
])("%s changes nothing, and is complained of", (text, complaint) => {
  expect(policy(text)).toEqual(policy(""));
  expect(complaints(text)).toEqual([complaint]);
});

test("unknown words are handed to init, those of modules and those without effect are not", () => {
  const line = readCommandLine("quiet mood=good single kvm.mode=none console=ttyS0 -- verbose a=b");
  expect(line.argv).toEqual(["single", "verbose", "a=b"]);
  expect(line.envp).toEqual(["mood=good"]);
  expect(line.complaints).toEqual([
    [5, 'Unknown kernel command line parameters "single mood=good", will be passed to user space.'],
  ]);
});

test("init has what it was booted with, and after that what the kernel handed on", () => {
  const seen: (readonly string[])[] = [];
  const init = defineProgram("init", function* (p) {
    seen.push(p.argv, p.environ());
    yield* p.sys.reboot(0x4321fedc);
    return 0;
  });
  const machine = boot({
    image: imageOf("v2.6.32"),
    seed: 1,
    root: { "/sbin/init": init, ...bootLoaderFile("single mood=good") },
    init: ["/sbin/init", "first"],
    // biome-ignore lint/security/noGlobalEval: tests stand in for the host's compartment.
    evaluate: (source) => globalThis.eval(source) as unknown,
  });
  machine.slice({ untilNs: 1e10, eventsMax: 100_000, atInput: false });
  expect(seen).toEqual([
    ["/sbin/init", "first", "single"],
    expect.arrayContaining(["TERM=linux", "mood=good"]),
  ]);
});
