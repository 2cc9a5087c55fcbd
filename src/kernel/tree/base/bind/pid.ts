/**
 * struct pid and signal dispositions, as views of the core's.
 */
import type { BindApi } from "../../../kmem/bind-api.ts";
import type { Pid } from "../../../port/context.ts";
import type { SigAction } from "../../../signal/signal-types.ts";

export function bind({ bindStruct }: BindApi): void {
  bindStruct<Pid>("pid", {
    count: (p) => p.references,
    nr: (p) => p.nr,
  });
  bindStruct<SigAction>("k_sigaction", {
    sa_handler: {
      get: (a) => a.handler,
      set: (a, value: number) => {
        a.handler = value;
        return true;
      },
    },
    sa_flags: {
      get: (a) => a.flags,
      set: (a, value: number) => {
        a.flags = value;
        return true;
      },
    },
    sa_mask: {
      get: (a) => Number(BigInt.asIntN(64, a.mask)),
      set: (a, value: number) => {
        a.mask = BigInt.asUintN(64, BigInt(value));
        return true;
      },
    },
  });
}
