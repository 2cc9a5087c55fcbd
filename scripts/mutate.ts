/**
 * `npm run test:mutate -- [PROGRAM...]`: breaks one behaviour of the kernel at a time, in a copy of the
 * sources, and expects the conformance program that tests it to disagree with Linux. A program that
 * does not is said, and makes the command fail.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTATIONS, type Mutation } from "../test/conformance/mutations.ts";
import { FOLDER } from "../test/support/conformance.ts";
import { programNames } from "./guests.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COPIED = ["src", "scripts", "test/support", "test/conformance", "programs", "package.json"];

const named = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ program }) => named.length === 0 || named.includes(program));

/** A copy of what a conformance run needs. */
function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), "quicksand-mutate-"));
  for (const path of COPIED) cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  symlinkSync(join(ROOT, "dist"), join(copy, "dist"));
  return copy;
}

/** What is said of a program's run in a copy; a kernel that does not even load says something else. */
const run = (copy: string, program: string): Promise<string> =>
  new Promise((done) => {
    const args = ["--import", "tsx", "-C", "source", "scripts/conformance.ts", program];
    const child = spawn("node", args, { cwd: copy, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.on("close", () => done(said));
  });

async function isNoticed(
  copy: string,
  { program, file, before, after }: Mutation,
): Promise<boolean> {
  const path = join(copy, "src/kernel", file);
  const original = readFileSync(path, "utf8");
  if (original.split(before).length !== 2) {
    process.stdout.write(`${program}: ${file} does not have this once: ${before}\n`);
    return false;
  }
  writeFileSync(
    path,
    original.replace(before, () => after),
  );
  const said = await run(copy, program);
  writeFileSync(path, original);
  if (said.includes("0 of 1 agree")) return true;
  process.stdout.write(`${program}: does not notice that ${file} lost: ${before}\n`);
  return false;
}

/** Takes mutations off a common list until it is empty. Answers how many went unnoticed. */
async function work(queue: Mutation[]): Promise<number> {
  const copy = makeCopy();
  let unnoticed = 0;
  try {
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      if (!(await isNoticed(copy, next))) unnoticed++;
  } finally {
    rmSync(copy, { recursive: true });
  }
  return unnoticed;
}

const queue = [...chosen];
const workers = Array.from({ length: Math.min(4, availableParallelism()) }, () => work(queue));
const unnoticed = (await Promise.all(workers)).reduce((sum, count) => sum + count, 0);
const untested = programNames(FOLDER).filter(
  (name) => !MUTATIONS.some(({ program }) => program === name),
);
for (const name of untested) process.stdout.write(`${name}: nothing is broken for it\n`);
process.stdout.write(`${chosen.length - unnoticed} of ${chosen.length} broken kernels noticed\n`);
if (unnoticed + untested.length > 0) process.exitCode = 1;
