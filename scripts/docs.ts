/**
 * Writes the generated documents; with --check it only says which are out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { eventSchema } from "../src/ui/export/event-schema.ts";

const DOCUMENTS: Readonly<Record<string, () => string>> = {
  "docs/event-schema.json": () => `${JSON.stringify(eventSchema(), null, 2)}\n`,
};

const check = process.argv.includes("--check");
mkdirSync("docs", { recursive: true });
for (const [file, make] of Object.entries(DOCUMENTS)) {
  const text = make();
  const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  if (before === text) continue;
  if (check) {
    process.stderr.write(`${file} is out of date: npm run docs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    process.stdout.write(`wrote ${file}\n`);
  }
}
