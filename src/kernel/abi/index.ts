/**
 * What guests can see: the numbers, layouts and names of the riscv64 Linux ABI. The folder imports
 * nothing but itself.
 */
export * from "./auxv.ts";
export * from "./bpf.ts";
export * from "./capability.ts";
export * from "./clone.ts";
export * from "./epoll.ts";
export * from "./errno.ts";
export * from "./errno-text.ts";
export * from "./fcntl.ts";
export * from "./futex.ts";
export * from "./mman.ts";
export * from "./module.ts";
export * from "./names.ts";
export * from "./poll.ts";
export * from "./prctl.ts";
export * from "./ptrace.ts";
export * from "./reboot.ts";
export * from "./resource.ts";
export * from "./restart.ts";
export * from "./rseq.ts";
export * from "./seccomp.ts";
export * from "./siginfo.ts";
export * from "./signal.ts";
export * from "./signal-numbers.ts";
export * from "./socket.ts";
export * from "./stat.ts";
export * from "./statfs.ts";
export * from "./struct.ts";
export * from "./syscalls.ts";
export * from "./sysinfo.ts";
export * from "./termios.ts";
export * from "./time.ts";
export * from "./utsname.ts";
export * from "./wait.ts";
