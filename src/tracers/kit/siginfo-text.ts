/**
 * siginfo_t as strace prints it.
 *
 * Source: strace 6.1, printsiginfo.c.
 * Left out: bounds and protection keys of SIGSEGV, which nothing here sends.
 */
import {
  AUDIT_ARCH_RISCV64,
  constantsOf,
  errnoName,
  type Siginfo,
  siginfoKind,
  signalName,
  syscallName,
} from "#abi";
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

/** sigval, both ways: nothing says which is meant. */
const valueParts = (value: number): readonly string[] => [
  `si_int=${value | 0}`,
  `si_ptr=${value === 0 ? "NULL" : hexText(value)}`,
];

/** SIGSYS: the call that a filter did not let through. */
const refusedCallParts = (info: Siginfo): readonly string[] => [
  `si_call_addr=${hexText(info.si_call_addr ?? 0)}`,
  `si_syscall=__NR_${syscallName(info.si_syscall ?? -1) ?? info.si_syscall}`,
  info.si_arch === AUDIT_ARCH_RISCV64
    ? "si_arch=AUDIT_ARCH_RISCV64"
    : `si_arch=${hexText(info.si_arch ?? 0)}`,
];

const hexNumber = (value: number): string => (value === 0 ? "0" : hexText(value));

/** `{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12, ...}`. */
export function siginfoText(info: Siginfo): string {
  if (info.si_signo === 0) return "{}";
  const parts = [
    `si_signo=${signalName(info.si_signo) ?? info.si_signo}`,
    `si_code=${codeName(info)}`,
  ];
  if (info.si_errno !== 0) parts.push(`si_errno=${errnoName(info.si_errno) ?? info.si_errno}`);
  switch (siginfoKind(info.si_signo, info.si_code)) {
    case "kill":
      // The kernel itself sends SI_KERNEL; there is no sender to name.
      if (info.si_code !== 0x80 || info.si_pid !== 0) {
        parts.push(`si_pid=${info.si_pid}`, `si_uid=${info.si_uid}`);
      }
      break;
    case "rt":
      parts.push(`si_pid=${info.si_pid}`, `si_uid=${info.si_uid}`);
      if ((info.si_value ?? 0) !== 0) parts.push(...valueParts(info.si_value ?? 0));
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
      parts.push(`si_timerid=${hexNumber(info.si_tid ?? 0)}`, `si_overrun=${info.si_overrun}`);
      parts.push(...valueParts(info.si_value ?? 0));
      break;
    case "poll":
      parts.push(`si_band=${info.si_band}`, `si_fd=${info.si_fd}`);
      break;
    case "sys":
      parts.push(...refusedCallParts(info));
      break;
  }
  return `{${parts.join(", ")}}`;
}
