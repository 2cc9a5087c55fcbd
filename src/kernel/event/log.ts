/**
 * The event log: the ground truth of a run. Every event is hashed; it becomes an object only when
 * somebody asked for its kind, and otherwise leaves a trace in a bounded ring, for reports of our
 * own bugs.
 *
 * Left out: persistence. Writing events to a file is a reader's business.
 */
import { EventEmitter } from "eventemitter3";
import { Digest } from "../lib/digest.ts";
import {
  EVENT_FIELDS,
  EVENT_KINDS,
  type EventKind,
  type EventOf,
  type KernelEvent,
} from "./catalogue.ts";

/** Kind to its index in the catalogue, for emitters on the hot path. */
export const KIND: { readonly [K in EventKind]: number } = Object.fromEntries(
  EVENT_KINDS.map((kind, index) => [kind, index]),
) as { readonly [K in EventKind]: number };

const FIELD_NAMES: readonly (readonly string[])[] = EVENT_KINDS.map((kind) =>
  Object.keys(EVENT_FIELDS[kind]),
);

/** How many events the ring remembers when nobody keeps them. */
const RING_EVENTS = 256;

/** Where an event's stamp comes from; the scheduler keeps it current. */
export interface Stamp {
  /** Virtual nanoseconds since boot. */
  now: number;
  /** Task on the processor, 0 for the machine. */
  tid: number;
}

export class EventLog {
  /** Number of events so far, kept or not. */
  seq = 0;
  /** Kept events, oldest first. */
  readonly events: KernelEvent[] = [];
  readonly #digest = new Digest();
  readonly #wanted: Uint8Array = new Uint8Array(EVENT_KINDS.length);
  readonly #kept: Uint8Array = new Uint8Array(EVENT_KINDS.length);
  readonly #bus = new EventEmitter();
  readonly #ring: { seq: number; kind: string; values: readonly (number | string)[] }[] =
    Array.from({ length: RING_EVENTS }, () => ({ seq: 0, kind: "", values: [] }));
  #stamp: Stamp = { now: 0, tid: 0 };

  /** Takes time and task from `stamp` from now on: a machine does this as it boots. */
  attachStamp(stamp: Stamp): void {
    this.#stamp = stamp;
  }

  /** Keeps events of these kinds (all kinds without arguments) in `events`. */
  keep(...kinds: readonly EventKind[]): void {
    for (const kind of kinds.length === 0 ? EVENT_KINDS : kinds) {
      this.#kept[KIND[kind]] = 1;
      this.#wanted[KIND[kind]] = 1;
    }
  }

  /** Calls `listener` for every event of `kind`, as it happens. Returns the way to stop it. */
  on<K extends EventKind>(kind: K, listener: (event: EventOf<K>) => void): () => void {
    this.#bus.on(kind, listener);
    this.#wanted[KIND[kind]] = 1;
    return () => {
      this.#bus.off(kind, listener);
      this.#wanted[KIND[kind]] =
        this.#kept[KIND[kind]] || this.#bus.listenerCount(kind) > 0 ? 1 : 0;
    };
  }

  /** Records a fact. Values stand in catalogue order. */
  emit<K extends EventKind>(kind: K, ...values: (number | string)[]): void {
    const index = KIND[kind];
    this.#begin(index);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number | string;
      if (typeof value === "number") this.#digest.number(value);
      else this.#digest.text(value);
    }
    if (this.#wanted[index] === 1) this.#publish(index, values);
    else this.#remember(kind, values);
  }

  /** The same for kinds whose fields are all numbers, without an allocation. */
  emitNumbers(index: number, n0: number, n1 = 0, n2 = 0, n3 = 0, n4 = 0, n5 = 0, n6 = 0): void {
    this.#begin(index);
    const digest = this.#digest;
    digest.number(n0);
    digest.number(n1);
    digest.number(n2);
    digest.number(n3);
    digest.number(n4);
    digest.number(n5);
    digest.number(n6);
    if (this.#wanted[index] === 1) this.#publish(index, [n0, n1, n2, n3, n4, n5, n6]);
  }

  /** Digest of everything so far, as 16 hexadecimal digits. */
  hash(): string {
    return this.#digest.hex();
  }

  /** The last unkept events as text, oldest first, for a bug report. */
  recent(): readonly string[] {
    return this.#ring
      .filter(({ seq }) => seq > 0)
      .sort((a, b) => a.seq - b.seq)
      .map(({ seq, kind, values }) => `${seq} ${kind} ${values.join(" ")}`);
  }

  #begin(index: number): void {
    this.seq++;
    const digest = this.#digest;
    digest.word(index);
    digest.number(this.#stamp.now);
    digest.word(this.#stamp.tid);
  }

  #remember(kind: string, values: readonly (number | string)[]): void {
    const slot = this.#ring[this.seq % RING_EVENTS];
    if (slot === undefined) return;
    slot.seq = this.seq;
    slot.kind = kind;
    slot.values = values;
  }

  #publish(index: number, values: readonly (number | string)[]): void {
    const kind = EVENT_KINDS[index] as EventKind;
    const event: Record<string, unknown> = {
      seq: this.seq,
      t: this.#stamp.now,
      tid: this.#stamp.tid,
      kind,
    };
    const names = FIELD_NAMES[index] as readonly string[];
    for (let i = 0; i < names.length; i++) event[names[i] as string] = values[i];
    if (this.#kept[index] === 1) this.events.push(event as unknown as KernelEvent);
    this.#bus.emit(kind, event);
  }
}
