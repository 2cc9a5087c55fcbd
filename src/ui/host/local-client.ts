/**
 * A session in the caller's own thread: for tests, and for whoever would rather be blocked than
 * start a worker. Everything else is as in `worker-client.ts`.
 */

import { EventEmitter } from "eventemitter3";
import type { KernelEvent } from "#kernel";
import type { Command, Op, Reply, SessionClient, SessionSignals, SessionState } from "./client.ts";
import { Session, type SessionParts } from "./session.ts";

export class LocalClient implements SessionClient {
  readonly events: KernelEvent[] = [];
  readonly on: EventEmitter<SessionSignals> = new EventEmitter();
  readonly #session: Session;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: Omit<SessionParts, "publish" | "breathe">) {
    this.#session = new Session({
      ...parts,
      publish: (batch, state) => {
        for (const event of batch) this.events.push(event);
        if (batch.length > 0) this.on.emit("events", batch);
        this.on.emit("state", state);
      },
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  command<K extends Op>(command: Extract<Command, { readonly op: K }>): Promise<Reply<K>> {
    if (command.op === "key") return this.#session.handle(command) as Promise<Reply<K>>;
    const reply = this.#last.then(() => this.#session.handle(command));
    this.#last = reply;
    return reply as Promise<Reply<K>>;
  }

  abandon(): void {
    this.#session.abandon();
  }
}
