/**
 * Lines about things that are no system call.
 *
 * Source: strace 6.1, print_stopped(), print_exited() and print_signalled() of strace.c.
 */
import { signalName } from "#abi";
import { siginfoText } from "../kit/siginfo-text.ts";
import type { Stop } from "../kit/stop.ts";

export type EventStop = Extract<Stop, { kind: "signal" | "group-stop" | "exited" | "killed" }>;

export function eventText(stop: EventStop): string {
  if (stop.kind === "exited") return `+++ exited with ${stop.code} +++`;
  const name = signalName(stop.sig) ?? String(stop.sig);
  switch (stop.kind) {
    case "signal":
      return stop.info === null ? `--- ${name} ---` : `--- ${name} ${siginfoText(stop.info)} ---`;
    case "group-stop":
      return `--- stopped by ${name} ---`;
    case "killed":
      return `+++ killed by ${name}${stop.core ? " (core dumped)" : ""} +++`;
  }
}
