/**
 * Any moment of a log in microseconds: a copy of the fold's state every thousand events, and at most
 * a thousand events applied to the nearest one before the moment asked for.
 */
import type { KernelEvent } from "#kernel";
import { applyEvent, copyState, type FoldState, initialState } from "./fold.ts";

/** Events between two checkpoints. */
const CHECKPOINT_EVENTS = 1000;

export class FoldIndex {
  readonly #events: readonly KernelEvent[];
  readonly #checkpoints: FoldState[] = [initialState()];
  #head: FoldState = initialState();
  #last: FoldState | undefined;

  /** `events` may grow after; it must not change otherwise. */
  constructor(events: readonly KernelEvent[]) {
    this.#events = events;
  }

  /** Folds what has been appended since the last call. */
  catchUp(): void {
    const events = this.#events;
    while (this.#head.position < events.length) {
      const event = events[this.#head.position];
      if (event === undefined) break;
      applyEvent(this.#head, event);
      if (this.#head.position % CHECKPOINT_EVENTS === 0)
        this.#checkpoints.push(copyState(this.#head));
    }
  }

  /** The state after the first `position` events. The result is the caller's to keep, not to change. */
  at(position: number): FoldState {
    this.catchUp();
    const wanted = Math.max(0, Math.min(position, this.#head.position));
    if (this.#last?.position === wanted) return this.#last;
    const state = this.#nearest(wanted);
    while (state.position < wanted) {
      const event = this.#events[state.position];
      if (event === undefined) break;
      applyEvent(state, event);
    }
    this.#last = state;
    return state;
  }

  /** A copy of the newest known state at or before `wanted`. */
  #nearest(wanted: number): FoldState {
    if (wanted === this.#head.position) return copyState(this.#head);
    const checkpoint = this.#checkpoints[Math.floor(wanted / CHECKPOINT_EVENTS)] ?? initialState();
    const last = this.#last;
    const closer =
      last !== undefined && last.position <= wanted && last.position > checkpoint.position;
    return copyState(closer ? last : checkpoint);
  }
}
