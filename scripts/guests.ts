/**
 * The C programs of the repository that run on the machine, and the ELF files they are built into:
 * where they are, what they are built from, and with which command. The files are kept in the
 * repository, so that nobody needs a compiler to run them; a digest of all that goes into one says
 * when it is stale.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const HEADERS = `${ROOT}programs`;

/** A folder of C programs and their header, beside programs/guest.h. */
export interface GuestFolder {
  readonly folder: string;
  readonly headers: readonly string[];
}

export const GUEST_FOLDERS: readonly GuestFolder[] = [
  { folder: "programs", headers: ["programs/guest.h"] },
  {
    folder: "test/conformance/abi",
    headers: ["programs/guest.h", "test/conformance/abi/harness.h"],
  },
];

export const RISCV_COMPILER = "riscv64-linux-gnu-gcc";
export const HOST_COMPILER = "gcc";

const FLAGS: readonly string[] = [
  "-Wall",
  "-Wno-unused",
  "-Wno-int-conversion",
  "-Wno-return-type",
  "-Wno-parentheses",
  "-ffreestanding",
  "-fno-builtin",
  "-fno-stack-protector",
  "-fno-strict-aliasing",
  "-fno-pic",
  "-no-pie",
  "-nostdlib",
  "-static",
  "-Wl,--build-id=none",
  "-Wl,-z,noseparate-code",
];
const RISCV_FLAGS: readonly string[] = ["-O2", "-march=rv64gc", "-mabi=lp64d"];
const HOST_FLAGS: readonly string[] = ["-O1", "-fcf-protection=none"];

/** The compiler's arguments that make `output` of a program. */
export const compileArguments = (
  source: string,
  output: string,
  target: "riscv64" | "host",
): string[] => [
  ...FLAGS,
  ...(target === "host" ? HOST_FLAGS : RISCV_FLAGS),
  `-I${HEADERS}`,
  "-o",
  output,
  source,
];

/** Names of the programs of a folder, sorted. */
export const programNames = (folder: string): readonly string[] =>
  readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith(".c"))
    .map((file) => file.slice(0, -2))
    .sort();

export const sourceOf = (folder: string, name: string): string => `${ROOT}${folder}/${name}.c`;
export const builtOf = (folder: string, name: string): string => `${ROOT}${folder}/built/${name}`;
export const digestsOf = (folder: string): string => `${ROOT}${folder}/built/digests.json`;

/** What the file of a program was built from: source, headers and flags. */
export function sourceDigest({ folder, headers }: GuestFolder, name: string): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([...FLAGS, ...RISCV_FLAGS]));
  for (const header of headers) hash.update(readFileSync(`${ROOT}${header}`));
  return hash
    .update(readFileSync(sourceOf(folder, name)))
    .digest("hex")
    .slice(0, 16);
}

/** The digests that the built files were made with, by name. */
export const builtDigests = (folder: string): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(digestsOf(folder), "utf8")) as Record<string, string>;
