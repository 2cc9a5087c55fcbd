/**
 * Tracepoints: places in the kernel that anybody may hang a probe on.
 * After include/linux/tracepoint.h of 2.6.32, with the `data` argument that 2.6.35 gave probes.
 *
 * The macros DECLARE_TRACE and DEFINE_TRACE are written out in <trace/events/...> and beside the
 * code that fires the tracepoint. Left out: modules with tracepoints of their own; the probe array,
 * which is a list here.
 */
import { cstring, int, ptr, struct, voidp } from "linux/types";

/** One probe: `func` is called as func(data, ...what the tracepoint passes). */
export interface tracepoint_func extends struct<"tracepoint_func"> {
  func: voidp;
  data: voidp;
  next: ptr<tracepoint_func>;
}

export interface tracepoint extends struct<"tracepoint"> {
  name: cstring;
  /** Nonzero while it has probes. */
  state: int;
  regfunc: () => void;
  unregfunc: () => void;
  funcs: ptr<tracepoint_func>;
  next: ptr<tracepoint>;
}

/** Makes a tracepoint known by its name, at boot. */
export declare function tracepoint_add(tp: ptr<tracepoint>): void;

/** Hangs `probe` on the tracepoint called `name`. -EEXIST if it hangs there with `data` already. */
export declare function tracepoint_probe_register(name: cstring, probe: voidp, data: voidp): int;
export declare function tracepoint_probe_unregister(name: cstring, probe: voidp, data: voidp): int;

/** Waits until no probe is running that was unregistered before. */
export declare function tracepoint_synchronize_unregister(): void;
