/**
 * sign-file: appends a signature to a kernel module.
 *
 *     sign-file sha256 KEY CERTIFICATE MODULE [DEST]
 *
 * Source: scripts/sign-file.c of Linux 6.1. Like the compiler, who signs is not part of the userland:
 * whoever assembles the root file system hands it in. Left out: -p, -d and -s.
 */
import { O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY } from "#abi";
import type { ProgramImage } from "#kernel";
import { defineProgram } from "../libc/define-program.ts";
import type { Proc } from "../libc/proc.ts";
import type { UserCall } from "../libc/trap.ts";

/** What to append to `module`, or why it cannot be signed. */
export type ModuleSigner = (
  module: Uint8Array,
  key: string,
  certificate: string,
) =>
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

function* readBytes(p: Proc, path: string): UserCall<Uint8Array | number> {
  const fd = yield* p.sys.open(path, O_RDONLY);
  if (fd < 0) return fd;
  const bytes = yield* p.readAll(fd);
  yield* p.sys.close(fd);
  return bytes;
}

/** Signs `module` into `dest`; a message if that cannot be. */
export function* signFile(
  p: Proc,
  sign: ModuleSigner,
  files: { readonly key: string; readonly certificate: string; readonly module: string },
  dest: string,
): UserCall<string | null> {
  const [key, certificate] = [yield* p.readFile(files.key), yield* p.readFile(files.certificate)];
  const module = yield* readBytes(p, files.module);
  if (typeof key === "number") return `${files.key}: ${p.strerror(key)}`;
  if (typeof certificate === "number") return `${files.certificate}: ${p.strerror(certificate)}`;
  if (typeof module === "number") return `${files.module}: ${p.strerror(module)}`;
  const signed = sign(module, key, certificate);
  if (!signed.ok) return `${files.key}: ${signed.message}`;
  const fd = yield* p.sys.open(dest, O_WRONLY | O_CREAT | O_TRUNC);
  if (fd < 0) return `${dest}: ${p.strerror(fd)}`;
  yield* p.writeAll(fd, module);
  const written = yield* p.writeAll(fd, signed.text);
  yield* p.sys.close(fd);
  return written < 0 ? `${dest}: ${p.strerror(written)}` : null;
}

export function signFileProgram(sign: ModuleSigner): ProgramImage {
  return defineProgram("sign-file", function* (p) {
    const [algorithm, key, certificate, module, dest] = p.argv.slice(1);
    if (key === undefined || certificate === undefined || module === undefined) {
      yield* p.error("Usage: scripts/sign-file <hash algo> <key> <x509> <module> [<dest>]\n");
      return 2;
    }
    if (algorithm !== "sha256") {
      yield* p.error(`sign-file: ${algorithm}: unknown digest\n`);
      return 1;
    }
    const problem = yield* signFile(p, sign, { key, certificate, module }, dest ?? module);
    if (problem === null) return 0;
    yield* p.error(`sign-file: ${problem}\n`);
    return 1;
  });
}
