/**
 * Completes package-lock.json after `npm install` ran on a registry that lacks the packages of other
 * platforms: npm then leaves them out, and `npm ci` refuses the lock file everywhere. Each missing
 * optional package gets an entry with its version and the platform that its name says; npm fetches
 * it only where that platform is.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const FILE = "package-lock.json";

/** `@rollup/rollup-linux-arm64-musl` to os, cpu and libc. */
function platformOf(name: string): Readonly<Record<string, readonly string[]>> | undefined {
  const match =
    /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-(\w+))?$/.exec(
      name,
    );
  if (match === null) return undefined;
  const [, os = "", cpu = "", abi = ""] = match;
  const libc = os !== "linux" ? "" : abi.startsWith("musl") ? "musl" : abi === "gnu" ? "glibc" : "";
  return { cpu: [cpu], ...(libc === "" ? {} : { libc: [libc] }), os: [os] };
}

const lock = JSON.parse(readFileSync(FILE, "utf8")) as LockFile;
const packages: Record<string, unknown> = { ...lock.packages };
for (const { dev, optionalDependencies = {} } of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (path in packages || platform === undefined || !/^\d/.test(version)) continue;
    packages[path] = { version, ...(dev ? { dev } : {}), optional: true, ...platform };
    process.stdout.write(`added ${name} ${version}\n`);
  }
}
const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
