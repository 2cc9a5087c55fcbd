import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { assembleProgram, verifyPlain } from "../../../support/bpf-verifier.ts";

/**
 * A program and what becomes of it: `message` is the refusal, word for word; `post` are pieces of
 * the log that say what is known after an instruction. A program without `message` is accepted.
 */
interface Case {
  readonly case: string;
  readonly code: string;
  readonly message?: string;
  readonly post?: readonly string[];
}

const FOLDER = new URL("./cases/", import.meta.url);

describe.each(readdirSync(FOLDER))("%s", (file) => {
  const cases = parse(readFileSync(new URL(file, FOLDER), "utf8")) as readonly Case[];

  test.each(cases)("$case", ({ code, message, post = [] }) => {
    const verified = verifyPlain(assembleProgram(code), 1000);
    const said = verified.ok ? "accepted" : `${verified.slot}: ${verified.message}`;
    expect(said).toBe(message ?? "accepted");
    for (const line of post) expect(verified.log).toContain(line);
  });
});
