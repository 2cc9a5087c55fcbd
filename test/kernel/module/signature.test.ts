import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TAINT_UNSIGNED_MODULE } from "../../../src/kernel/lib/taint.ts";
import { keyId, type ModuleKey, signatureText } from "../../../src/kernel/module/signature.ts";
import type { MachinePolicy } from "../../../src/kernel/task/policy.ts";
import { koOf, makeMachine } from "./fixtures.ts";

interface Pair {
  readonly secret: KeyObject;
  readonly key: ModuleKey;
}

function makePair(name: string): Pair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const { n = "" } = publicKey.export({ format: "jwk" });
  const modulus = Buffer.from(n, "base64url").toString("hex");
  return { secret: privateKey, key: { name, modulus, exponent: 65537 } };
}

const OWNER = makePair("owner");
const STRANGER = makePair("stranger");
const MODULE = koOf("function f() { }");

function sign(module: string, { secret, key }: Pair, more: { readonly algorithm?: string } = {}) {
  const signature = createSign("sha256").update(module).sign(secret).toString("hex");
  const names = { algorithm: "RSA", signer: key.name, hash: "sha256", ...more };
  return module + signatureText({ ...names, key: keyId(key), signature });
}

const SIGNED = sign(MODULE, OWNER);

function attempt(policy: Partial<MachinePolicy>, ko: string | Uint8Array, flags = 0) {
  const { load, lines, kernel } = makeMachine(policy, [OWNER.key]);
  return { result: load(ko, "", flags), lines, taint: kernel.taint };
}

const ENFORCING = { checksSignatures: true, enforcesSignatures: true };
const CHECKING = { checksSignatures: true };
const LOCKED = { checksSignatures: true, lockdown: "integrity" } as const;

describe("a kernel that enforces signatures", () => {
  test("takes what a key that it trusts has signed, and is not tainted by it", () => {
    expect(attempt(ENFORCING, SIGNED)).toEqual({ result: 0, lines: [], taint: 0 });
  });

  test.each([
    ["unsigned", MODULE, "Loading of unsigned module is rejected"],
    [
      "signed by a stranger",
      sign(MODULE, STRANGER),
      "Loading of module with unavailable key is rejected",
    ],
    [
      "signed in a way that it does not know",
      sign(MODULE, OWNER, { algorithm: "PKCS#7" }),
      "Loading of module with unsupported crypto is rejected",
    ],
    [
      "stripped of its signature",
      SIGNED.slice(0, SIGNED.indexOf("sig_id=")),
      "Loading of unsigned module is rejected",
    ],
    ["cut off", SIGNED.slice(0, -5), "Loading of unsigned module is rejected"],
  ])("refuses what is %s: EKEYREJECTED", (_how, ko, line) => {
    expect(attempt(ENFORCING, ko)).toEqual({ result: -129, lines: [line], taint: 0 });
  });

  test("refuses to force a signed module: without its versions it is not what was signed", () => {
    const { result, lines } = attempt(ENFORCING, SIGNED, 1);
    expect([result, ...lines]).toEqual([-129, "Loading of unsigned module is rejected"]);
  });
});

describe("a kernel that only checks", () => {
  test.each([
    ["unsigned", MODULE],
    ["signed by a stranger", sign(MODULE, STRANGER)],
  ])("takes what is %s, and is tainted by it", (_how, ko) => {
    expect(attempt(CHECKING, ko)).toEqual({
      result: 0,
      lines: [
        "counter: module verification failed: signature and/or required key missing - tainting kernel",
      ],
      taint: TAINT_UNSIGNED_MODULE,
    });
  });

  test("still refuses a signature that is not of this file: EKEYREJECTED", () => {
    const forged = SIGNED.replace("function f() { }", "function g() { }");
    expect(attempt(CHECKING, forged)).toEqual({ result: -129, lines: [], taint: 0 });
  });

  test("still refuses a signature that is nonsense: EBADMSG", () => {
    for (const bad of [
      SIGNED.replace(/sig_len=\d+/, "sig_len=999999"),
      SIGNED.replace(/sig_len=\d+/, "sig_len=-1"),
      SIGNED.replace(/sig_len=(\d)/, "sig_len=1"),
      SIGNED.replace(/^signature=../m, "signature=zz"),
      SIGNED.replace(/^sig_key=/m, "key="),
    ])
      expect(attempt(CHECKING, bad).result).toBe(-74);
  });
});

test("under lockdown an unsigned module is EPERM, a signed one is welcome", () => {
  expect(attempt(LOCKED, MODULE)).toEqual({
    result: -1,
    lines: ["Lockdown: insmod: unsigned module loading is restricted; see man kernel_lockdown.7"],
    taint: 0,
  });
  expect(attempt(LOCKED, SIGNED).result).toBe(0);
});

test("a kernel that does not look takes a signed module like any other", () => {
  expect(attempt({}, SIGNED)).toEqual({ result: 0, lines: [], taint: 0 });
  expect(attempt({}, `${SIGNED}more`).result).toBe(-8);
});

test("no change of a signed file is taken by who enforces, and none is an exception", () => {
  const bytes = Buffer.from(SIGNED);
  const edit = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) });
  fc.assert(
    fc.property(edit, ({ at, to }) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = to;
      // Whose name stands beside the signature is nobody's promise, as in Linux.
      const isSigner = /^signer=.*$/m.exec(SIGNED);
      const from = isSigner?.index ?? 0;
      fc.pre(bytes[at] !== to && !(at >= from && at < from + (isSigner?.[0].length ?? 0)));
      expect(attempt(ENFORCING, changed).result).not.toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("modules_disabled shuts the door both ways", () => {
  const { load, unload, kernel } = makeMachine();
  expect(load(koOf("function f() { }", "[.init]\nexit=f"))).toBe(0);
  kernel.security.modulesDisabled = true;
  expect([unload("counter"), load(koOf("function f() { }", "", "other"))]).toEqual([-1, -1]);
});
