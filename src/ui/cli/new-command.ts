/**
 * `quicksand new`: a first version of something of your own, which runs as it is.
 */
import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit-code.ts";
import { NEW_HOUSES, tracerFiles } from "./new-tracer.ts";
import { openCatalogue } from "./open-client.ts";
import { writeFileWhole, writeFolderWhole } from "./write-file.ts";

type House = (typeof NEW_HOUSES)[number];

export function addNewCommand(program: Command, context: CliContext): void {
  const group = program
    .command("new")
    .summary("start a scenario or a tracer of your own")
    .description("Writes the first version of something of your own.");
  group
    .command("scenario <name>")
    .description("Writes NAME.md, a scenario to fill in. quicksand run NAME.md plays it.")
    .action((name: string) => {
      const file = `${checkName(name)}.md`;
      refuseExisting(file);
      const { defaultRelease } = openCatalogue(context.places);
      writeFileWhole(file, scenarioTemplate(name, defaultRelease));
      context.terminal.out(`wrote ${file}: play it with "quicksand run ${file}"`);
    });
  group
    .command("tracer <name>")
    .description("Writes NAME/, a tracer that runs. quicksand run --tracer ./NAME runs it.")
    .addOption(
      new Option("--house <house>", "what it stands on")
        .choices(NEW_HOUSES)
        .default("quicksand" satisfies House),
    )
    .action((name: string, { house }: { readonly house: House }) => {
      const folder = checkName(name);
      // Its functions would be module_init and module_exit, which are taken.
      if (name === "module") throw usageError("QS1110", `a tracer cannot be called "${name}"`);
      refuseExisting(folder);
      const { defaultRelease } = openCatalogue(context.places);
      writeFolderWhole(folder, tracerFiles(name, house, defaultRelease));
      context.terminal.out(`wrote ${folder}/: run it with "quicksand run --tracer ./${folder}"`);
    });
}

/** A name becomes a file or folder name: letters, digits and dashes. */
function checkName(name: string): string {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return name;
  throw usageError(
    "QS1110",
    `"${name}" is no name`,
    "lower-case letters, digits and dashes, starting with a letter",
  );
}

/** Nothing that exists is written over. */
function refuseExisting(path: string): void {
  if (existsSync(path)) throw usageError("QS1111", `${path} exists already`, "choose another name");
}

const scenarioTemplate = (name: string, release: string): string => `---
title: ${name}
question: What does this scenario answer?
release: ${release}
seed: 1
minutes: 5
---

# ${name}

Say what the reader is about to see, then let the machine show it. The lines after a prompt are
typed; the lines below them must come out. \`quicksand run --update\` fills them in.

\`\`\`predict
question: Does this command succeed?
choices:
  - says: It does.
    when: syscall-enter
  - says: It does not.
    when: no syscall-enter
answer: 1
\`\`\`

\`\`\`console
$ uname -r
${release}
\`\`\`
`;
