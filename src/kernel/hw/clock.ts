/**
 * Virtual time and its alarms. Time moves only when something is charged to it or when everybody
 * sleeps and it jumps to the next alarm.
 *
 * Left out: any tie to the wall clock; whoever paces a machine does so from outside.
 */
import type { Stamp } from "../event/log.ts";

/** Something to do at a moment of virtual time. */
interface Alarm {
  readonly deadline: number;
  readonly order: number;
  readonly ring: () => void;
  cancelled: boolean;
}

/** A handle to call an alarm off. */
export interface AlarmHandle {
  cancel(): void;
}

const before = (a: Alarm, b: Alarm): boolean =>
  a.deadline < b.deadline || (a.deadline === b.deadline && a.order < b.order);

export class Clock implements Stamp {
  /** Nanoseconds since boot. */
  now = 0;
  /** The task that time is charged to: the log's stamp. */
  tid = 0;
  /** When the next alarm is due, or Infinity. */
  nextDeadline: number = Number.POSITIVE_INFINITY;
  readonly #heap: Alarm[] = [];
  #order = 0;

  /** Calls `ring` once time has reached `deadline` (nanoseconds since boot). */
  alarm(deadline: number, ring: () => void): AlarmHandle {
    const entry: Alarm = { deadline, order: this.#order++, ring, cancelled: false };
    this.#push(entry);
    this.#refresh();
    return {
      cancel: () => {
        entry.cancelled = true;
        this.#refresh();
      },
    };
  }

  /** Rings every alarm that is due, in order of deadline, then of setting. */
  ringDue(): void {
    while (this.nextDeadline <= this.now) {
      const alarm = this.#pop();
      this.#refresh();
      alarm.ring();
    }
  }

  #refresh(): void {
    while (this.#heap[0]?.cancelled) this.#pop();
    this.nextDeadline = this.#heap[0]?.deadline ?? Number.POSITIVE_INFINITY;
  }

  #push(entry: Alarm): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (before(heap[up] as Alarm, entry)) break;
      heap[i] = heap[up] as Alarm;
      i = up;
    }
    heap[i] = entry;
  }

  #pop(): Alarm {
    const heap = this.#heap;
    const top = heap[0] as Alarm;
    const last = heap.pop() as Alarm;
    if (heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Alarm, heap[child] as Alarm))
        child++;
      if (before(last, heap[child] as Alarm)) break;
      heap[i] = heap[child] as Alarm;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
