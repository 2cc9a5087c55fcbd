/** What every job says: the next thing to be done. It is the worker's heartbeat, too. */
export interface Step {
  readonly kind: "step";
  readonly doing: string;
  /** The learner's file, if the learner's code runs in it. */
  readonly file?: string;
}
