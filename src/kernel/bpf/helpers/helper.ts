/**
 * The shape of a helper: a row with Linux's number and name, what the verifier checks of its
 * arguments, and what it does.
 *
 * Source: enum bpf_func_id of include/uapi/linux/bpf.h, 6.16.
 */
import type { Kmem } from "../../kmem/kmem.ts";
import type { Task } from "../../task/task.ts";
import type { BpfMap } from "../maps/map.ts";
import type { HelperSignature } from "../verifier/signature.ts";

/** What helpers reach of the machine. */
export interface HelperHost {
  readonly memory: Kmem;
  /** The map whose struct is at `address`. */
  readonly mapAt: (address: number) => BpfMap;
  readonly currentTask: () => Task;
  readonly taskAddress: (task: Task) => number;
  readonly nowNs: () => number;
  /** 32 random bits. */
  readonly random: () => number;
}

/** Registers as halves: r1 is at 2, r0 at 0. */
export interface HelperRow extends HelperSignature {
  readonly run: (host: HelperHost, x: Int32Array) => void;
}

/** Indices of the argument registers. */
export const R1 = 2;
export const R2 = 4;
export const R3 = 6;
export const R4 = 8;

/** A 64-bit result from two halves. */
export function answerHalves(x: Int32Array, low: number, high: number): void {
  x[0] = low;
  x[1] = high;
}

/** A number, a negative errno among them. */
export const answer = (x: Int32Array, value: number): void =>
  answerHalves(x, value, Math.floor(value / 4294967296));
