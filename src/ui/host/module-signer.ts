/**
 * sign-file: signs module files with an RSA key, by node:crypto. The kernel's half, which verifies, is
 * src/kernel/module/signature.ts.
 *
 * Source: scripts/sign-file.c of 6.1. Left out: other algorithms than sha256, keys in tokens.
 */
import { createPrivateKey, createPublicKey, createSign, type KeyObject } from "node:crypto";
import { keyId, type ModuleKey, signatureText } from "#kernel";
import { MACHINE_OWNER, MACHINE_OWNER_KEY } from "./machine-owner-key.ts";

/** The public half of an RSA key, as the kernel keeps it. */
function trustedKey(name: string, key: KeyObject): ModuleKey {
  const { n = "", e = "" } = createPublicKey(key).export({ format: "jwk" });
  const hex = (text: string): string => Buffer.from(text, "base64url").toString("hex");
  return { name, modulus: hex(n), exponent: Number.parseInt(hex(e), 16) };
}

/** The certificate that goes with a key: its name, and its public half. */
function certificateOf(name: string, key: KeyObject): string {
  const pem = createPublicKey(key).export({ format: "pem", type: "spki" });
  return `subject=CN = ${name}\n${pem.toString()}`;
}

/** The keys that a machine trusts. */
export function trustedKeys(): readonly ModuleKey[] {
  return [trustedKey(MACHINE_OWNER, createPrivateKey(MACHINE_OWNER_KEY))];
}

/** The machine owner's key and certificate, where dkms keeps them. */
export function ownerFiles(): Readonly<Record<string, string>> {
  return {
    "/var/lib/dkms/mok.key": MACHINE_OWNER_KEY,
    "/var/lib/dkms/mok.pub": certificateOf(MACHINE_OWNER, createPrivateKey(MACHINE_OWNER_KEY)),
  };
}

export type SignResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** What is to be appended to a module. */
export function signModule(module: Uint8Array, keyPem: string, certificate: string): SignResult {
  const key = readKey(() => createPrivateKey(keyPem));
  if (key?.asymmetricKeyType !== "rsa")
    return { ok: false, message: "the key is no RSA key in PEM" };
  const name = /^subject=CN ?= ?(.+)$/m.exec(certificate)?.[1];
  const certified = readKey(() => createPublicKey(certificate.replace(/^subject=.*\n/m, "")));
  if (name === undefined || certified === undefined)
    return { ok: false, message: "the certificate cannot be read" };
  if (!createPublicKey(key).equals(certified))
    return { ok: false, message: "the key does not belong to the certificate" };
  const signature = createSign("sha256").update(module).sign(key).toString("hex");
  const text = signatureText({
    algorithm: "RSA",
    signer: name,
    key: keyId(trustedKey(name, key)),
    hash: "sha256",
    signature,
  });
  return { ok: true, text };
}

/** OpenSSL throws at what is no key. */
function readKey(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
