/**
 * Messages that a loop could repeat without end: so many in an interval, and no more.
 *
 * Source: lib/ratelimit.c, include/linux/ratelimit_types.h, 6.1. Left out: how many were suppressed.
 */

const INTERVAL_NS = 5_000_000_000;
const BURST = 10;

export class RateLimit {
  #begin = Number.NEGATIVE_INFINITY;
  #printed = 0;

  /** May it be said at `nowNs`? */
  allows(nowNs: number): boolean {
    if (nowNs - this.#begin > INTERVAL_NS) {
      this.#begin = nowNs;
      this.#printed = 0;
    }
    return this.#printed++ < BURST;
  }
}
