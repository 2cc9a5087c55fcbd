/** The ABI's numbers in words, for readers: unknown ones are shown raw. */
import * as abi from "#abi";

export const syscallName = (nr: number): string => abi.syscallName(nr) ?? `syscall ${nr}`;

export const signalName = (sig: number): string => abi.signalName(sig) ?? `signal ${sig}`;

/** A system call's result: `-ENOENT` for errors, hexadecimal for what looks like an address. */
export function resultText(ret: number): string {
  if (abi.isErrno(ret)) return `-${abi.errnoName(ret) ?? -ret}`;
  return argumentText(ret);
}

/** A system call's argument: hexadecimal for what looks like an address. */
export const argumentText = (value: number): string =>
  value >= 0x10000 ? `0x${value.toString(16)}` : String(value);

const SYSCALL_STOP = abi.SIGTRAP | 0x80;

/** A wait(2) status word in words. */
export function waitStatusText(status: number): string {
  if (abi.wifexited(status)) return `exited with ${abi.wexitstatus(status)}`;
  if (abi.wifsignaled(status)) {
    return `killed by ${signalName(abi.wtermsig(status))}${abi.wcoredump(status) ? " (core dumped)" : ""}`;
  }
  if (status === abi.WAIT_STATUS_CONTINUED) return "continued";
  const signal = (status >>> 8) & 0xff;
  const event = status >>> 16;
  if (signal === SYSCALL_STOP) return "system-call stop";
  const name = abi.constantName("ptrace", "PTRACE_EVENT_", event);
  if (event !== 0 && name !== undefined) return name;
  return `stopped by ${signalName(signal & 0x7f)}`;
}
