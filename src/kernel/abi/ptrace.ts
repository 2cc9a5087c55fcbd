/**
 * ptrace(2): requests, options, events, and the layouts that pass through it.
 *
 * Source: linux/ptrace.h, linux/elf.h, linux/audit.h and riscv's asm/ptrace.h of Linux 6.1. riscv64
 * has no PTRACE_GETREGS and no PEEKUSR area: registers go by PTRACE_GETREGSET and NT_PRSTATUS.
 */
export const PTRACE_TRACEME = 0;
export const PTRACE_PEEKTEXT = 1;
export const PTRACE_PEEKDATA = 2;
export const PTRACE_PEEKUSR = 3;
export const PTRACE_POKETEXT = 4;
export const PTRACE_POKEDATA = 5;
export const PTRACE_POKEUSR = 6;
export const PTRACE_CONT = 7;
export const PTRACE_KILL = 8;
export const PTRACE_SINGLESTEP = 9;
export const PTRACE_ATTACH = 16;
export const PTRACE_DETACH = 17;
export const PTRACE_SYSCALL = 24;
export const PTRACE_SETOPTIONS = 0x4200;
export const PTRACE_GETEVENTMSG = 0x4201;
export const PTRACE_GETSIGINFO = 0x4202;
export const PTRACE_SETSIGINFO = 0x4203;
export const PTRACE_GETREGSET = 0x4204;
export const PTRACE_SETREGSET = 0x4205;
export const PTRACE_SEIZE = 0x4206;
export const PTRACE_INTERRUPT = 0x4207;
export const PTRACE_LISTEN = 0x4208;
export const PTRACE_PEEKSIGINFO = 0x4209;
export const PTRACE_GETSIGMASK = 0x420a;
export const PTRACE_SETSIGMASK = 0x420b;
export const PTRACE_SECCOMP_GET_FILTER = 0x420c;
export const PTRACE_SECCOMP_GET_METADATA = 0x420d;
export const PTRACE_GET_SYSCALL_INFO = 0x420e;
export const PTRACE_GET_RSEQ_CONFIGURATION = 0x420f;

export const PTRACE_PEEKSIGINFO_SHARED = 1;
/** struct ptrace_rseq_configuration: pointer u64, size u32, signature u32, flags u32, padding. */
export const RSEQ_CONFIGURATION_SIZE_BYTES = 24;
/** struct seccomp_metadata: filter_off u64, flags u64. */
export const SECCOMP_METADATA_SIZE_BYTES = 16;
/** struct ptrace_peeksiginfo_args: off u64, flags u32, nr s32. */
export const PEEKSIGINFO_ARGS_SIZE_BYTES = 16;

export const PTRACE_O_TRACESYSGOOD = 0x1;
export const PTRACE_O_TRACEFORK = 0x2;
export const PTRACE_O_TRACEVFORK = 0x4;
export const PTRACE_O_TRACECLONE = 0x8;
export const PTRACE_O_TRACEEXEC = 0x10;
export const PTRACE_O_TRACEVFORKDONE = 0x20;
export const PTRACE_O_TRACEEXIT = 0x40;
export const PTRACE_O_TRACESECCOMP = 0x80;
export const PTRACE_O_EXITKILL = 0x100000;
export const PTRACE_O_SUSPEND_SECCOMP = 0x200000;
export const PTRACE_O_MASK = 0x3000ff;

export const PTRACE_EVENT_FORK = 1;
export const PTRACE_EVENT_VFORK = 2;
export const PTRACE_EVENT_CLONE = 3;
export const PTRACE_EVENT_EXEC = 4;
export const PTRACE_EVENT_VFORK_DONE = 5;
export const PTRACE_EVENT_EXIT = 6;
export const PTRACE_EVENT_SECCOMP = 7;
export const PTRACE_EVENT_STOP = 128;
export const PTRACE_EVENTMSG_SYSCALL_ENTRY = 1;
export const PTRACE_EVENTMSG_SYSCALL_EXIT = 2;

export const PTRACE_SYSCALL_INFO_NONE = 0;
export const PTRACE_SYSCALL_INFO_ENTRY = 1;
export const PTRACE_SYSCALL_INFO_EXIT = 2;
export const PTRACE_SYSCALL_INFO_SECCOMP = 3;

/** Or-ed into the stop signal at a syscall-stop under PTRACE_O_TRACESYSGOOD. */
export const PTRACE_SYSGOOD_BIT = 0x80;

export const NT_PRSTATUS = 1;
export const NT_PRFPREG = 2;
export const AUDIT_ARCH_RISCV64 = 0xc00000f3;

/** struct user_regs_struct: pc, then x1 to x31. */
export const USER_REGS_SIZE_BYTES = 256;

/**
 * struct ptrace_syscall_info. `args`, of an entry or seccomp stop, are six u64 at
 * `PTRACE_SYSCALL_INFO_ARGS_OFFSET`. The size that the request returns depends on `op`.
 */
export const PTRACE_SYSCALL_INFO_LAYOUTS = {
  none: {
    size: 24,
    fields: {
      op: [0, "u8"],
      arch: [4, "u32"],
      instruction_pointer: [8, "u64"],
      stack_pointer: [16, "u64"],
    },
  },
  entry: { size: 80, fields: { nr: [24, "u64"] } },
  exit: { size: 33, fields: { rval: [24, "s64"], is_error: [32, "u8"] } },
  seccomp: { size: 84, fields: { nr: [24, "u64"], ret_data: [80, "u32"] } },
} as const;
export const PTRACE_SYSCALL_INFO_ARGS_OFFSET = 32;
/** sizeof(struct ptrace_syscall_info). */
export const PTRACE_SYSCALL_INFO_SIZE_BYTES = 88;
