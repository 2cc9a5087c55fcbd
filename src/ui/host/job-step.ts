/** What jobs of every kind say. Each message is also the worker's heartbeat. */

/** The next thing to be done. */
export interface Step {
  readonly kind: "step";
  readonly doing: string;
  /** The learner's file, if the learner's code runs in it. */
  readonly file?: string;
}

/** Something that was noticed on the way and stops nobody. */
export interface Remark {
  readonly kind: "remark";
  readonly text: string;
}
