/**
 * siginfo_t as strace prints it.
 *
 * Source: strace 6.1, printsiginfo.c.
 * Left out: si_value as a pointer for POSIX timers.
 */
import { constantsOf, type Siginfo, siginfoKind, signalName } from "#abi";
import { hexText } from "./symbols.ts";

/** Codes that belong to one signal, by the prefix of their names. */
const CODE_PREFIXES: Readonly<Record<string, string>> = {
  SIGILL: "ILL_",
  SIGFPE: "FPE_",
  SIGSEGV: "SEGV_",
  SIGBUS: "BUS_",
  SIGTRAP: "TRAP_",
  SIGCHLD: "CLD_",
  SIGIO: "POLL_",
  SIGSYS: "SYS_",
};

function codeName(info: Siginfo): string {
  const general = constantsOf("siginfo", "SI_").find(([, value]) => value === info.si_code);
  if (general !== undefined) return general[0];
  const prefix = CODE_PREFIXES[signalName(info.si_signo) ?? ""];
  const own =
    prefix === undefined
      ? undefined
      : constantsOf("siginfo", prefix).find(([, value]) => value === info.si_code);
  if (own !== undefined) return own[0];
  return info.si_code === 0x80 ? "SI_KERNEL" : hexText(info.si_code);
}

/** CLD_EXITED has an exit code, the other codes a signal. */
function childStatus(info: Siginfo): string {
  const status = info.si_status ?? 0;
  return codeName(info) === "CLD_EXITED" ? String(status) : (signalName(status) ?? String(status));
}

/** `{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12, ...}`. */
export function siginfoText(info: Siginfo): string {
  const parts = [
    `si_signo=${signalName(info.si_signo) ?? info.si_signo}`,
    `si_code=${codeName(info)}`,
  ];
  if (info.si_errno !== 0) parts.push(`si_errno=${info.si_errno}`);
  switch (siginfoKind(info.si_signo, info.si_code)) {
    case "kill":
      // The kernel itself sends SI_KERNEL; there is no sender to name.
      if (info.si_code !== 0x80 || info.si_pid !== 0) {
        parts.push(`si_pid=${info.si_pid}`, `si_uid=${info.si_uid}`);
      }
      break;
    case "rt":
      parts.push(`si_pid=${info.si_pid}`, `si_uid=${info.si_uid}`);
      if ((info.si_value ?? 0) !== 0)
        parts.push(`si_value={sival_int=${(info.si_value ?? 0) | 0}}`);
      break;
    case "chld":
      parts.push(
        `si_pid=${info.si_pid}`,
        `si_uid=${info.si_uid}`,
        `si_status=${childStatus(info)}`,
      );
      parts.push(`si_utime=${info.si_utime}`, `si_stime=${info.si_stime}`);
      break;
    case "fault":
      parts.push(`si_addr=${info.si_addr === 0 ? "NULL" : hexText(info.si_addr ?? 0)}`);
      break;
    case "timer":
      parts.push(`si_timerid=${hexText(info.si_tid ?? 0)}`, `si_overrun=${info.si_overrun}`);
      break;
    case "poll":
      parts.push(`si_band=${info.si_band}`, `si_fd=${info.si_fd}`);
      break;
    case "sys":
      parts.push(
        `si_call_addr=${hexText(info.si_call_addr ?? 0)}`,
        `si_syscall=${info.si_syscall}`,
      );
      break;
  }
  return `{${parts.join(", ")}}`;
}
