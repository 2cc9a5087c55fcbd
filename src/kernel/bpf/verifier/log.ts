/**
 * The verifier's log: what it looked at, instruction by instruction, with the source line each came
 * from, and in the end why it said no. The last lines are the ones that are kept.
 *
 * Source: kernel/bpf/log.c, 6.16 (bpf_verifier_vlog keeps the end since 6.4).
 */

/** Where an instruction came from. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export class VerifierLog {
  readonly #lines: string[] = [];
  readonly #linesMax: number;
  readonly #sources: ReadonlyMap<number, SourceLine>;
  #lastSource: SourceLine | undefined;

  /** `sources` tells the line that begins at a slot. */
  constructor(sources: ReadonlyMap<number, SourceLine>, linesMax: number) {
    this.#sources = sources;
    this.#linesMax = linesMax;
  }

  add(text: string): void {
    if (this.#linesMax === 0) return;
    this.#lines.push(text);
    if (this.#lines.length > 2 * this.#linesMax) this.#lines.splice(0, this.#linesMax);
  }

  /** Says which source line comes now, if it is another than before. */
  source(slot: number): void {
    const source = this.#sources.get(slot);
    if (source === undefined || source === this.#lastSource) return;
    this.#lastSource = source;
    this.add(`; ${source.text} @ ${source.file}:${source.line}`);
  }

  /** The source line that an instruction belongs to. */
  sourceOf(slot: number): SourceLine | undefined {
    for (let at = slot; at >= 0; at--) {
      const source = this.#sources.get(at);
      if (source !== undefined) return source;
    }
    return undefined;
  }

  text(): string {
    return this.#lines
      .slice(-this.#linesMax)
      .map((line) => `${line}\n`)
      .join("");
  }
}
