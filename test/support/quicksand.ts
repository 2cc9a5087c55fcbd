/** The built command, as a user runs it, in a folder that is gone afterwards. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { TEST_CACHE_HOME } from "./worker-setup.ts";

const CLI = resolve("dist/cli.js");

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export class Desk {
  readonly folder: string = mkdtempSync(join(tmpdir(), "quicksand-"));
  readonly #cacheHome: string;

  constructor(cacheHome: string = TEST_CACHE_HOME) {
    this.#cacheHome = cacheHome;
  }

  run(...args: readonly string[]): Outcome {
    return this.type("", ...args);
  }

  /** Runs it with `input` on its standard input. */
  type(input: string, ...args: readonly string[]): Outcome {
    const env = {
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      XDG_CACHE_HOME: this.#cacheHome,
    };
    const { status, stdout, stderr } = spawnSync("node", [CLI, ...args], {
      encoding: "utf8",
      cwd: this.folder,
      env,
      input,
      maxBuffer: 1e8,
    });
    return { status, out: stdout, err: stderr };
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  write(name: string, text: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  /** Changes one place of a file, which has to be there. */
  edit(name: string, before: string | RegExp, after: string): void {
    const text = this.read(name);
    const edited = text.replace(before, () => after);
    if (edited === text) throw new Error(`${name} has no ${before}`);
    this.write(name, edited);
  }

  files(): readonly string[] {
    return readdirSync(this.folder).sort();
  }

  clear(): void {
    rmSync(this.folder, { recursive: true });
  }
}
