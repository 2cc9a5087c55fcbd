/**
 * The time cursor: how many events of the log have happened, as the learner sees it. It either
 * follows the newest event or stays where it was put; moving it never runs the machine.
 */

export interface Cursor {
  /** Events seen; between 0 and the log's length. */
  readonly position: number;
  /** Whether new events take the cursor along. */
  readonly following: boolean;
}

export const AT_START: Cursor = { position: 0, following: true };

const clamp = (position: number, length: number): number => Math.max(0, Math.min(position, length));

/** The cursor at `position`; at the end of the log it follows again. */
export function moveTo(position: number, length: number): Cursor {
  const at = clamp(Math.round(position), length);
  return { position: at, following: at === length };
}

/** The cursor `by` events later, earlier if negative. */
export function moveBy(cursor: Cursor, by: number, length: number): Cursor {
  return moveTo(cursor.position + by, length);
}

/** The cursor after the log grew to `length`. */
export function follow(cursor: Cursor, length: number): Cursor {
  return cursor.following ? { position: length, following: true } : cursor;
}

/** How many of `events`, whose `seq` rises, are at or before `seq`. */
export function positionOf(events: readonly { readonly seq: number }[], seq: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.seq ?? Number.POSITIVE_INFINITY) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
