/**
 * Results in the user's cache folder: a file each, named by a digest of its key, written whole or not
 * at all, so that several workers may share a folder and an interrupted run leaves what it had.
 *
 * A file begins with a digest of the rest. One that does not bear it out is not trusted: the result
 * is made again, and a remark tells of it. A folder that cannot be written is no error either.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { ResultStore } from "#tracers";
import { checkedBody, digestOf, withDigest } from "./digest-file.ts";

export class ResultFolder implements ResultStore {
  readonly #folder: string;
  readonly #remarks: string[] = [];
  #isWritable = true;
  #files = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What was noticed since the last time this was asked. */
  takeRemarks(): readonly string[] {
    return this.#remarks.splice(0);
  }

  hash(content: string | Uint8Array): string {
    return digestOf(content);
  }

  get(key: string): unknown {
    const path = this.#pathOf(key);
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
    const body = checkedBody(text);
    if (body !== undefined) return JSON.parse(body);
    this.#remarks.push(`${path} is damaged: its result is made anew`);
    return undefined;
  }

  put(key: string, value: unknown): void {
    if (!this.#isWritable) return;
    const path = this.#pathOf(key);
    const text = withDigest(JSON.stringify(value));
    const temporary = `${path}.${process.pid}-${this.#files++}.part`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary, text);
      renameSync(temporary, path);
    } catch (error) {
      this.#isWritable = false;
      if (existsSync(temporary)) rmSync(temporary);
      const { code = "error" } = error as NodeJS.ErrnoException;
      this.#remarks.push(`${this.#folder} cannot be written (${code}): results are not kept`);
    }
  }

  /** Two letters of the digest are a folder, for file systems that dislike large ones. */
  #pathOf(key: string): string {
    const digest = digestOf(key);
    return join(this.#folder, digest.slice(0, 2), digest.slice(2));
  }
}

/** Lets the oldest results go when there are more than `max`. */
export function pruneResults(folder: string, max: number): void {
  const files: { readonly path: string; readonly ms: number }[] = [];
  for (const path of filesIn(folder)) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined) files.push({ path, ms: stat.mtimeMs });
  }
  if (files.length <= max) return;
  files.sort((a, b) => a.ms - b.ms);
  for (const { path } of files.slice(0, files.length - max)) rmSync(path, { force: true });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
