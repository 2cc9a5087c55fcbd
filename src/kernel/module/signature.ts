/**
 * Signed modules: what is appended to a module file by sign-file, and whether a key that the kernel
 * trusts has made it.
 *
 *     ...the module, up to its last byte...
 *     sig_id=RSA
 *     signer=Machine owner key
 *     sig_key=HEX               which key, 20 bytes
 *     sig_hashalgo=sha256
 *     signature=HEX
 *     sig_len=NUMBER            bytes of the lines above
 *     ~Module signature appended~
 *
 * Source: kernel/module/signing.c, kernel/module_signature.c, include/linux/module_signature.h of 6.1;
 * RFC 8017, section 8.2.2 (RSASSA-PKCS1-v1_5). Left out: PKCS#7 and certificates around the
 * signature, other algorithms, revocation.
 */
import { EBADMSG, EKEYREJECTED, ENODATA, ENOKEY, ENOPKG } from "../abi/errno.ts";
import { sha256 } from "../lib/sha256.ts";
import { decodeUtf8, encodeUtf8 } from "../lib/text.ts";

export const MODULE_SIG_STRING = "~Module signature appended~\n";

/** A public key that the kernel trusts. */
export interface ModuleKey {
  /** Whose it is. */
  readonly name: string;
  /** Hexadecimal, the highest byte first. */
  readonly modulus: string;
  readonly exponent: number;
}

/** A signature as the file has it; `key` and `signature` are hexadecimal. */
export interface ModuleSignature {
  readonly algorithm: string;
  readonly signer: string;
  readonly key: string;
  readonly hash: string;
  readonly signature: string;
}

const KEY_ID_BYTES = 20;
const HEX = /^(?:[0-9a-f]{2})+$/;
/** DigestInfo of SHA-256 in DER, up to the digest: RFC 8017, section 9.2, note 1. */
const SHA256_DIGEST_INFO = "3031300d060960864801650304020105000420";

const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** What a signature calls a key by. */
export const keyId = ({ modulus }: Pick<ModuleKey, "modulus">): string =>
  toHex(sha256(fromHex(modulus)).subarray(0, KEY_ID_BYTES));

/** The text that sign-file appends. */
export function signatureText(signature: ModuleSignature): string {
  const { algorithm, signer, key, hash, signature: value } = signature;
  const lines = [
    `sig_id=${algorithm}`,
    `signer=${signer.replaceAll("\n", " ")}`,
    `sig_key=${key}`,
    `sig_hashalgo=${hash}`,
    `signature=${value}`,
  ];
  const body = `${lines.join("\n")}\n`;
  return `${body}sig_len=${encodeUtf8(body).length}\n${MODULE_SIG_STRING}`;
}

export interface TakenApart {
  /** The module without its signature. */
  readonly content: Uint8Array;
  /** `none`: the file does not say that it is signed. `bad`: it does, and the rest is nonsense. */
  readonly signature: ModuleSignature | "none" | "bad";
}

/** mod_check_sig() */
export function takeSignature(bytes: Uint8Array): TakenApart {
  const marker = encodeUtf8(MODULE_SIG_STRING);
  const end = bytes.length - marker.length;
  if (end < 0 || marker.some((byte, i) => bytes[end + i] !== byte))
    return { content: bytes, signature: "none" };
  const lengthStart = bytes.lastIndexOf(10, end - 2) + 1;
  const lengthLine = decodeUtf8(bytes.subarray(lengthStart, end));
  const length = Number(/^sig_len=(\d{1,6})\n$/.exec(lengthLine)?.[1] ?? Number.NaN);
  if (!(length <= lengthStart)) return { content: bytes, signature: "bad" };
  const content = bytes.subarray(0, lengthStart - length);
  const text = decodeUtf8(bytes.subarray(lengthStart - length, lengthStart));
  return { content, signature: readFields(text) ?? "bad" };
}

function readFields(text: string): ModuleSignature | undefined {
  const pattern = /^sig_id=(.*)\nsigner=(.*)\nsig_key=(.*)\nsig_hashalgo=(.*)\nsignature=(.*)\n$/;
  const match = pattern.exec(text);
  const [, algorithm = "", signer = "", key = "", hash = "", signature = ""] = match ?? [];
  return HEX.test(key) && HEX.test(signature)
    ? { algorithm, signer, key, hash, signature }
    : undefined;
}

/** mod_verify_sig(): 0, or why not as -errno; -ENODATA is "unsigned". */
export function verifySignature(
  { content, signature }: TakenApart,
  keys: readonly ModuleKey[],
): number {
  if (signature === "none") return -ENODATA;
  if (signature === "bad") return -EBADMSG;
  if (signature.algorithm !== "RSA" || signature.hash !== "sha256") return -ENOPKG;
  const key = keys.find((each) => keyId(each) === signature.key);
  if (key === undefined) return -ENOKEY;
  return isMadeBy(key, content, signature.signature) ? 0 : -EKEYREJECTED;
}

/** RSASSA-PKCS1-v1_5: the whole encoded message is compared, padding included. */
function isMadeBy(key: ModuleKey, content: Uint8Array, signature: string): boolean {
  if (signature.length !== key.modulus.length) return false;
  const tail = `00${SHA256_DIGEST_INFO}${toHex(sha256(content))}`;
  const expected = `0001${tail.padStart(key.modulus.length - 4, "f")}`;
  const [n, s] = [BigInt(`0x${key.modulus}`), BigInt(`0x${signature}`)];
  if (s >= n) return false;
  const opened = modularPower(s, key.exponent, n).toString(16);
  return opened.padStart(key.modulus.length, "0") === expected;
}

function modularPower(base: bigint, exponent: number, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
