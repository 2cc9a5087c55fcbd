/**
 * `npm run conformance -- [NAME...]`: runs conformance programs on this host's Linux and in the
 * machine and shows where they differ; with --record, writes what Linux said.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffLines } from "diff";
import { EMPTY_RELEASE } from "../test/support/bare-machine.ts";
import {
  FOLDER,
  hostLog,
  hostObstacle,
  logPath,
  machineLog,
  recordedLog,
} from "../test/support/conformance.ts";
import { programNames } from "./guests.ts";

const record = process.argv.includes("--record");
const named = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
const names = named.length > 0 ? named : programNames(FOLDER);
const obstacle = hostObstacle();
if (record && obstacle !== undefined) {
  process.stderr.write(`nothing can be recorded here: ${obstacle}\n`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "quicksand-conformance-"));
mkdirSync(`${FOLDER}/logs`, { recursive: true });
try {
  let differing = 0;
  for (const name of names) {
    if (record) writeFileSync(logPath(name), hostLog(name, folder));
    const expected = recordedLog(name);
    const actual = machineLog(name, EMPTY_RELEASE);
    if (expected === actual) continue;
    differing++;
    process.stdout.write(`${name}\n`);
    for (const { added, removed, value } of diffLines(expected, actual))
      if (added || removed)
        process.stdout.write(value.replace(/^(?=.)/gm, added ? "  machine: " : "  Linux:   "));
  }
  process.stdout.write(`${names.length - differing} of ${names.length} agree\n`);
  if (differing > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
