/**
 * Writes the generated documents; with --check it only says which are out of date.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { DOCUMENTS, isUpToDate } from "./documents.ts";

const check = process.argv.includes("--check");
mkdirSync("docs", { recursive: true });
for (const [file, make] of Object.entries(DOCUMENTS)) {
  if (isUpToDate(file)) continue;
  if (check) {
    process.stderr.write(`${file} is out of date: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, make());
    process.stdout.write(`wrote ${file}\n`);
  }
}
