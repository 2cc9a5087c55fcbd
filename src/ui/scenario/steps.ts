/**
 * A scenario as a list of steps, each of which is played at once: a reader moves by them, and a
 * report is written from their results.
 */
import type { Diagnostic } from "../diagnostic.ts";
import type { Bug } from "../host/client.ts";
import type {
  Block,
  ConsoleBlock,
  ConsoleCommand,
  ExcerptBlock,
  FileBlock,
  PredictBlock,
  ProseBlock,
  Scenario,
} from "./scenario.ts";

export type Step =
  | { readonly kind: "read"; readonly block: ProseBlock }
  | { readonly kind: "command"; readonly block: ConsoleBlock; readonly command: ConsoleCommand }
  | { readonly kind: "ask"; readonly block: PredictBlock }
  /** After the console block that decides a prediction. */
  | { readonly kind: "reveal"; readonly block: PredictBlock; readonly deciding: ConsoleBlock }
  | { readonly kind: "excerpt"; readonly block: ExcerptBlock }
  | { readonly kind: "file"; readonly block: FileBlock };

/** The steps of one block; `asked` is the prediction that a console block decides. */
function stepsOfBlock(block: Block, asked: PredictBlock | undefined): readonly Step[] {
  switch (block.kind) {
    case "prose":
      return [{ kind: "read", block }];
    case "file":
      return [{ kind: "file", block }];
    case "predict":
      return [{ kind: "ask", block }];
    case "console": {
      const steps: Step[] = block.commands.map((command) => ({ kind: "command", block, command }));
      return asked === undefined
        ? steps
        : [...steps, { kind: "reveal", block: asked, deciding: block }];
    }
    default:
      return [{ kind: "excerpt", block }];
  }
}

/** The steps of a scenario, in order. */
export function stepsOf(scenario: Scenario): readonly Step[] {
  let asked: PredictBlock | undefined;
  return scenario.blocks.flatMap((block) => {
    const steps = stepsOfBlock(block, asked);
    if (block.kind === "predict") asked = block;
    else if (block.kind === "console") asked = undefined;
    return steps;
  });
}

/** What came of one step. */
export interface StepResult {
  readonly step: Step;
  readonly index: number;
  /** Event sequence numbers that the step made: all `seq` with first <= seq < end. */
  readonly firstSeq: number;
  readonly endSeq: number;
  readonly ok: boolean;
  /** What a failing step has to say besides its diff. */
  readonly message?: string;
  /** For commands and excerpts: the lines that came. */
  readonly actual?: readonly string[];
  /** For a reveal: indices of the choices that hold. */
  readonly holding?: readonly number[];
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly release: string;
  readonly seed: number;
  readonly ok: boolean;
  readonly results: readonly StepResult[];
  readonly logHash: string;
  /** The author's mistakes that only playing shows, such as an unknown release. */
  readonly diagnostics: readonly Diagnostic[];
  readonly bug: Bug | undefined;
}
